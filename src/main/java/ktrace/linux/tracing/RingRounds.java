package ktrace.linux.tracing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * The rounds in which the rings of all CPUs are read, as perf's FINISHED_ROUND: whatever was recorded before a round began has had
 * time to be written when it is read. Used by one thread, but for {@link #wake()}.
 */
public final class RingRounds implements AutoCloseable {
    /** An event is written within this time after its timestamp was taken, unless its virtual CPU is stopped in between. */
    public static final long SETTLE_NS = 100_000;

    /** A time to wait beside which {@link #SETTLE_NS} is nothing. */
    private static final long LONG_NS = 1_000_000;

    private final List<FileDescriptor> rings;
    private final FileDescriptor wakeup;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pollfds;
    private final MemorySegment timeout = arena.allocate(16, 8);
    private final MemorySegment scratch = arena.allocate(8, 8);
    private long beganNs;

    /** @param rings those that tell when there is much to read */
    public RingRounds(List<FileDescriptor> rings) {
        this.rings = List.copyOf(rings);
        pollfds = arena.allocate(8L * (rings.size() + 1), 8);
        wakeup = Syscalls.eventfd();
    }

    /**
     * Waits for the rings, {@link #wake()} or the end of the time, and begins a round. One that nothing called for began a moment ago:
     * it reads as much less, and its thread need not sleep twice.
     */
    public void await(long timeoutNs) {
        for (int i = 0; i < rings.size(); i++) {
            Syscalls.setPollfd(pollfds, i, rings.get(i).number(), Uapi.POLLIN());
        }
        Syscalls.setPollfd(pollfds, rings.size(), wakeup.number(), Uapi.POLLIN());
        timeout.set(ValueLayout.JAVA_LONG, 0, timeoutNs / 1_000_000_000);
        timeout.set(ValueLayout.JAVA_LONG, 8, timeoutNs % 1_000_000_000);
        if (Syscalls.poll(pollfds, rings.size() + 1, timeout) > 0) {
            Syscalls.drain(wakeup, scratch);
        } else if (timeoutNs >= LONG_NS) {
            beganNs = System.nanoTime() - SETTLE_NS;
            return;
        }
        // What is being written at this moment is there when it is looked for.
        beganNs = System.nanoTime();
        LockSupport.parkNanos(SETTLE_NS);
    }

    /** Ends an {@link #await} that goes on, or the next one. Any thread. */
    public void wake() {
        Syscalls.raise(wakeup);
    }

    /** When the latest round began, on CLOCK_MONOTONIC; 0 before the first. */
    public long beganNs() {
        return beganNs;
    }

    /** Until when all that was recorded is there when it is looked for now. */
    public long completeUntilNs() {
        return Math.min(beganNs, System.nanoTime() - SETTLE_NS);
    }

    @Override
    public void close() {
        wakeup.close();
        arena.close();
    }
}
