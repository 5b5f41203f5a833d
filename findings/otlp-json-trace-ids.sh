#!/usr/bin/env bash
# What:     Java's JsonFormat, with the classes made from OTLP's own definition, reads the ids in OTLP's JSON wrongly and without an
#           error: a trace id of 16 bytes becomes one of 24.
# Version:  @opentelemetry/otlp-transformer 0.223.1 (npm); io.opentelemetry.proto:opentelemetry-proto 1.4.0-alpha with
#           protobuf-java-util 4.28.3 (Maven Central).
# Surprise: JsonFormat is the reader for such classes, and times, names and attributes come out right. By protobuf's rules bytes are
#           base64 in JSON; OTLP makes an exception for ids, in hexadecimal digits, which are all valid base64.
# Who:      those who read or store OTLP/JSON by generated classes, in any language: spans keep their relations to each other,
#           and match nothing that came another way.
# Instead:  replace the ids before parsing, or encode what was read as base64 again: that text is the id.
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
const exporter = new InMemorySpanExporter();
const idGenerator = { generateTraceId: () => '0123456789abcdef0123456789abcdef', generateSpanId: () => '0123456789abcdef' };
const provider = new BasicTracerProvider({ idGenerator, spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.getTracer('finding').startSpan('wait').end();
fs.writeFileSync('spans.json', JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans()));
fs.writeFileSync('spans.pb', ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans()));
JS
cat > Read.java <<'JAVA'
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

public class Read {
    public static void main(String[] none) throws Exception {
        var request = ExportTraceServiceRequest.newBuilder();
        JsonFormat.parser().merge(Files.readString(Path.of("spans.json")), request);
        show("protobuf", ExportTraceServiceRequest.parseFrom(Files.readAllBytes(Path.of("spans.pb"))));
        show("JSON", request.build());
    }

    private static void show(String form, ExportTraceServiceRequest request) {
        var span = request.getResourceSpans(0).getScopeSpans(0).getSpans(0);
        System.out.println(form + ": " + span.getName() + ", trace id of " + span.getTraceId().size() + " bytes: "
                + HexFormat.of().formatHex(span.getTraceId().toByteArray()));
    }
}
JAVA
node write.js
java -cp 'lib/*' Read.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: 0123456789abcdef0123456789abcdef from both, or an error"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
protobuf: wait, trace id of 16 bytes: 0123456789abcdef0123456789abcdef
JSON: wait, trace id of 24 bytes: d35db7e39ebbf3d69b71d79fd35db7e39ebbf3d69b71d79f
SEEN
