#!/usr/bin/env bash
# What:     the Prometheus client for Node.js takes a histogram's bounds in the order given and adds counts up in that order. With
#           10, 1 and 5 a value of 3 is counted as at most 1. The Java client sorts the bounds.
# Version:  prom-client 15.1.3 (npm), io.prometheus:prometheus-metrics-core 1.3.5 (Maven Central).
# Surprise: a bound that cannot be used is refused elsewhere, and Java accepts the same list. Sum and count are right; the buckets
#           are no cumulative histogram, and quantiles computed from them are too small, without an error anywhere.
# Who:      those who put bounds together from settings, or append one for a limit of their own.
# Instead:  sort them first: buckets.sort((a, b) => a - b).
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . prom-client@15.1.3 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>io.prometheus</groupId><artifactId>prometheus-metrics-core</artifactId><version>1.3.5</version>
  </dependency></dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
echo "version: prom-client 15.1.3, io.prometheus:prometheus-metrics-core 1.3.5"

cat > buckets.js <<'JS'
const { Histogram } = require('prom-client');
const waits = new Histogram({ name: 'wait_seconds', help: 'waits', buckets: [10, 1, 5] });
waits.observe(3);
waits.get().then(({ values }) => {
  const buckets = values.filter(({ metricName }) => metricName.endsWith('_bucket'));
  console.log('JS:   ' + buckets.map(({ labels, value }) => `${labels.le}: ${value}`).join(', '));
});
JS
cat > Buckets.java <<'JAVA'
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.ArrayList;

public class Buckets {
    public static void main(String[] none) {
        Histogram waits = Histogram.builder().name("wait_seconds").help("waits").classicOnly().classicUpperBounds(10, 1, 5).build();
        waits.observe(3);
        long atMost = 0;
        var seen = new ArrayList<String>();
        for (var bucket : waits.collect().getDataPoints().get(0).getClassicBuckets()) {
            atMost += bucket.getCount();
            seen.add(Double.toString(bucket.getUpperBound()).replace(".0", "").replace("Infinity", "+Inf") + ": " + atMost);
        }
        System.out.println("Java: " + String.join(", ", seen));
    }
}
JAVA
node buckets.js > seen.txt
java -cp 'lib/*' Buckets.java >> seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: no value at most 1, one at most 5 and 10, from both"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
JS:   10: 1, 1: 1, 5: 1, +Inf: 1
Java: 1: 0, 5: 1, 10: 1, +Inf: 1
SEEN
