package ktrace.system.ready;

import java.util.HashMap;
import java.util.Map;
import ktrace.event.Fact;
import ktrace.event.TraceEvent;
import ktrace.facts.Question;
import ktrace.facts.Question.Urgency;
import ktrace.facts.Questions;

/**
 * Which threads were ready and not let run, because the control group of their process had used up its quota. No event tells that:
 * a CPU that goes idle beside a thread that is ready says so, one that has others to run does not. The kernel counts for each group
 * how long it was held back. That counter is asked for when a thread is taken off its CPU, and again before the event with which it
 * comes back after it was ready for long; what it grew by in between is what the thread was held back.
 *
 * <p>Of a process that no quota binds it is asked once in a while, of others not more often than every {@value #AGAIN_NS} ns.
 * Written by the tracker's thread; allocates for a group that is new, and for questions.
 */
final class Quotas {
    private static final long AGAIN_NS = 5_000_000;
    private static final long UNTOLD_NS = 20_000_000;
    private static final long UNBOUND_NS = 5_000_000_000L;
    /** More groups with a quota than that are looked for anew. */
    private static final int LIMIT = 4096;

    private final Questions questions;
    private final Map<String, Growth> groups = new HashMap<>();

    Quotas(Questions questions) {
        this.questions = questions;
    }

    /** A thread of process {@code tgid} is taken off its CPU and could go on. */
    void preempted(Ready.Bond bond, int tgid, long nowNs) {
        if (nowNs >= bond.nextAskNs) {
            ask(bond, tgid, nowNs, Urgency.LATER);
        }
    }

    /** One of its threads runs again next, which was ready for long; gives whether that should wait for an answer. */
    boolean asksBefore(Ready.Bond bond, int tgid, long nowNs) {
        return nowNs >= bond.nextAskNs && ask(bond, tgid, nowNs, Urgency.NOW);
    }

    private boolean ask(Ready.Bond bond, int tgid, long nowNs, Urgency urgency) {
        bond.nextAskNs = nowNs + (bond.quota != null ? AGAIN_NS : UNTOLD_NS);
        return questions.ask(new Question.OfQuota(tgid), urgency);
    }

    /** FACT about the process of {@code bond}. */
    void answered(Ready.Bond bond, Fact.OfQuota fact, long nowNs) {
        if (fact.group().isEmpty()) {
            bond.quota = null;
            bond.nextAskNs = nowNs + UNBOUND_NS;
            return;
        }
        if (groups.size() >= LIMIT) {
            groups.clear();
        }
        bond.quota = groups.computeIfAbsent(fact.group(), Growth::new);
        bond.quota.read(fact.throttledNs(), nowNs);
    }

    /** Stamps the SCHED_SWITCH by which a thread runs that was ready since {@code readyNs}. */
    static void stamp(Ready.Bond bond, long readyNs, TraceEvent event) {
        Growth quota = bond.quota;
        if (quota != null) {
            event.quotaOf = quota.what;
            event.heldBackNs = readyNs == TraceEvent.UNKNOWN_NS ? 0 : quota.within(readyNs, event.timeNs);
        }
    }

    /** Events were lost. */
    void doubt() {
        groups.values().forEach(Growth::doubt);
    }
}
