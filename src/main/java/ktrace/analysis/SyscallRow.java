package ktrace.analysis;

import java.util.function.IntFunction;

/**
 * One system call of one process: what returned in the current window, and what returned in all windows before. A call touches
 * the window alone; the sums over the whole trace are made when a window ends. One thread.
 */
final class SyscallRow {
    private static final int MAX_ERRNO = 4095;

    final int number;
    private final Durations window = new Durations();
    private final ErrnoCounts windowErrnos = new ErrnoCounts();
    private final Durations total = new Durations();
    private final ErrnoCounts totalErrnos = new ErrnoCounts();

    SyscallRow(int number) {
        this.number = number;
    }

    void record(long lengthNs, long result) {
        window.record(lengthNs);
        if (result < 0 && result >= -MAX_ERRNO) {
            windowErrnos.add((int) -result, 1);
        }
    }

    void closeWindow() {
        if (window.count() > 0) {
            total.add(window);
            totalErrnos.add(windowErrnos);
            windowErrnos.clear();
        }
        window.clear();
    }

    void add(SyscallRow other) {
        window.add(other.window);
        windowErrnos.add(other.windowErrnos);
        total.add(other.total);
        totalErrnos.add(other.totalErrnos);
    }

    void pack() {
        window.pack();
        total.pack();
    }

    boolean isInWindow() {
        return window.count() > 0;
    }

    SyscallSummary windowSummary(IntFunction<String> syscalls, IntFunction<String> errnoNames) {
        return summary(window, windowErrnos, syscalls, errnoNames);
    }

    SyscallSummary totalSummary(IntFunction<String> syscalls, IntFunction<String> errnoNames) {
        return summary(total, totalErrnos, syscalls, errnoNames);
    }

    private SyscallSummary summary(Durations d, ErrnoCounts errnos, IntFunction<String> syscalls, IntFunction<String> errnoNames) {
        return new SyscallSummary(number == SyscallLatency.OTHER ? "(other)" : syscalls.apply(number), number, d.count(),
                errnos.sum(), d.totalNs(), d.minNs(), d.maxNs(), d.percentileNs(50), d.percentileNs(95), d.percentileNs(99),
                errnos.byName(errnoNames), d.buckets());
    }
}
