package ktrace.system.ready;

import ktrace.event.Fact;
import ktrace.event.TraceEvent;
import ktrace.facts.Question;
import ktrace.facts.Question.Urgency;
import ktrace.facts.Questions;

/**
 * Which threads were ready and did not run while a CPU idled that they may not run on, sched_setaffinity(2). A thread is asked
 * about once it was ready for long. How long the other CPUs have idled the kernel counts for each; that is asked for as with
 * {@link Quotas}. Of a thread that may run anywhere it is asked once in a while. Written by the tracker's thread; allocates for
 * questions and answers.
 */
final class Pins {
    /** The kernel counts in ticks of so much. */
    private static final long AGAIN_NS = 10_000_000;
    private static final long FREE_NS = 5_000_000_000L;

    private final Questions questions;

    Pins(Questions questions) {
        this.questions = questions;
    }

    void preempted(Ready.Turn turn, int tgid, int tid, long nowNs) {
        if (turn.elsewhere != null && nowNs >= turn.nextAskNs) {
            ask(turn, tgid, tid, nowNs, Urgency.LATER);
        }
    }

    /** It runs again next, and was ready for long; gives whether that should wait for an answer. */
    boolean asksBefore(Ready.Turn turn, int tgid, int tid, long nowNs) {
        if (nowNs < turn.nextAskNs) {
            return false;
        }
        boolean isPinned = turn.elsewhere != null;
        return ask(turn, tgid, tid, nowNs, isPinned ? Urgency.NOW : Urgency.LATER) && isPinned;
    }

    private boolean ask(Ready.Turn turn, int tgid, int tid, long nowNs, Urgency urgency) {
        turn.nextAskNs = nowNs + AGAIN_NS;
        return questions.ask(new Question.OfAffinity(tgid, tid), urgency);
    }

    void answered(Ready.Turn turn, Fact.OfAffinity fact, long nowNs) {
        if (fact.cpus().isEmpty()) {
            turn.elsewhere = null;
            turn.nextAskNs = nowNs + FREE_NS;
            return;
        }
        String name = (fact.cpus().matches("\\d+") ? "CPU " : "CPUs ") + fact.cpus();
        if (turn.elsewhere == null || !turn.elsewhere.what.name().equals(name)) {
            turn.elsewhere = new Growth(name);
        }
        turn.elsewhere.read(fact.idleElsewhereNs(), nowNs);
    }

    static void stamp(Ready.Turn turn, TraceEvent event) {
        if (turn.elsewhere != null && turn.readyNs != TraceEvent.UNKNOWN_NS) {
            event.pinnedTo = turn.elsewhere.what;
            event.idleElsewhereNs = turn.elsewhere.within(turn.readyNs, event.timeNs);
        }
    }
}
