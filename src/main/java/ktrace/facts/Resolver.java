package ktrace.facts;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;

/**
 * Answers the tracker's questions on threads of its own, because /proc, mounts and the memory of others can be slow, and some of
 * them never answer. Each answer goes into the stream of events, with the time from before it was looked for: there it stands where
 * it holds.
 *
 * <pre>
 *                 ask(…)                                       FACT, at its time
 *   poller ─────────────────► lane of quick questions ──────────────────────────► stream
 *     ▲  └──────────────────► lane of searches        ──────────────────────────►
 *     └── await(), poll() ◄── what was asked with NOW
 * </pre>
 *
 * <p>A question that takes longer than its deadline is given up and counted, its thread left behind, and another one goes on; about
 * that process nothing is asked for a while. The lanes bound how much may wait and how much CPU time they take.
 *
 * <p>All methods but {@link #awaitReady} are the poller's, {@link #close} included.
 */
public final class Resolver implements Questions, Answers, AutoCloseable {
    /** So long an event is held up for an answer, at most. */
    static final long HOLD_NS = 2_000_000;
    /** With less left for it, no event is held up. */
    private static final long WORTH_NS = HOLD_NS / 4;
    private static final long DEADLINE_NS = 500_000_000;
    /** A search goes through all of /proc. */
    private static final long SEARCH_DEADLINE_NS = 30_000_000_000L;

    private final LongSupplier clockNs;
    private final TraceCounters counters;
    private final Lane quick;
    private final Lane searches;
    private volatile StateSink stream = (type, timeNs, tid, payload) -> { };
    private volatile IntSupplier unread = () -> 0;
    private final ConcurrentLinkedQueue<Fact> urgent = new ConcurrentLinkedQueue<>();
    private final CpuBudget holds;
    private final SlowProcesses slow = new SlowProcesses();

    /**
     * @param sources makes what a thread asks; each thread has its own
     * @param counters the poller's
     */
    public Resolver(Supplier<? extends ObjectSource> sources, TraceCounters counters) {
        this(sources, counters, System::nanoTime);
    }

    Resolver(Supplier<? extends ObjectSource> sources, TraceCounters counters, LongSupplier clockNs) {
        this.clockNs = clockNs;
        this.counters = counters;
        Lane.Sink sink = (fact, timeNs, isUrgent) -> {
            if (isUrgent) {
                urgent.add(fact);
            } else {
                stream.state(EventType.FACT, timeNs, 0, fact);
            }
        };
        quick = new Lane("ktrace-facts", sources, sink, clockNs, DEADLINE_NS, CpuBudget.quick());
        searches = new Lane("ktrace-searches", sources, sink, clockNs, SEARCH_DEADLINE_NS, CpuBudget.searches());
        holds = CpuBudget.holds();
    }

    /**
     * Where the answers go, on any thread; before anything is asked.
     *
     * @param waiting how many answers wait there for their turn: as many fewer questions may wait. Asked by the poller
     */
    public void answerInto(StateSink sink, IntSupplier waiting) {
        stream = sink;
        unread = waiting;
        quick.begin();
    }

    /**
     * Waits, but not longer than that, until what is asked next is answered as fast as it ever will be: a program that is let go before
     * has ended its first waits by then. Any thread, after {@link #answerInto}.
     */
    public void awaitReady(long timeoutNs) throws InterruptedException {
        quick.awaitReady(timeoutNs);
    }

    @Override
    public boolean ask(Question question, Question.Urgency urgency) {
        long nowNs = clockNs.getAsLong();
        watch(nowNs);
        boolean isSlow = slow.contains(question.of(), nowNs);
        if (urgency == Question.Urgency.NOW && holds.left(nowNs) < WORTH_NS) {
            // No event will wait for it, but those that come next may need it as well.
            if (!isSlow) {
                quick.askAhead(question);
            }
            return false;
        }
        boolean taken = !isSlow && (question.isSearch() ? searches : quick)
                .ask(question, urgency, unread.getAsInt());
        if (urgency == Question.Urgency.NOW) {
            // Who answers may take the poller's own CPU at once, and have answered before anybody waits.
            long askedNs = clockNs.getAsLong();
            holds.spend(askedNs, askedNs - nowNs);
        }
        if (!taken) {
            counters.increment(TraceCounter.NOT_ASKED);
        }
        return taken;
    }

    @Override
    public void await() {
        long startNs = clockNs.getAsLong();
        long untilNs = startNs + Math.min(HOLD_NS, holds.left(startNs));
        while (quick.urgentPending() && clockNs.getAsLong() < untilNs) {
            quick.parkUntilAnswered(untilNs - clockNs.getAsLong());
        }
        long endNs = clockNs.getAsLong();
        holds.spend(endNs, endNs - startNs);
        if (quick.urgentPending()) {
            counters.increment(TraceCounter.ANSWERED_LATE);
        }
    }

    @Override
    public Fact poll() {
        watch(clockNs.getAsLong());
        return urgent.poll();
    }

    /** Gives up what takes too long. */
    private void watch(long nowNs) {
        giveUpLate(quick, nowNs);
        giveUpLate(searches, nowNs);
    }

    private void giveUpLate(Lane lane, long nowNs) {
        Question late = lane.giveUpLate(nowNs);
        if (late != null) {
            counters.increment(TraceCounter.ANSWER_TIMED_OUT);
            slow.add(late.of(), nowNs);
        }
    }

    @Override
    public void close() {
        quick.close();
        searches.close();
    }
}
