#!/usr/bin/env bash
# What:     the OTLP exporter for Node.js writes each whole number as intValue in JSON, 1e20 too, which no 64-bit integer holds. A
#           reader by protobuf's own rules (JsonFormat in Java) refuses the whole request. As protobuf the same package sends
#           a double, and Java reads it.
# Version:  @opentelemetry/otlp-transformer 0.223.1 (npm); io.opentelemetry.proto:opentelemetry-proto 1.4.0-alpha with
#           protobuf-java-util 4.28.3 (Maven Central).
# Surprise: both forms come from one package and one span. One attribute, of one span, costs the batch of all spans; whether it
#           does depends on the value, not on its type: 1e20 + 0.5 is the same number, 0.5 is a double.
# Who:      those who attach computed figures to spans (products, estimates, 1e300 for "no limit") and send JSON.
# Instead:  send protobuf, or such figures as texts.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . @opentelemetry/api@1.9.1 @opentelemetry/otlp-transformer@0.223.1 \
    @opentelemetry/sdk-trace-base@2.12.1 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>io.opentelemetry.proto</groupId><artifactId>opentelemetry-proto</artifactId><version>1.4.0-alpha</version>
  </dependency><dependency>
    <groupId>com.google.protobuf</groupId><artifactId>protobuf-java-util</artifactId><version>4.28.3</version>
  </dependency></dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
echo "version: @opentelemetry/otlp-transformer 0.223.1, opentelemetry-proto 1.4.0-alpha, protobuf-java-util 4.28.3"

cat > write.js <<'JS'
const fs = require('fs');
const { JsonTraceSerializer, ProtobufTraceSerializer } = require('@opentelemetry/otlp-transformer');
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
for (const [name, limit] of [['small', 1e15], ['large', 1e20]]) {
  const exporter = new InMemorySpanExporter();
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer('finding');
  tracer.startSpan('wait', { attributes: { limit } }).end();
  const spans = exporter.getFinishedSpans();
  fs.writeFileSync(`${name}.json`, JsonTraceSerializer.serializeRequest(spans));
  fs.writeFileSync(`${name}.pb`, ProtobufTraceSerializer.serializeRequest(spans));
}
JS
cat > Read.java <<'JAVA'
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Files;
import java.nio.file.Path;

public class Read {
    public static void main(String[] names) throws Exception {
        for (String name : names) {
            String json;
            try {
                var request = ExportTraceServiceRequest.newBuilder();
                JsonFormat.parser().merge(Files.readString(Path.of(name + ".json")), request);
                json = value(request.build());
            } catch (InvalidProtocolBufferException refused) {
                json = "refused (" + refused.getMessage() + ")";
            }
            var sent = ExportTraceServiceRequest.parseFrom(Files.readAllBytes(Path.of(name + ".pb")));
            System.out.println(name + ": protobuf " + value(sent) + ", JSON " + json);
        }
    }

    private static String value(ExportTraceServiceRequest request) {
        return request.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributes(0).getValue().toString().strip();
    }
}
JAVA
node write.js
java -cp 'lib/*' Read.java small large > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: one value from both forms"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
small: protobuf int_value: 1000000000000000, JSON int_value: 1000000000000000
large: protobuf double_value: 1.0E20, JSON refused (Not an int64 value: 100000000000000000000)
SEEN
