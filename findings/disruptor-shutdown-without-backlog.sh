#!/usr/bin/env bash
# What:     Disruptor.shutdown(timeout) waits for the backlog of handlers that are running at that moment, and of no
#           others. If the handler's thread has not begun yet, or ended by an exception, shutdown returns at once and
#           without its TimeoutException, and published events are never handled.
# Version:  com.lmax:disruptor 4.0.0 (Maven Central).
# Surprise: it is documented to wait until all events in the disruptor have been processed. start() starts threads and
#           does not wait for them, so start, publish, shutdown in a row loses events whenever the thread comes late (busy
#           machine, slow thread factory). A normal return is no proof that anything was handled.
# Who:      short runs: a command that replays a small file, a test, a tool stopped right after its start.
# Instead:  wait until every handler has been called (EventHandler.onStart and a latch) before the first publish or the
#           shutdown, compare each handler's sequence with the cursor after it, and let no handler throw.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=com.lmax:disruptor:4.0.0 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: com.lmax:disruptor 4.0.0"

cat > Shutdown.java <<'JAVA'
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.dsl.Disruptor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

public class Shutdown {
    static class Event {
    }

    public static void main(String[] none) throws Exception {
        System.out.println("running " + handled(0, -1));
        System.out.println("late " + handled(500, -1));
        System.out.println("failed " + handled(0, 10));
    }

    /** Publishes 50 events, shuts down with 5 s of patience, and tells how that ended and how many were handled. */
    static String handled(int lateMs, int failsAt) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        ThreadFactory threads = work -> new Thread(() -> {
            try {
                Thread.sleep(lateMs);
                work.run();
            } catch (InterruptedException | RuntimeException end) {
                // The failure of the handler is the case to look at.
            } finally {
                ended.countDown();
            }
        });
        Disruptor<Event> disruptor = new Disruptor<>(Event::new, 64, threads);
        disruptor.handleEventsWith(new EventHandler<Event>() {
            @Override
            public void onStart() {
                begun.countDown();
            }

            @Override
            public void onEvent(Event event, long sequence, boolean last) {
                if (sequence == failsAt) {
                    throw new IllegalStateException("handler failed");
                }
                handled.incrementAndGet();
            }
        });
        disruptor.start();
        if (lateMs == 0) {
            begun.await();
        }
        for (int i = 0; i < 50; i++) {
            disruptor.publishEvent((event, sequence) -> { });
        }
        if (failsAt >= 0) {
            ended.await();
        }
        String how = "returned";
        try {
            disruptor.shutdown(5, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            how = "timed out";
            disruptor.halt();
        }
        ended.await();
        return how + " " + handled;
    }
}
JAVA
java -cp 'disruptor-4.0.0.jar' Shutdown.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: 'returned 50' where the handler works on; 'returned 50' or 'timed out' otherwise"
sed 's/^/seen:     /' seen.txt
printf 'running returned 50\nlate returned 0\nfailed returned 10\n' | cmp -s - seen.txt || { echo "changed"; exit 1; }
