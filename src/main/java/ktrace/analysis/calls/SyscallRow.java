package ktrace.analysis.calls;

import ktrace.analysis.SyscallSummary;
import ktrace.analysis.lengths.DurationSums;
import ktrace.analysis.lengths.Durations;

/**
 * One system call of one process: what returned in the current window, and what returned in all windows before. A call touches
 * the window alone; the sums over the whole trace are made when a window ends. One thread.
 */
final class SyscallRow {
    private static final int MAX_ERRNO = 4095;

    final int number;
    private final Durations window = new Durations();
    private final ErrnoCounts windowErrnos = new ErrnoCounts();
    private final DurationSums total = new DurationSums();
    private final ErrnoCounts totalErrnos = new ErrnoCounts();
    /** What {@link #total} looks like, until it changes. */
    private SyscallSummary totalSummary;

    SyscallRow(int number) {
        this.number = number;
    }

    void record(long lengthNs, long result) {
        window.record(lengthNs);
        if (result < 0 && result >= -MAX_ERRNO) {
            windowErrnos.add((int) -result, 1);
        }
    }

    boolean isInWindow() {
        return window.count() > 0;
    }

    /** Gives the window's summary and adds the window to the total. */
    SyscallSummary closeWindow(Names names) {
        DurationSums sums = window.sums();
        SyscallSummary summary = summary(sums, windowErrnos, names);
        total.add(sums);
        totalErrnos.add(windowErrnos);
        totalSummary = null;
        windowErrnos.clear();
        window.clear();
        return summary;
    }

    /** Nothing came in this window: memory that was meant for it is given back. */
    void passWindow() {
        window.clear();
    }

    void add(SyscallRow other) {
        window.add(other.window);
        windowErrnos.add(other.windowErrnos);
        total.add(other.total);
        totalErrnos.add(other.totalErrnos);
        totalSummary = null;
    }

    void pack() {
        window.pack();
    }

    SyscallSummary totalSummary(Names names) {
        if (totalSummary == null) {
            totalSummary = summary(total, totalErrnos, names);
        }
        return totalSummary;
    }

    private SyscallSummary summary(DurationSums d, ErrnoCounts errnos, Names names) {
        return new SyscallSummary(number == SyscallLatency.OTHER ? "(other)" : names.syscalls().apply(number), number, d.count(),
                errnos.sum(), d.totalNs(), d.minNs(), d.maxNs(), d.percentileNs(50), d.percentileNs(95), d.percentileNs(99),
                errnos.byName(names.errnos()), d.buckets());
    }
}
