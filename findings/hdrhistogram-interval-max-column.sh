#!/usr/bin/env bash
# What:     the Interval_Max column of an HdrHistogram log is the maximum divided by 1,000,000 when the Java library writes
#           it and divided by 1,000 when hdr-histogram-js does. Format version, legend and the coded histogram are the same.
# Version:  org.hdrhistogram:HdrHistogram 2.2.2 (Maven Central) and hdr-histogram-js 3.0.1 (npm).
# Surprise: the column has no unit and looks like the value recorded. Both libraries read back the true value, since they
#           ignore the column; plotters, awk and people do not.
# Who:      a service in Java and one in Node.js whose logs go to one dashboard; tools that log microseconds or sizes.
# Instead:  take the maximum from the decoded histogram, or give both writers the ratio (Java: the argument of
#           outputIntervalHistogram(start, end, histogram, ratio); JS: the second argument of outputIntervalHistogram).
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

cat > Write.java <<'JAVA'
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

public class Write {
    public static void main(String[] none) {
        HistogramLogWriter log = new HistogramLogWriter(System.out);
        log.outputLogFormatVersion();
        log.outputLegend();
        Histogram histogram = new Histogram(3);
        histogram.recordValue(2_048_000_000L);
        histogram.setStartTimeStamp(1000);
        histogram.setEndTimeStamp(2000);
        log.outputIntervalHistogram(histogram);
    }
}
JAVA
cat > write.js <<'JS'
const hdr = require('hdr-histogram-js');
const log = new hdr.HistogramLogWriter(text => process.stdout.write(text));
log.outputLogFormatVersion();
log.outputLegend();
const histogram = hdr.build({ numberOfSignificantValueDigits: 3 });
histogram.recordValue(2048000000);
histogram.startTimeStampMsec = 1000;
histogram.endTimeStampMsec = 2000;
log.outputIntervalHistogram(histogram);
JS
cat > read.js <<'JS'
const hdr = require('hdr-histogram-js');
const reader = new hdr.HistogramLogReader(require('fs').readFileSync(process.argv[2], 'utf8'));
console.log(reader.nextIntervalHistogram().getValueAtPercentile(100));
JS
java -cp HdrHistogram-2.2.2.jar Write.java > java.hlog
node write.js > js.hlog
column() { grep '^1\.000,' "$1" | cut -d , -f 3; }
version() { grep -o "log format version [0-9.]*" "$1"; }
decoded="$(node read.js java.hlog) $(node read.js js.hlog)"
echo "expected: the same Interval_Max for the same value in logs of the same format"
echo "seen:     Java $(column java.hlog) ($(version java.hlog)), JS $(column js.hlog) ($(version js.hlog))"
echo "          decoded: $decoded"
[[ $(column java.hlog) == 2048.* && $(column js.hlog) == 2048???.* && $(version java.hlog) == "$(version js.hlog)" \
    && ${decoded% *} == "${decoded#* }" ]] || { echo "changed"; exit 1; }
