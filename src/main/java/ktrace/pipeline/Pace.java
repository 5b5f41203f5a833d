package ktrace.pipeline;

import ktrace.event.TraceEvent;

/**
 * How long the poller leaves the rings alone. The tracker asks /proc what a descriptor is when it first sees it used, and what
 * asks late finds it closed; but every round costs a wake-up of each thread of the pipeline. So rounds are close together while
 * traced programs start and when they make system calls, and farther and farther apart when they do not. Who is asked late whether
 * a thread sleeps, and where, finds it awake again: so a program that makes a call every ten milliseconds is at work, not at rest. Nor
 * is it rest that nothing has been told yet before the trace begins. Owned by the poller thread.
 */
final class Pace {
    /** While programs start and set up their descriptors. */
    private static final long STARTING_NS = 1_000_000;
    private static final long ACTIVE_NS = 4_000_000;
    /** Where nothing has been called for a moment: long enough to cost little, short enough to look live. */
    private static final long QUIET_NS = 100_000_000;
    /** Where nothing has been called for seconds. */
    private static final long REST_NS = 300_000_000;
    /** From the one to the other by such a part. */
    private static final int SLOWLY = 16;
    /** How long after a birth or an exec a program counts as starting. */
    private static final long START_NS = 300_000_000;
    /** How long after its last call a program is at work: shorter than the steps in which one that idles looks whether it is to. */
    private static final long AT_WORK_NS = 20_000_000;

    private long startingUntilNs;
    private long atWorkUntilNs = Long.MAX_VALUE;
    private boolean active;
    private boolean lives;
    private long waitNs = STARTING_NS;

    /** The trace has begun. */
    void begins(long nowNs) {
        atWorkUntilNs = nowNs + AT_WORK_NS;
    }

    /** A stamped event goes on its way. */
    void saw(TraceEvent event) {
        switch (event.type) {
            case SYS_ENTER, SYS_EXIT -> active = true;
            case TASK_NEWTASK, SCHED_PROCESS_EXEC -> {
                if (isOfObserved(event)) {
                    startingUntilNs = event.timeNs + START_NS;
                    lives = true;
                }
            }
            case SCHED_PROCESS_EXIT -> lives |= isOfObserved(event);
            case PROCESS_STATE, THREAD_STATE, FD_STATE -> lives = true;
            default -> { }
        }
    }

    private static boolean isOfObserved(TraceEvent event) {
        return event.thread != null || event.otherThread != null;
    }

    /**
     * Whether the stages should see now what this round brought. Switches alone, which on an idle machine are those of others, can
     * wait for more, and so can births and ends of others: waking up every stage for them is what watching an idle program costs most.
     */
    boolean isBusy() {
        return active || lives;
    }

    /** How long to wait before the next round. */
    long nextWaitNs(long nowNs) {
        if (active) {
            atWorkUntilNs = nowNs + AT_WORK_NS;
        }
        if (active && nowNs < startingUntilNs) {
            waitNs = STARTING_NS;
        } else if (nowNs < atWorkUntilNs) {
            waitNs = ACTIVE_NS;
        } else {
            waitNs = waitNs < QUIET_NS ? Math.min(2 * waitNs, QUIET_NS) : Math.min(waitNs + waitNs / SLOWLY, REST_NS);
        }
        active = false;
        lives = false;
        return waitNs;
    }
}
