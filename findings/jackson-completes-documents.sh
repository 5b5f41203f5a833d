#!/usr/bin/env bash
# What:     a JsonGenerator of Jackson that is closed early, by an exception in a try-with-resources, closes all arrays and objects
#           that are open: what was written by then becomes a valid document.
# Version:  com.fasterxml.jackson.core:jackson-core 2.18.2 (Maven Central), default settings.
# Surprise: half a file is usually recognized by its missing end. Here a reader gets the rows up to the failure and no sign that
#           there should have been more.
# Who:      exporters of long tables: a full disk is noticed, an exception at row 1,000,000 may not be, by whoever reads the file.
# Instead:  disable StreamWriteFeature.AUTO_CLOSE_CONTENT, or write to another name and rename at the end.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=com.fasterxml.jackson.core:jackson-core:2.18.2 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: com.fasterxml.jackson.core:jackson-core 2.18.2"

cat > Half.java <<'JAVA'
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;

public class Half {
    public static void main(String[] none) throws IOException {
        System.out.println("default:            " + export(new JsonFactory()));
        System.out.println("AUTO_CLOSE_CONTENT: " + export(JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT).build()) + " (disabled)");
    }

    private static String export(JsonFactory factory) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = factory.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("waits");
            for (int row = 1; row <= 5; row++) {
                if (row == 3) {
                    throw new IllegalStateException("cannot read row " + row);
                }
                json.writeNumber(row);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IllegalStateException expected) {
            // The caller tells the user; the file is there.
        }
        return out.toString();
    }
}
JAVA
java -cp jackson-core-2.18.2.jar Half.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: {\"waits\":[1,2 without an end"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
default:            {"waits":[1,2]}
AUTO_CLOSE_CONTENT: {"waits":[1,2 (disabled)
SEEN
