package ktrace.system.ready;

import ktrace.event.Fact;
import ktrace.event.TraceEvent;
import ktrace.facts.Questions;

/**
 * Why threads that are ready do not run, where no event tells: {@link Quotas}, {@link Pins} and {@link Thefts}. Written by the
 * tracker's thread.
 */
public final class Ready {
    /** Threads wait so long for their turn where many want to run, and seldom longer. */
    private static final long LONG_NS = 2_000_000;

    /** What is known of a process. */
    public static final class Bond {
        Growth quota;
        long nextAskNs = Long.MIN_VALUE;
    }

    /** What is known of a thread. */
    public static final class Turn {
        /** Since when it is ready and does not run; {@link TraceEvent#UNKNOWN_NS} when it runs, waits, or that is not known. */
        long readyNs = TraceEvent.UNKNOWN_NS;
        /** How long the CPUs idled that it may not run on; null when there are none, or that is not known. */
        Growth elsewhere;
        long nextAskNs = Long.MIN_VALUE;
        /** Since when it is ready where it is, if it was moved to another CPU meanwhile. */
        long movedNs = Long.MIN_VALUE;

        /** It is moved to another CPU. */
        public void moves(long nowNs) {
            movedNs = nowNs;
        }

        /** It is woken. */
        public void begins(long nowNs) {
            readyNs = nowNs;
        }
    }

    private final Quotas quotas;
    private final Pins pins;
    private final Thefts thefts;

    public Ready(Questions questions) {
        quotas = new Quotas(questions);
        pins = new Pins(questions);
        thefts = new Thefts(questions);
    }

    /** The thread is taken off its CPU and could go on. */
    public void preempted(Bond bond, Turn turn, int tgid, int tid, long nowNs) {
        turn.readyNs = nowNs;
        quotas.preempted(bond, tgid, nowNs);
        pins.preempted(turn, tgid, tid, nowNs);
    }

    /** The thread runs next; gives whether that should wait for an answer. */
    public boolean asksBefore(Bond bond, Turn turn, int tgid, int tid, long nowNs) {
        return turn.readyNs != TraceEvent.UNKNOWN_NS && nowNs - turn.readyNs >= LONG_NS
                && quotas.asksBefore(bond, tgid, nowNs) | pins.asksBefore(turn, tgid, tid, nowNs) | thefts.asksBefore(nowNs);
    }

    /** Stamps the SCHED_SWITCH by which the thread runs. */
    public void comesBack(Bond bond, Turn turn, TraceEvent event) {
        Quotas.stamp(bond, turn.readyNs, event);
        Pins.stamp(turn, event);
        thefts.stamp(turn, event);
        turn.readyNs = TraceEvent.UNKNOWN_NS;
    }

    /** FACT about the process of {@code bond}. */
    public void answered(Bond bond, Fact.OfQuota fact, long nowNs) {
        quotas.answered(bond, fact, nowNs);
    }

    /** FACT about the thread of {@code turn}. */
    public void answered(Turn turn, Fact.OfAffinity fact, long nowNs) {
        pins.answered(turn, fact, nowNs);
    }

    /** FACT about a CPU. */
    public void answered(Fact.OfSteal fact, long nowNs) {
        thefts.answered(fact, nowNs);
    }

    /** Events were lost. */
    public void doubt() {
        thefts.doubt();
        quotas.doubt();
    }
}
