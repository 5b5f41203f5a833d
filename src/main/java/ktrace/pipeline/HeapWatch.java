package ktrace.pipeline;

import java.time.Duration;

/**
 * With the serial collector, as the launcher has it, keeps the heap near what is alive in it. What lives for some seconds, as all that is kept of a process does, passes for old, and the
 * serial collector looks through the old only when the heap has grown to its limit: 1 GB resident, a sixth of it alive (JDK 25, ten
 * minutes of a storm of forks). Such a collection stops every thread for as long as the living take, now as then.
 *
 * <p>A thread of its own, which looks once a second.
 */
public final class HeapWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Beyond one and a half times what was alive. A trace of a few processes never comes to it. */
    private static final long ROOM_BYTES = 64 << 20;

    /** The launcher says so: other collectors look through the old in time, and a whole collection would cost them more. */
    private static final String SERIAL = "ktrace.serial";

    private final Thread thread;

    public HeapWatch() {
        thread = Boolean.getBoolean(SERIAL) ? Thread.ofPlatform().daemon().name("ktrace-heap").start(this::watch) : null;
    }

    private void watch() {
        long aliveBytes = 0;
        while (true) {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException closed) {
                return;
            }
            if (usedBytes() > aliveBytes + aliveBytes / 2 + ROOM_BYTES) {
                System.gc();
                aliveBytes = usedBytes();
            }
        }
    }

    private static long usedBytes() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
