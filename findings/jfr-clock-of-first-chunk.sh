#!/usr/bin/env bash
# What:     each chunk of a JFR file tells what the wall clock showed when it began. JDK Mission Control uses it; the JDK's own
#           reader takes the first chunk's and counts ticks from there. After the clock was set, the two give different times.
# Version:  JDK 17 or later; org.openjdk.jmc:flightrecorder 9.1.0 (Maven Central).
# Surprise: one event, one file, one project behind both. With a clock that is only slewed they differ by nanoseconds to
#           microseconds, which looks like rounding; here the second chunk's clock is an hour ahead.
# Who:      those who match JFR events with logs by the time of day, after a laptop or VM slept or got its time late: in the JDK's
#           reader distances are right, in JMC the times of day.
# Instead:  take differences of times from the JDK's reader only; for the times of day, the chunks' heads.
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

cat > Clocks.java <<'JAVA'
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.ItemFilters;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.flightrecorder.JfrAttributes;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

public class Clocks {
    private static final long HOUR_NS = Duration.ofHours(1).toNanos();

    @Name("clocks.Tick")
    @StackTrace(false)
    static class Tick extends Event {
    }

    public static void main(String[] none) throws Exception {
        Path file = Path.of("ticks.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            new Tick().commit();
            try (Recording other = new Recording()) {
                other.start();
            }
            new Tick().commit();
            recording.stop();
            recording.dump(file);
        }
        setClockAfterFirstChunk(file);
        System.out.println("JDK: " + hours(RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("clocks.Tick"))
                .mapToLong(event -> event.getStartTime().getEpochSecond() * 1_000_000_000L + event.getStartTime().getNano())
                .sorted().toArray()) + " h between the two events");
        long[] times = new long[2];
        int count = 0;
        for (IItemIterable items : JfrLoaderToolkit.loadEvents(new File("ticks.jfr")).apply(ItemFilters.type("clocks.Tick"))) {
            var time = JfrAttributes.START_TIME.getAccessor(items.getType());
            for (IItem item : items) {
                times[count++] = time.getMember(item).clampedLongValueIn(UnitLookup.EPOCH_NS);
            }
        }
        java.util.Arrays.sort(times);
        System.out.println("JMC: " + hours(times) + " h between the two events");
    }

    private static long hours(long[] times) {
        return Math.round((times[1] - times[0]) / (double) HOUR_NS);
    }

    /** As a recorder writes it when the clock was put forward by an hour: size at 8, time of day at 32 in a chunk's head. */
    private static void setClockAfterFirstChunk(Path file) throws Exception {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        for (int at = (int) content.getLong(8); at < content.limit(); at += (int) content.getLong(at + 8)) {
            content.putLong(at + 32, content.getLong(at + 32) + HOUR_NS);
        }
        Files.write(file, content.array());
    }
}
JAVA
java -cp 'lib/*' Clocks.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: the same distance from both"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
JDK: 0 h between the two events
JMC: 1 h between the two events
SEEN
