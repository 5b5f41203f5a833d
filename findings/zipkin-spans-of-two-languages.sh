#!/usr/bin/env bash
# What:     one span is three in Zipkin's JSON. The Java library writes names in lower case, leaves out a duration of 0 and
#           shortens a trace id whose first half is 0; Zipkin's own JavaScript library writes lower case and 1 us;
#           OpenTelemetry's exporter for Node.js writes the name and the 0 as they are.
# Version:  io.zipkin.zipkin2:zipkin 2.27.1 (Maven Central); zipkin 0.22.0 and @opentelemetry/exporter-zipkin 2.0.0 with
#           @opentelemetry/sdk-trace-base 2.0.0 (npm).
# Surprise: one model, one format. A span without a duration is one that has not ended; "GET /Users" and "GET /users" become
#           one; a reader and writer of this library changes the JSON of others when it passes it on.
# Who:      those who convert traces to Zipkin's format, compare names across services, or join by trace id as text with W3C's
#           headers, which have 32 digits.
# Instead:  durations of at least 1 us, names of one case, and ids padded to 32 digits before they are compared.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . zipkin@0.22.0 @opentelemetry/exporter-zipkin@2.0.0 \
    @opentelemetry/sdk-trace-base@2.0.0 @opentelemetry/api@1.9.0 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
mvn -q -B dependency:copy -Dartifact=io.zipkin.zipkin2:zipkin:2.27.1 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: zipkin2 2.27.1 (Java), zipkin 0.22.0 and @opentelemetry/exporter-zipkin 2.0.0 (Node.js)"

cat > Write.java <<'JAVA'
import zipkin2.Endpoint;
import zipkin2.Span;
import zipkin2.codec.SpanBytesEncoder;

public class Write {
    public static void main(String[] none) {
        Span span = Span.newBuilder().traceId("00000000000000000123456789abcdef").id("0000000000000001").name("GET /Users")
                .timestamp(1_700_000_000_000_000L).duration(0L)
                .localEndpoint(Endpoint.newBuilder().serviceName("CheckOut").build()).build();
        System.out.println(new String(SpanBytesEncoder.JSON_V2.encode(span)));
    }
}
JAVA
cat > write.js <<'JS'
const { model, jsonEncoder, TraceId, option } = require('zipkin');
const span = new model.Span(new TraceId({ traceId: '00000000000000000123456789abcdef', spanId: '0000000000000001',
  sampled: new option.Some(true) }));
span.setName('GET /Users');
span.setTimestamp(1700000000000000);
span.setDuration(0);
span.setLocalEndpoint(new model.Endpoint({ serviceName: 'CheckOut' }));
console.log(jsonEncoder.JSON_V2.encode(span));
JS
cat > export.js <<'JS'
const http = require('http');
const { BasicTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { ZipkinExporter } = require('@opentelemetry/exporter-zipkin');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', part => { body += part; });
  request.on('end', () => {
    console.log(JSON.stringify(JSON.parse(body)[0]));
    response.writeHead(202).end();
    server.close();
  });
}).listen(0, '127.0.0.1', async () => {
  const exporter = new ZipkinExporter({ url: `http://127.0.0.1:${server.address().port}/api/v2/spans` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'CheckOut' }),
    idGenerator: { generateTraceId: () => '00000000000000000123456789abcdef', generateSpanId: () => '0000000000000001' },
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  provider.getTracer('t').startSpan('GET /Users', { startTime: [1700000000, 0] }).end([1700000000, 0]);
  await provider.shutdown();
});
JS
{ java -cp zipkin-2.27.1.jar Write.java; node write.js; node export.js; } > spans.txt 2> errors.txt \
    || { cat errors.txt >&2; exit 1; }
node -e '
const lines = require("fs").readFileSync("spans.txt", "utf8").trim().split("\n");
["Java", "zipkin of Node.js", "OpenTelemetry of Node.js"].forEach((who, at) => {
  const span = JSON.parse(lines[at]);
  console.log(`${who}: ${span.traceId}, ${span.name} of ${span.localEndpoint.serviceName}, duration ${span.duration}`);
});' > seen.txt
echo "expected: 00000000000000000123456789abcdef, GET /Users of CheckOut, duration 0 from all"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
Java: 0123456789abcdef, get /users of checkout, duration undefined
zipkin of Node.js: 00000000000000000123456789abcdef, get /users of checkout, duration 1
OpenTelemetry of Node.js: 00000000000000000123456789abcdef, GET /Users of CheckOut, duration 0
SEEN
