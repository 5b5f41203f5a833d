package ktrace.system.ready;

import java.util.HashMap;
import java.util.Map;
import ktrace.event.Fact;
import ktrace.event.TraceEvent;
import ktrace.facts.Question;
import ktrace.facts.Question.Urgency;
import ktrace.facts.Questions;

/**
 * For how long threads were ready on a CPU that the hypervisor did not let run: whoever the kernel believes to run there does not get on,
 * and who waits for its turn waits for the hypervisor. The kernel counts that for each CPU, and is asked now and then when a thread was
 * ready for long; often while it grows. Where it does not, as on most machines, that is all. Written by the tracker's thread; allocates
 * for questions and answers.
 */
final class Thefts {
    private static final long AGAIN_NS = 1_000_000_000;
    /** The kernel counts in ticks of so much. */
    private static final long SOON_NS = 10_000_000;

    private final Questions questions;
    private final Map<Integer, Growth> cpus = new HashMap<>();
    private long nextAskNs = Long.MIN_VALUE;
    private long grownNs = Long.MIN_VALUE;

    Thefts(Questions questions) {
        this.questions = questions;
    }

    /** A thread runs next that was ready for long; gives whether that should wait for an answer. */
    boolean asksBefore(long nowNs) {
        if (nowNs < nextAskNs) {
            return false;
        }
        boolean grows = grownNs != Long.MIN_VALUE && nowNs - grownNs < AGAIN_NS;
        nextAskNs = nowNs + (grows ? SOON_NS : AGAIN_NS);
        return questions.ask(new Question.OfSteal(), grows ? Urgency.NOW : Urgency.LATER) && grows;
    }

    void answered(Fact.OfSteal fact, long nowNs) {
        Growth stolen = cpus.computeIfAbsent(fact.cpu(), cpu -> new Growth("CPU " + cpu));
        if (stolen.read(fact.stolenNs(), nowNs)) {
            grownNs = nowNs;
            nextAskNs = Math.min(nextAskNs, nowNs + SOON_NS);
        }
    }

    void stamp(Ready.Turn turn, TraceEvent event) {
        Growth stolen = turn.readyNs == TraceEvent.UNKNOWN_NS || cpus.isEmpty() ? null : cpus.get(event.cpu);
        if (stolen != null) {
            event.stolenNs = stolen.within(Math.max(turn.readyNs, turn.movedNs), event.timeNs);
        }
    }

    /** Events were lost. */
    void doubt() {
        cpus.values().forEach(Growth::doubt);
    }
}
