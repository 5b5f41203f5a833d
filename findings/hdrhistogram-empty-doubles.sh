#!/usr/bin/env bash
# What:     the maximum of an empty DoubleHistogram is 5.2e238: of a new one, after reset(), and of an interval in which nothing was
#           recorded. A log of such intervals has a maximum of 233 digits. An empty Histogram's maximum is 0.
# Version:  org.hdrhistogram:HdrHistogram 2.2.2 (Maven Central).
# Surprise: minimum, mean and percentiles of the same empty histogram are 0, and so is the maximum in its printed distribution.
#           The range of a DoubleHistogram starts somewhere around there and moves to the first value.
# Who:      those who record seconds or ratios as doubles and take the maximum over intervals, some of which are idle; charts
#           whose axis grows to 5e238.
# Instead:  ask getTotalCount() first, or getValueAtPercentile(100).
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=org.hdrhistogram:HdrHistogram:2.2.2 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: org.hdrhistogram:HdrHistogram 2.2.2"

cat > Idle.java <<'JAVA'
import java.io.ByteArrayOutputStream;
import org.HdrHistogram.DoubleHistogram;
import org.HdrHistogram.DoubleRecorder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

public class Idle {
    public static void main(String[] none) {
        System.out.println("Histogram, new: " + new Histogram(2).getMaxValue());
        DoubleHistogram histogram = new DoubleHistogram(2);
        show("new", histogram);
        histogram.recordValue(1);
        histogram.reset();
        show("after reset", histogram);
        DoubleRecorder recorder = new DoubleRecorder(2);
        recorder.recordValue(1);
        recorder.getIntervalHistogram();
        DoubleHistogram idle = recorder.getIntervalHistogram();
        show("idle interval", idle);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        new HistogramLogWriter(log).outputIntervalHistogram(0, 1, idle);
        System.out.println("length of the maximum in a log: " + log.toString().split(",")[2].length());
    }

    private static void show(String name, DoubleHistogram histogram) {
        System.out.printf("DoubleHistogram, %s: %.1e, p100 %.0f%n", name, histogram.getMaxValue(),
                histogram.getValueAtPercentile(100));
    }
}
JAVA
java -cp HdrHistogram-2.2.2.jar Idle.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: 0, as the maximum of nothing, in all"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
Histogram, new: 0
DoubleHistogram, new: 5.2e+238, p100 0
DoubleHistogram, after reset: 5.2e+238, p100 0
DoubleHistogram, idle interval: 5.2e+238, p100 0
length of the maximum in a log: 237
SEEN
