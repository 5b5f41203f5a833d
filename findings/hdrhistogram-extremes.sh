#!/usr/bin/env bash
# What:     the greatest value of an HdrHistogram can exceed every value recorded, and the least lie below all of them. The
#           Java library rounds to the ends of the bucket always; hdr-histogram-js keeps the true maximum until the histogram
#           has been encoded and decoded, then rounds too. So its getValueAtPercentile(100) can be above its own maxValue.
# Version:  org.hdrhistogram:HdrHistogram 2.2.2 (Maven Central) and hdr-histogram-js 3.0.1 (npm).
# Surprise: minimum and maximum are usually kept beside the buckets, exactly. With 2 digits a wait of 1,000,000 ns is
#           reported as 1,003,519: longer than the program ran, or above a limit that nothing exceeded.
# Who:      those who compare the maximum with a timeout or with another tool's, or assert it in a test; those who see a
#           maximum grow between the process that recorded it and the one that reads its log.
# Instead:  keep minimum and maximum beside the histogram; compare with highestEquivalentValue of the expected value.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=org.hdrhistogram:HdrHistogram:2.2.2 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
npm install --silent --no-audit --no-fund --prefix . hdr-histogram-js@3.0.1 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
echo "version: org.hdrhistogram:HdrHistogram 2.2.2, hdr-histogram-js 3.0.1"

cat > Extremes.java <<'JAVA'
import org.HdrHistogram.Histogram;

public class Extremes {
    public static void main(String[] none) {
        Histogram histogram = new Histogram(2);
        histogram.recordValue(1_000_000);
        System.out.println("Java        min " + histogram.getMinValue() + ", max " + histogram.getMaxValue()
                + ", p100 " + histogram.getValueAtPercentile(100));
    }
}
JAVA
cat > extremes.js <<'JS'
const hdr = require('hdr-histogram-js');
const show = (name, h) => console.log(`${name} min ${h.minNonZeroValue}, max ${h.maxValue}, p100 ${h.getValueAtPercentile(100)}`);
const histogram = hdr.build({ numberOfSignificantValueDigits: 2 });
histogram.recordValue(1000000);
show('JS recorded', histogram);
show('JS decoded ', hdr.decodeFromCompressedBase64(hdr.encodeIntoCompressedBase64(histogram)));
JS
java -cp HdrHistogram-2.2.2.jar Extremes.java > seen.txt
node extremes.js >> seen.txt
echo "expected: one value recorded, 1000000, is the least and the greatest everywhere"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
Java        min 999424, max 1003519, p100 1003519
JS recorded min 1000000, max 1000000, p100 1003519
JS decoded  min 999424, max 1003519, p100 1003519
SEEN
