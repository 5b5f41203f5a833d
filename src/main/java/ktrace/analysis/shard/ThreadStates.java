package ktrace.analysis.shard;

import ktrace.intervals.ThreadState;

/** The time that one thread spent in each state: in the current window, and in all windows before. One thread writes. */
final class ThreadStates {
    final StateSums window = new StateSums();
    private final StateSums total = new StateSums();

    void closeWindow() {
        total.add(window);
        window.clear();
    }

    /** Earlier windows have reported as {@code told} what was {@code known}: in the sums of the whole trace it is that. */
    void retell(ThreadState told, ThreadState known, long timeNs) {
        total.add(told, -timeNs);
        total.add(known, timeNs);
    }

    /** Of all windows that were closed. */
    StateSums total() {
        return total;
    }

    void addTo(StateSums windowSums, StateSums totalSums) {
        windowSums.add(window);
        totalSums.add(total);
    }

    /** Including the current window. */
    long observedNs() {
        return total.totalNs() + window.totalNs();
    }
}
