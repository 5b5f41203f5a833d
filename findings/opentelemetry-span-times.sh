#!/usr/bin/env bash
# What:     OpenTelemetry for Node.js takes a start time as milliseconds since 1970, unless the number is less than the process's
#           own age in milliseconds: then it counts from the process's start. One and the same call gives 1970 in a young
#           process and today in an old one. A span that ends before it starts has length 0 in Node.js, a negative one in Java.
# Version:  @opentelemetry/sdk-trace-base 2.12.1 (npm), io.opentelemetry:opentelemetry-sdk-trace 1.45.0 (Maven Central).
# Surprise: a plain number may be one of two clocks, told apart by its size. Both rules are for live spans; times that were recorded
#           elsewhere, relative to the begin of a recording, fall on either side of the limit, within one file.
# Who:      those who turn recordings into spans, or test with small round times; those who sum up lengths across languages.
# Instead:  give times as [seconds, nanoseconds] or Date; compare begin and end before.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . @opentelemetry/api@1.9.1 @opentelemetry/sdk-trace-base@2.12.1 \
    > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>io.opentelemetry</groupId><artifactId>opentelemetry-sdk-trace</artifactId><version>1.45.0</version>
  </dependency></dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
echo "version: @opentelemetry/sdk-trace-base 2.12.1, io.opentelemetry:opentelemetry-sdk-trace 1.45.0"

cat > times.js <<'JS'
const { diag } = require('@opentelemetry/api');
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
diag.disable();
const tracer = new BasicTracerProvider().getTracer('finding');
const year = startTime => new Date(tracer.startSpan('call', { startTime }).startTime[0] * 1000).getUTCFullYear();
const era = value => (value === 1970 ? '1970' : value === new Date().getUTCFullYear() ? 'this year' : value);
console.log(`JS   startTime 60000 is in ${era(year(60000))}, startTime 1 in ${era(year(1))}`);
const span = tracer.startSpan('call', { startTime: [1000, 0] });
span.end([999, 0]);
console.log(`JS   begin 1000 s, end 999 s: length ${span.duration[0]} s`);
JS
cat > Times.java <<'JAVA'
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.concurrent.TimeUnit;

public class Times {
    public static void main(String[] none) {
        var span = SdkTracerProvider.builder().build().get("finding").spanBuilder("call")
                .setStartTimestamp(1000, TimeUnit.SECONDS).startSpan();
        span.end(999, TimeUnit.SECONDS);
        var data = ((ReadableSpan) span).toSpanData();
        long lengthNs = data.getEndEpochNanos() - data.getStartEpochNanos();
        System.out.println("Java begin 1000 s, end 999 s: length " + lengthNs / 1_000_000_000 + " s");
    }
}
JAVA
{ node times.js; java -cp 'lib/*' Times.java; } > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: 60000 and 1 on one clock; the same length in both languages"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
JS   startTime 60000 is in 1970, startTime 1 in this year
JS   begin 1000 s, end 999 s: length 0 s
Java begin 1000 s, end 999 s: length -1 s
SEEN
