package ktrace.joint;

import ktrace.perf.CallCensus;

/**
 * Which of {@code bpf} and {@code perf+bpf} costs the machine less, by one census after the other. One alone says little: only
 * what several in a row say counts, and more is wanted for it than for the choice at the begin, so that a machine on the brink is
 * not told of again and again. Owned by one thread.
 */
final class Weighing {
    /** So many in a row. */
    static final int IN_A_ROW = 3;
    /** Of a CPU: from here on the other one is cheaper, and below the second it no longer is. */
    private static final double GAIN = 0.02;
    private static final double NO_GAIN = 0.005;

    private final boolean isByPerf;
    private boolean otherIsCheaper;
    private int contradictions;

    /** @param isByPerf whether it is perf that takes system calls */
    Weighing(boolean isByPerf) {
        this.isByPerf = isByPerf;
    }

    /** Hears of one more census; whether it has changed which of both is the cheaper one. */
    boolean changes(CallCensus census) {
        double gain = isByPerf ? -census.spared() : census.spared();
        boolean contradicts = otherIsCheaper ? gain <= NO_GAIN : gain >= GAIN;
        contradictions = contradicts ? contradictions + 1 : 0;
        if (contradictions < IN_A_ROW) {
            return false;
        }
        contradictions = 0;
        otherIsCheaper = !otherIsCheaper;
        return true;
    }

    /** The one that would cost less; empty: that which is at work does. */
    String cheaper() {
        return !otherIsCheaper ? "" : isByPerf ? "bpf" : "perf+bpf";
    }
}
