#!/usr/bin/env bash
# What:     with bitBucketSize 16, hdr-histogram-js lets a bucket's count run over at 65536: totalCount stays right, the
#           percentiles become 0, the mean throws, and the coded histogram holds what is left. Java's ShortCountsHistogram
#           refuses the value that would overflow instead.
# Version:  hdr-histogram-js 3.0.1 (npm) and org.hdrhistogram:HdrHistogram 2.2.2 (Maven Central).
# Surprise: the option reads like a saving of memory, the total looks healthy, and short tests never get there. The p99 of a
#           busy service is then shown as 0, the best there can be.
# Who:      those who keep many histograms (per call, per edge) with small counters: one common value is enough.
# Instead:  the default of 32 bits, or 'packed', which grows as needed; in Java PackedHistogram.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=org.hdrhistogram:HdrHistogram:2.2.2 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
npm install --silent --no-audit --no-fund --prefix . hdr-histogram-js@3.0.1 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
echo "version: hdr-histogram-js 3.0.1, org.hdrhistogram:HdrHistogram 2.2.2"

cat > Counts.java <<'JAVA'
import org.HdrHistogram.ShortCountsHistogram;

public class Counts {
    public static void main(String[] none) {
        ShortCountsHistogram histogram = new ShortCountsHistogram(3);
        try {
            for (int i = 0; i < 70_000; i++) {
                histogram.recordValue(10);
            }
            System.out.println("Java 16 bits: total " + histogram.getTotalCount());
        } catch (IllegalStateException e) {
            System.out.println("Java 16 bits: refused after " + histogram.getTotalCount());
        }
    }
}
JAVA
cat > counts.js <<'JS'
const hdr = require('hdr-histogram-js');
const attempt = ask => { try { return ask(); } catch (e) { return 'throws'; } };
for (const bitBucketSize of [16, 32, 'packed']) {
  const h = hdr.build({ bitBucketSize });
  for (let i = 0; i < 70000; i++) h.recordValue(10);
  const mean = attempt(() => h.mean.toFixed(1));
  const decoded = hdr.decodeFromCompressedBase64(hdr.encodeIntoCompressedBase64(h));
  console.log(`JS ${bitBucketSize}: total ${h.totalCount}, p99 ${h.getValueAtPercentile(99)}, mean ${mean}, `
    + `decoded total ${decoded.totalCount}`);
}
JS
java -cp HdrHistogram-2.2.2.jar Counts.java > seen.txt
node counts.js >> seen.txt
echo "expected: 70000 times the value 10 gives a total of 70000, p99 and mean 10, or an error when recording"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
Java 16 bits: refused after 32767
JS 16: total 70000, p99 0, mean throws, decoded total 4464
JS 32: total 70000, p99 10, mean 10.0, decoded total 70000
JS packed: total 70000, p99 10, mean 10.0, decoded total 70000
SEEN
