#!/usr/bin/env bash
# What:     async-profiler's converter finds nothing in a JDK's recording when asked for --cpu, and gives the samples of running
#           threads for --wall. Without an option it gives the same samples.
# Version:  tools.profiler:jfr-converter 4.2 (Maven Central), on a file written by JDK 17 or later.
# Surprise: its help says "--cpu: CPU profile (ExecutionSample)", and that is the event in the file. The threads' states tell
#           the two apart, and the JDK writes another state than async-profiler. The result is an empty file with status 0, or
#           a "wall clock" profile in which nobody ever waits.
# Who:      those who convert both kinds of recordings by one script, and conclude from --wall that there were no waits.
# Instead:  no option for a JDK's recording; JDK events of waits (ThreadSleep, ThreadPark) are not in these profiles.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=tools.profiler:jfr-converter:4.2 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: tools.profiler:jfr-converter 4.2, $(java -version 2>&1 | head -n 1)"

cat > Busy.java <<'JAVA'
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;

public class Busy {
    static volatile int sink;

    public static void main(String[] none) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.start();
            long endNs = System.nanoTime() + 1_500_000_000L;
            while (System.nanoTime() < endNs) {
                sink += Integer.toString(sink).hashCode();
            }
            Thread.sleep(500);
            recording.stop();
            recording.dump(Path.of("busy.jfr"));
        }
    }
}
JAVA
java Busy.java
samples() { # options: the samples in the collapsed stacks
    java -jar jfr-converter-4.2.jar "$@" -o collapsed busy.jfr stacks.txt > /dev/null
    awk '{ sum += $NF } END { print sum + 0 }' stacks.txt
}
all=$(samples) cpu=$(samples --cpu) wall=$(samples --wall)
echo "expected: --cpu has all $all samples, --wall has none"
echo "seen:     --cpu $cpu, --wall $wall"
[[ $all -gt 0 && $cpu == 0 && $wall == "$all" ]] || { echo "changed"; exit 1; }
