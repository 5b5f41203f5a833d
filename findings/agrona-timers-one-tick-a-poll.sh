#!/usr/bin/env bash
# What:     each poll of Agrona's DeadlineTimerWheel advances by one tick, however much time has passed. After a pause of a
#           second with ticks of 1 ms, timers due long ago fire one tick per call, and the first call may fire none.
# Version:  org.agrona:agrona 2.6.0 (Maven Central).
# Surprise: poll(now, handler, limit) is given the time and a limit of timers, so one expects all that are due, up to the
#           limit, as timers of kernels and of the JDK do. It returns 0 although timers are overdue, like "nothing to do".
# Who:      duty cycles that poll once per round, where a round can take longer than a tick (a full disk, a paused VM, a
#           laptop's sleep): timeouts lag behind, and each later round makes up for one tick only.
# Instead:  poll until currentTickTime() is past now, or call currentTickTime(now) when no timers are left.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=org.agrona:agrona:2.6.0 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: org.agrona:agrona 2.6.0"

cat > Late.java <<'JAVA'
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;

public class Late {
    public static void main(String[] none) {
        DeadlineTimerWheel wheel = new DeadlineTimerWheel(TimeUnit.MICROSECONDS, 0, 1024, 512);
        for (int timer = 1; timer <= 5; timer++) {
            wheel.scheduleTimer(timer * 10_000);
        }
        long nowUs = 1_000_000;
        int first = wheel.poll(nowUs, (unit, now, id) -> true, 100);
        int fired = first;
        int polls = 1;
        while (fired < 5 && polls < 10_000) {
            fired += wheel.poll(nowUs, (unit, now, id) -> true, 100);
            polls++;
        }
        System.out.println("first poll fired " + first + "; all 5 after " + polls + " polls");
    }
}
JAVA
java -cp agrona-2.6.0.jar Late.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: five timers, due 10 to 50 ms after the start, all fire in the first poll at 1 s"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
first poll fired 0; all 5 after 49 polls
SEEN
