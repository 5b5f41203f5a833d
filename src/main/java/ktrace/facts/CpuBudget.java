package ktrace.facts;

/**
 * So much time in the long run, and at most so much at once: what has been spent is earned again as time goes by. One thread.
 */
final class CpuBudget {
    private final int share;
    private final long burstNs;
    private long spentNs;
    private long sinceNs = Long.MIN_VALUE;

    /** @param share one part in so many of all time */
    CpuBudget(int share, long burstNs) {
        this.share = share;
        this.burstNs = burstNs;
    }

    /** For questions about one thing: a tenth of a CPU, and at the begin, when nothing is known yet, a second of it. */
    static CpuBudget quick() {
        return new CpuBudget(10, 1_000_000_000);
    }

    /** For searches through all of /proc: a twentieth of a CPU. */
    static CpuBudget searches() {
        return new CpuBudget(20, 50_000_000);
    }

    /** For events held up: what comes meanwhile must find room in the rings. */
    static CpuBudget holds() {
        return new CpuBudget(20, 20_000_000);
    }

    /** How much may be spent now; below zero, when more was spent than there was. */
    long left(long nowNs) {
        if (sinceNs == Long.MIN_VALUE) {
            sinceNs = nowNs;
        }
        long earnedNs = (nowNs - sinceNs) / share;
        spentNs = Math.max(0, spentNs - earnedNs);
        sinceNs += earnedNs * share;
        return burstNs - spentNs;
    }

    void spend(long nowNs, long timeNs) {
        left(nowNs);
        spentNs += timeNs;
    }

    /** When, from {@code nowNs} on, there will be something left again: in so many nanoseconds. */
    long waitNs(long nowNs) {
        return Math.max(0, -left(nowNs) * share);
    }
}
