#!/usr/bin/env bash
# What:     no reader of JFR files has the events by start time. RecordingFile hands them out as the buffers were written, so
#           that the last event of a thread can be the first of the file; jfr print and EventStream sort, but by the end: a wait
#           comes after all that happened within it.
# Version:  JDK 17 (Debian 12, openjdk-17-jdk-headless 17.0); 25 does the same.
# Surprise: the start time is the first field of each event and all else is relative to it. A program that was tried with short
#           events of one thread has seen them in order.
# Who:      those who take the first event for the begin of a recording, compute gaps between neighbours, or replay a file into
#           a state machine, where the outer wait must come first.
# Instead:  read all and sort by start time; with streams, put events off by the longest duration.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' openjdk-17-jdk-headless 2>/dev/null || true)
if [[ $found != 17.0* ]]; then
    apt-get -qq install -y --no-install-recommends openjdk-17-jdk-headless >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' openjdk-17-jdk-headless)
fi
echo "version: openjdk-17-jdk-headless $found"
[[ $found == 17.0* ]] || exit 2
java=$(echo /usr/lib/jvm/java-17-openjdk-*/bin)

cat > Order.java <<'JAVA'
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordingFile;

public class Order {
    @Name("order.Wait")
    @StackTrace(false)
    static class Wait extends Event {
        String name;
        String text;
    }

    public static void main(String[] none) throws Exception {
        Path file = Path.of("waits.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            Wait outer = begin("outer");
            for (String name : List.of("first", "second")) {
                Wait inner = begin(name);
                Thread.sleep(2);
                inner.commit();
            }
            outer.commit();
            Wait large = begin("large");
            large.text = "x".repeat(1_000_000);
            large.commit();
            recording.stop();
            recording.dump(file);
        }
        List<String> names = new ArrayList<>();
        for (var event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().equals("order.Wait")) {
                names.add(event.getString("name"));
            }
        }
        System.out.println("RecordingFile: " + String.join(" ", names));
        names.clear();
        try (EventStream stream = EventStream.openFile(file)) {
            stream.onEvent("order.Wait", event -> names.add(event.getString("name")));
            stream.start();
        }
        System.out.println("EventStream:   " + String.join(" ", names));
    }

    private static Wait begin(String name) {
        Wait wait = new Wait();
        wait.name = name;
        wait.begin();
        return wait;
    }
}
JAVA
"$java/java" Order.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
sorted=$("$java/jfr" print --events order.Wait waits.jfr | sed -nE 's/^ *name = "(.*)"/\1/p' | paste -sd' ')
echo "jfr print:     $sorted" >> seen.txt
echo "expected: by start time: outer first second large"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
RecordingFile: large first second outer
EventStream:   first second outer large
jfr print:     first second outer large
SEEN
