#!/usr/bin/env bash
# What:     a span of OpenTelemetry for Java keeps two attributes of one name if their types differ: setAttribute("wait", 5) and
#           then setAttribute("wait", "5 ms") are both exported. In Node.js the later replaces the earlier.
# Version:  io.opentelemetry:opentelemetry-sdk-trace 1.45.0 (Maven Central), @opentelemetry/sdk-trace-base 2.12.1 (npm).
# Surprise: setting an attribute again replaces it, as long as it is of the same type; the protocol wants names to be unique.
#           Which of the two a backend shows is up to the backend.
# Who:      libraries and applications that set the same attribute, one as a number, the other as a text; code that
#           "corrects" an attribute late.
# Instead:  one AttributeKey constant for each name; look for duplicate names in a test.
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
echo "version: io.opentelemetry:opentelemetry-sdk-trace 1.45.0, @opentelemetry/sdk-trace-base 2.12.1"

cat > Twice.java <<'JAVA'
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.TreeSet;

public class Twice {
    public static void main(String[] none) {
        var span = SdkTracerProvider.builder().build().get("finding").spanBuilder("call").startSpan();
        span.setAttribute("wait", 4);
        span.setAttribute("wait", 5);
        span.setAttribute("wait", "5 ms");
        span.end();
        var seen = new TreeSet<String>();
        ((ReadableSpan) span).toSpanData().getAttributes()
                .forEach((key, value) -> seen.add(key.getKey() + " " + key.getType() + " " + value));
        System.out.println("Java " + String.join(", ", seen));
    }
}
JAVA
cat > twice.js <<'JS'
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
const span = new BasicTracerProvider().getTracer('finding').startSpan('call');
span.setAttribute('wait', 4);
span.setAttribute('wait', 5);
span.setAttribute('wait', '5 ms');
span.end();
console.log('JS   ' + Object.entries(span.attributes).map(([key, value]) => `${key} ${value}`).join(', '));
JS
{ java -cp 'lib/*' Twice.java; node twice.js; } > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: one attribute with the last value, in both"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
Java wait LONG 5, wait STRING 5 ms
JS   wait 5 ms
SEEN
