#!/usr/bin/env bash
# What:     DDSketch counts a NaN as a 0, in Java and in JavaScript, without an error. Of 10, 20 and 30 with ten NaNs the median is
#           0. The sum differs: Java leaves NaN out of it, JavaScript's is NaN from then on.
# Version:  com.datadoghq:sketches-java 0.8.3 (Maven Central), @datadog/sketches-js 2.1.1 (npm).
# Surprise: values outside the range (infinity) are refused in Java, and other libraries ignore or refuse NaN (t-digest throws).
#           It is neither below nor above the least value that can be indexed, so it falls into the bucket for zero.
# Who:      those who record ratios: 0.0 / 0 of an interval in which nothing happened becomes a perfect 0.
# Instead:  test with isNaN before accept.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=com.datadoghq:sketches-java:0.8.3 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
npm install --silent --no-audit --no-fund --prefix . @datadog/sketches-js@2.1.1 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
echo "version: com.datadoghq:sketches-java 0.8.3, @datadog/sketches-js 2.1.1"

cat > Nan.java <<'JAVA'
import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;

public class Nan {
    public static void main(String[] none) {
        DDSketch sketch = DDSketches.unboundedDense(0.01);
        for (double value : new double[] {10, 20, 30}) {
            sketch.accept(value);
        }
        show(sketch);
        for (int i = 0; i < 10; i++) {
            sketch.accept(Double.NaN);
        }
        show(sketch);
    }

    private static void show(DDSketch sketch) {
        System.out.printf("Java count %.0f, median %.0f, sum %.0f%n", sketch.getCount(), sketch.getValueAtQuantile(0.5),
                sketch.getSum());
    }
}
JAVA
cat > nan.js <<'JS'
const { DDSketch } = require('@datadog/sketches-js');
const sketch = new DDSketch({ relativeAccuracy: 0.01 });
const show = () =>
  console.log(`JS   count ${sketch.count}, median ${sketch.getValueAtQuantile(0.5).toFixed(0)}, sum ${sketch.sum.toFixed(0)}`);
for (const value of [10, 20, 30]) sketch.accept(value);
show();
for (let i = 0; i < 10; i++) sketch.accept(NaN);
show();
JS
{ java -cp sketches-java-0.8.3.jar Nan.java; node nan.js; } > seen.txt
echo "expected: an error, or a count of 3 and a median of 20 after the NaNs too"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
Java count 3, median 20, sum 60
Java count 13, median 0, sum 60
JS   count 3, median 20, sum 60
JS   count 13, median 0, sum NaN
SEEN
