package ktrace.pipeline;

/**
 * Whether there is so much in the kernel's rings that some of what comes next may be lost. Owned by the poller thread.
 */
final class Backlog {
    /** A round lasts the longer the more there is to read, and the next one reads what has come meanwhile; a ring holds a second's. */
    private static final long BEHIND_NS = 50_000_000;
    /** How long all rounds must have been shorter. */
    private static final long CALM_NS = 1_000_000_000;

    private final Runnable catchUp;
    private final Runnable calmDown;
    private long roundNs;
    private long behindNs;
    private boolean begun;
    private boolean calm;
    private boolean hastens;

    /**
     * @param catchUp run as soon as a round lasts long
     * @param calmDown run once none has for a while, also at the begin, when it is not known yet what comes
     */
    Backlog(Runnable catchUp, Runnable calmDown) {
        this.catchUp = catchUp;
        this.calmDown = calmDown;
    }

    /** A round begins; the one before has taken all that was there. */
    void begins(long nowNs) {
        roundNs = nowNs;
        if (!begun) {
            begun = true;
            behindNs = nowNs;
        }
        if (!calm && nowNs - behindNs > CALM_NS) {
            calm = true;
            hastens = false;
            calmDown.run();
        }
    }

    /** The round goes on. */
    void goesOn(long nowNs) {
        if (nowNs - roundNs < BEHIND_NS) {
            return;
        }
        behindNs = nowNs;
        calm = false;
        if (!hastens) {
            hastens = true;
            catchUp.run();
        }
    }
}
