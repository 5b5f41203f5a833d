#!/usr/bin/env bash
# What:     Micrometer's Prometheus registry takes some endings of a name for its own: a gauge named disk.info is 1, whatever its
#           value; tasks.created, leaky.bucket and retries.total lose their last word. Of two counters whose names differ in a
#           dot and an underscore, a.b and a_b, only the later is exported.
# Version:  io.micrometer:micrometer-registry-prometheus 1.14.2 (Maven Central).
# Surprise: other words that Prometheus itself appends (count, sum, max) stay, and the value of no other gauge changes. Nothing
#           is logged or thrown; the registry itself still has the right value under the right name.
# Who:      those who name gauges freely, or move to this version: dashboards show 1, or ask for names that are no longer there.
# Instead:  other words at the end (disk.state, tasks.new); a test that scrapes once.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>io.micrometer</groupId><artifactId>micrometer-registry-prometheus</artifactId><version>1.14.2</version>
  </dependency></dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
echo "version: io.micrometer:micrometer-registry-prometheus 1.14.2"

cat > Names.java <<'JAVA'
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

public class Names {
    public static void main(String[] none) {
        for (String name : List.of("disk.info", "tasks.created", "leaky.bucket", "retries.total", "requests.count", "bytes.sum")) {
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Gauge.builder(name, () -> 7).register(registry);
            show("gauge " + name + " of " + registry.get(name).gauge().value(), registry);
        }
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Counter.builder("a.b").register(registry).increment(3);
        Counter.builder("a_b").register(registry).increment(4);
        show("counters a.b of 3.0 and a_b of 4.0", registry);
    }

    private static void show(String what, PrometheusMeterRegistry registry) {
        var lines = registry.scrape().lines().filter(line -> !line.startsWith("#")).toList();
        System.out.println(what + ": " + String.join(", ", lines));
    }
}
JAVA
java -cp 'lib/*' Names.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: the name with underscores, and the value 7.0, for each gauge; an error, or both counters"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
gauge disk.info of 7.0: disk_info 1
gauge tasks.created of 7.0: tasks 7.0
gauge leaky.bucket of 7.0: leaky 7.0
gauge retries.total of 7.0: retries 7.0
gauge requests.count of 7.0: requests_count 7.0
gauge bytes.sum of 7.0: bytes_sum 7.0
counters a.b of 3.0 and a_b of 4.0: a_b_total 4.0
SEEN
