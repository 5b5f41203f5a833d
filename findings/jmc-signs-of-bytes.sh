#!/usr/bin/env bash
# What:     JDK Mission Control's parser has the signs of one-byte fields the wrong way round: a byte of -1 is 255, and one that
#           is marked @Unsigned is -1. Fields of two and four bytes are right.
# Version:  org.openjdk.jmc:flightrecorder 9.1.0 (Maven Central), on a file written by JDK 17 or later.
# Surprise: both the JDK's own reader and JMC come from one project and read one format. The figures differ between the JDK's
#           jfr print and JMC's window for the same event, without a warning.
# Who:      events with small states, exit codes, priorities or levels as bytes.
# Instead:  declare such fields as short or int.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

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
fetch org.openjdk.jmc:flightrecorder:9.1.0
echo "version: org.openjdk.jmc:flightrecorder 9.1.0, $(java -version 2>&1 | head -n 1)"

cat > Signs.java <<'JAVA'
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;
import jdk.jfr.consumer.RecordingFile;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.IMemberAccessor;
import org.openjdk.jmc.common.item.ItemFilters;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

public class Signs {
    @Name("signs.Fields")
    @StackTrace(false)
    static class Fields extends Event {
        byte signed8 = -1;
        @Unsigned byte unsigned8 = -1;
        short signed16 = -1;
        @Unsigned short unsigned16 = -1;
        int signed32 = -1;
        @Unsigned int unsigned32 = -1;
    }

    public static void main(String[] none) throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            new Fields().commit();
            recording.stop();
            recording.dump(Path.of("fields.jfr"));
        }
        Map<String, Long> jmc = new TreeMap<>();
        for (IItemIterable items : JfrLoaderToolkit.loadEvents(new File("fields.jfr")).apply(ItemFilters.type("signs.Fields"))) {
            for (IItem item : items) {
                for (var key : items.getType().getAccessorKeys().keySet()) {
                    @SuppressWarnings("unchecked")
                    var accessor = (IMemberAccessor<Object, IItem>) items.getType().getAccessor(key);
                    if (accessor.getMember(item) instanceof IQuantity quantity) {
                        jmc.put(key.getIdentifier(), quantity.longValue());
                    }
                }
            }
        }
        for (var event : RecordingFile.readAllEvents(Path.of("fields.jfr"))) {
            if (event.getEventType().getName().equals("signs.Fields")) {
                for (String field : List.of("signed8", "unsigned8", "signed16", "unsigned16", "signed32", "unsigned32")) {
                    System.out.println(field + ": JDK " + event.getLong(field) + ", JMC " + jmc.get(field));
                }
            }
        }
    }
}
JAVA
java -cp 'lib/*' Signs.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: -1 for each signed field; 255, 65535 and 4294967295 for the unsigned ones, from both"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
signed8: JDK -1, JMC 255
unsigned8: JDK 255, JMC -1
signed16: JDK -1, JMC -1
unsigned16: JDK 65535, JMC 65535
signed32: JDK -1, JMC -1
unsigned32: JDK 4294967295, JMC 4294967295
SEEN
