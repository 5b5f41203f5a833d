package ktrace.analysis.shard;

import ktrace.intervals.ThreadState;

/** The time that one thread spent in each state: in the current window, and in all windows before. One thread writes. */
final class ThreadStates {
    final StateSums window = new StateSums();
    private final StateSums total = new StateSums();
    /** Of waits that go on, or whose object is a guess: as they stood when the last window ended, and as they stand now. */
    private long shownIdleNs;
    private long goingOnIdleNs;

    void closeWindow() {
        total.add(window);
        total.addIdle(goingOnIdleNs - shownIdleNs);
        shownIdleNs = goingOnIdleNs;
        goingOnIdleNs = 0;
        window.clear();
    }

    /** Earlier windows have reported as {@code told} what was {@code known}: in the sums of the whole trace it is that. */
    void retell(ThreadState told, ThreadState known, long timeNs) {
        total.add(told, -timeNs);
        total.add(known, timeNs);
    }

    /**
     * So much of a wait was idle.
     *
     * @param newNs of that, what is told in this window
     * @param goesOn it is told again when more is known: until then the whole trace has it as it stands when the last window ends
     */
    void idle(long timeNs, long newNs, boolean goesOn) {
        window.addIdle(newNs);
        if (goesOn) {
            total.addIdle(-newNs);
            goingOnIdleNs += timeNs;
        } else {
            total.addIdle(timeNs - newNs);
        }
    }

    /** Of all windows that were closed. */
    StateSums total() {
        return total;
    }

    void addTo(StateSums windowSums, StateSums totalSums) {
        windowSums.add(window);
        totalSums.add(total);
        totalSums.addIdle(-shownIdleNs);
    }

    /** Including the current window. */
    long observedNs() {
        return total.totalNs() + window.totalNs();
    }
}
