#!/usr/bin/env bash
# What:     JMH's JSON has numbers as numbers and the missing ones as the text "NaN": with one iteration "scoreError" is a string,
#           and the confidence interval an array of strings.
# Version:  org.openjdk.jmh:jmh-core 1.37 (Maven Central).
# Surprise: JSON has null for this, and most fields would be absent otherwise. The type of a field depends on how many iterations
#           were asked for: a reader that was written with five fails, or reads 0, with one.
# Who:      those who compare results over time, and try it with a quick run; a reader with types (Java, Go) or with sums.
# Instead:  take "NaN" into account for scoreError, scoreConfidence and percentiles.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs a JDK 17, Maven and python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>org.openjdk.jmh</groupId><artifactId>jmh-generator-annprocess</artifactId><version>1.37</version>
  </dependency></dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
echo "version: org.openjdk.jmh:jmh-core 1.37"

mkdir -p finding classes
cat > finding/Empty.java <<'JAVA'
package finding;

import org.openjdk.jmh.annotations.Benchmark;

public class Empty {
    @Benchmark
    public int nothing() {
        return 1;
    }
}
JAVA
javac -cp 'lib/*' -proc:full -d classes finding/Empty.java 2> compile.txt \
    || javac -cp 'lib/*' -d classes finding/Empty.java 2> compile.txt || { cat compile.txt >&2; exit 1; }
for iterations in 1 3; do
    java -cp 'classes:lib/*' org.openjdk.jmh.Main -f 1 -wi 0 -i $iterations -r 100ms -rf json -rff $iterations.json > run.txt 2>&1 \
        || { cat run.txt >&2; exit 1; }
done
python3 - > seen.txt <<'PYTHON'
import json

for iterations in (1, 3):
    metric = json.load(open(f"{iterations}.json"))[0]["primaryMetric"]
    error = metric["scoreError"]
    print(f"{iterations} iteration(s): score {type(metric['score']).__name__}, scoreError {type(error).__name__}",
          f"{error}," if isinstance(error, str) else "a number,", "confidence",
          " ".join(type(end).__name__ for end in metric["scoreConfidence"]))
PYTHON
echo "expected: numbers, or null"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
1 iteration(s): score float, scoreError str NaN, confidence str str
3 iteration(s): score float, scoreError float a number, confidence float float
SEEN
