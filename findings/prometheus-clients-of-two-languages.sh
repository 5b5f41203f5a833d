#!/usr/bin/env bash
# What:     the same metrics from the Prometheus clients for Java and for Node.js differ in text: a bucket's label is le="1.0" in
#           one and le="1" in the other, and a quantile of which nothing was observed is NaN in one and 0 in the other.
# Version:  io.prometheus:prometheus-metrics-core 1.3.5 (Maven Central), prom-client 15.1.3 (npm).
# Surprise: labels are compared as texts: sum by (le) over services of both languages keeps two sets of buckets, and a quantile of
#           that sum is that of neither. And an idle service has a p99 of 0 s, the best of all, where NaN draws no line.
# Who:      whoever aggregates over services, or alerts and ranks by a quantile.
# Instead:  bounds that are no whole numbers and of few digits (0.5, 1.5) are equal in both; leave out quantiles with count 0.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . prom-client@15.1.3 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
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
fetch io.prometheus:prometheus-metrics-exposition-textformats:1.3.5
echo "version: io.prometheus:prometheus-metrics-core 1.3.5, prom-client 15.1.3"

cat > both.js <<'JS'
const { Histogram, Summary, register } = require('prom-client');
new Histogram({ name: 'wait_seconds', help: 'waits', buckets: [0.00001, 0.5, 1] }).observe(0.7);
new Summary({ name: 'idle_seconds', help: 'idle', percentiles: [0.99] });
register.metrics().then(text => console.log(text));
JS
cat > Both.java <<'JAVA'
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

public class Both {
    public static void main(String[] none) throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        Histogram.builder().name("wait_seconds").help("waits").classicOnly().classicUpperBounds(0.00001, 0.5, 1)
                .register(registry).observe(0.7);
        Summary.builder().name("idle_seconds").help("idle").quantile(0.99).register(registry);
        new PrometheusTextFormatWriter(false).write(System.out, registry.scrape());
    }
}
JAVA
lines() { grep -E '_bucket|quantile' | sort | sed "s/^/$1 /"; }
{ node both.js | lines JS; java -cp 'lib/*' Both.java | lines Java; } > seen.txt
echo "expected: the same lines from both"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
JS idle_seconds{quantile="0.99"} 0
JS wait_seconds_bucket{le="+Inf"} 1
JS wait_seconds_bucket{le="0.00001"} 0
JS wait_seconds_bucket{le="0.5"} 0
JS wait_seconds_bucket{le="1"} 1
Java idle_seconds{quantile="0.99"} NaN
Java wait_seconds_bucket{le="+Inf"} 1
Java wait_seconds_bucket{le="0.5"} 0
Java wait_seconds_bucket{le="1.0"} 1
Java wait_seconds_bucket{le="1.0E-5"} 0
SEEN
