#!/usr/bin/env bash
# What:     one NaN makes an OpenTelemetry counter for Node.js NaN for good, and in OTLP's JSON it is null. The counter for Java
#           leaves NaN out and goes on. Both refuse negative values with a warning.
# Version:  @opentelemetry/sdk-metrics 2.12.1 and otlp-transformer 0.223.1 (npm); io.opentelemetry:opentelemetry-sdk-metrics
#           1.45.0 (Maven Central).
# Surprise: the same interface, and in Node.js too a histogram does leave NaN out. JSON has no NaN; protobuf's rules have the text
#           "NaN" for it, and null there means that the field is not set: the reader has a point without a value.
# Who:      counters of seconds or of work, fed with differences: undefined - x is NaN, once, at the start.
# Instead:  if (Number.isFinite(x)) before add.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . @opentelemetry/api@1.9.1 @opentelemetry/otlp-transformer@0.223.1 \
    @opentelemetry/sdk-metrics@2.12.1 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>io.opentelemetry</groupId><artifactId>opentelemetry-sdk-metrics</artifactId><version>1.45.0</version>
  </dependency></dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
echo "version: @opentelemetry/sdk-metrics 2.12.1, io.opentelemetry:opentelemetry-sdk-metrics 1.45.0"

cat > count.js <<'JS'
const { MeterProvider, MetricReader } = require('@opentelemetry/sdk-metrics');
const { JsonMetricsSerializer } = require('@opentelemetry/otlp-transformer');
class Reader extends MetricReader {
  async onShutdown() {}
  async onForceFlush() {}
}
const reader = new Reader();
const meter = new MeterProvider({ readers: [reader] }).getMeter('finding');
const counter = meter.createCounter('waited', { unit: 's' });
const histogram = meter.createHistogram('waits', { unit: 's' });
for (const value of [1, NaN, 2]) {
  counter.add(value);
  histogram.record(value);
}
reader.collect().then(({ resourceMetrics }) => {
  const [sum, waits] = resourceMetrics.scopeMetrics[0].metrics.map(metric => metric.dataPoints[0].value);
  const json = new TextDecoder().decode(JsonMetricsSerializer.serializeRequest(resourceMetrics));
  console.log(`JS   counter ${sum}, in JSON ${json.match(/"asDouble":([^,}]+)/)[1]}; histogram's sum ${waits.sum}`);
});
JS
cat > Count.java <<'JAVA'
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;

public class Count {
    static class Reader implements MetricReader {
        CollectionRegistration source;

        @Override
        public void register(CollectionRegistration registration) {
            source = registration;
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    public static void main(String[] none) {
        Reader reader = new Reader();
        var meter = SdkMeterProvider.builder().registerMetricReader(reader).build().get("finding");
        var counter = meter.counterBuilder("waited").ofDoubles().build();
        var histogram = meter.histogramBuilder("waits").build();
        for (double value : new double[] {1, Double.NaN, 2}) {
            counter.add(value);
            histogram.record(value);
        }
        double sum = 0;
        double waits = 0;
        for (var metric : reader.source.collectAllMetrics()) {
            if (metric.getName().equals("waited")) {
                sum = metric.getDoubleSumData().getPoints().iterator().next().getValue();
            } else {
                waits = metric.getHistogramData().getPoints().iterator().next().getSum();
            }
        }
        System.out.println("Java counter " + sum + "; histogram's sum " + waits);
    }
}
JAVA
{ node count.js; java -cp 'lib/*' Count.java; } > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: 3 everywhere, or an error"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
JS   counter NaN, in JSON null; histogram's sum 3
Java counter 3.0; histogram's sum 3.0
SEEN
