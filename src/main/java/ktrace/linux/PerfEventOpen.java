package ktrace.linux;

import java.lang.foreign.MemorySegment;
import ktrace.linux.uapi.Uapi;

/** perf_event_open(2). */
public final class PerfEventOpen {
    private static final int NUMBER = Syscalls.number("perf_event_open");
    /** {@code pid} for: every thread that runs on the CPU. */
    public static final int ANY_THREAD = -1;

    private PerfEventOpen() {
    }

    /**
     * Opens an event.
     *
     * @param attr a filled {@code struct perf_event_attr}
     * @param tid the thread, or {@link #ANY_THREAD}
     * @param cpu the CPU, or -1 for any
     * @return the descriptor's number, or {@code -errno}: the callers know best which errors are expected
     */
    public static long tryOpen(MemorySegment attr, int tid, int cpu) {
        return Native.syscall(NUMBER, attr.address(), tid, cpu, -1, Uapi.PERF_FLAG_FD_CLOEXEC(), 0);
    }

    /** Takes over a number that {@link #tryOpen} gave. */
    public static FileDescriptor own(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("an error, not a descriptor: " + number);
        }
        return new FileDescriptor((int) number);
    }
}
