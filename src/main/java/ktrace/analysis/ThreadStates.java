package ktrace.analysis;

/**
 * The state of one thread and the time it spent in each: every nanosecond from the begin of its observation is given to exactly
 * one state, once. What was given stays: a state that turns out to have been wrong is counted as corrected, not rewritten, for an
 * interval that reported it has been shown already. One thread writes; allocates nothing after construction.
 */
final class ThreadStates {
    private ThreadState state = ThreadState.UNKNOWN;
    private long accountedNs;
    private boolean everKnown;
    final StateSums window = new StateSums();
    private final StateSums total = new StateSums();

    ThreadStates(long startNs) {
        accountedNs = startNs;
    }

    ThreadState state() {
        return state;
    }

    /** The time up to which every nanosecond was given to a state. */
    long accountedNs() {
        return accountedNs;
    }

    /** Gives the time since the last step to the state that ends here, and goes over to {@code next}. */
    void step(ThreadState next, long nowNs) {
        window.add(state, nowNs - accountedNs);
        accountedNs = nowNs;
        state = next;
        everKnown |= next != ThreadState.UNKNOWN;
    }

    /** The state since the last step was not what it was taken for: it is not known. */
    void takeBack() {
        state = ThreadState.UNKNOWN;
    }

    /** Whether an event has told the state before. */
    boolean everKnown() {
        return everKnown;
    }

    void closeWindow() {
        total.add(window);
        window.clear();
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
