#!/usr/bin/env bash
# What:     prom-client's Summary draws straight lines between the distinct values it has seen. Of 90 waits of 0 s and 10 of
#           1 s it reports 0.10 s as the median and 0.80 s as the quantile 0.85, where all but ten were 0. The Java client
#           reports 0 for both.
# Version:  prom-client 15.1.3 with tdigest 0.1.2 (npm); io.prometheus:prometheus-metrics-core 1.3.5 (Maven Central).
# Surprise: a hundred values are few enough to be exact. The digest under it makes equal values one point with a weight and
#           interpolates between the points, so that it is the further off, the fewer distinct values there are: nothing ever
#           took between 0 and 1 s.
# Who:      services whose waits are mostly 0 or round figures (whole milliseconds); whoever compares services in two languages.
# Instead:  a Histogram with buckets, or values with some digits behind the point.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . prom-client@15.1.3 tdigest@0.1.2 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
fetch() { # group:artifact:version, with what it depends on, into lib
    IFS=: read -r group artifact version <<< "$1"
    cat > pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version>
  </dependency></dependencies></project>
POM
    mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
}
fetch io.prometheus:prometheus-metrics-core:1.3.5
echo "version: prom-client 15.1.3, io.prometheus:prometheus-metrics-core 1.3.5"

cat > summary.js <<'JS'
const { Summary } = require('prom-client');
const wait = new Summary({ name: 'wait_seconds', help: 'waits', percentiles: [0.5, 0.85, 0.95] });
for (let i = 0; i < 100; i++) wait.observe(i % 10 === 9 ? 1 : 0);
wait.get().then(({ values }) => {
  for (const { labels, value } of values) if (labels.quantile) console.log(`JS   ${labels.quantile} ${value.toFixed(2)}`);
});
JS
cat > Waits.java <<'JAVA'
import io.prometheus.metrics.core.metrics.Summary;

public class Waits {
    public static void main(String[] none) {
        Summary wait = Summary.builder().name("wait_seconds").help("waits")
                .quantile(0.5).quantile(0.85).quantile(0.95).build();
        for (int i = 0; i < 100; i++) {
            wait.observe(i % 10 == 9 ? 1 : 0);
        }
        wait.collect().getDataPoints().get(0).getQuantiles()
                .forEach(q -> System.out.printf("Java %s %.2f%n", q.getQuantile(), q.getValue()));
    }
}
JAVA
{ node summary.js; java -cp 'lib/*' Waits.java; } > seen.txt
echo "expected: 0 for the quantiles 0.5 and 0.85, and 1 for 0.95, in both languages"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
JS   0.5 0.10
JS   0.85 0.80
JS   0.95 1.00
Java 0.5 0.00
Java 0.85 0.00
Java 0.95 1.00
SEEN
