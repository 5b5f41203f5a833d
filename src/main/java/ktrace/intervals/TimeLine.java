package ktrace.intervals;

import java.util.List;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;

/**
 * The state of one thread, and since when: every nanosecond from the begin of its observation is in exactly one interval. What was
 * handed over stays: a state that turns out to have been wrong is counted as corrected, not rewritten. One thread writes; allocates
 * nothing after construction.
 *
 * @param <T> what the consumer keeps of the thread
 */
final class TimeLine<T> {
    final ThreadId id;
    final T subject;
    final BlockedWait wait = new BlockedWait();
    /** Made with the first one. */
    EarlyWaking early;
    /** Made with the first guess. */
    PollGuess guess;
    /** The CPU that it is believed to run on, or -1. */
    int cpu = -1;
    /** It has come to SCHED_PROCESS_EXIT, and its last switch is awaited. */
    boolean exiting;
    /** The CPU that it is queued on, of which it was taken, or -1; and its neighbours there. */
    int queuedOn = -1;
    TimeLine<?> queuedBefore;
    TimeLine<?> queuedAfter;
    /** The trace has ended, and what it did at last was handed over. */
    boolean isAllTold;
    /** Its neighbours in the order in which living threads were met. */
    TimeLine<T> before;
    TimeLine<T> after;

    private final IntervalSink<T> sink;
    private final Interval interval;
    private ThreadState state = ThreadState.UNKNOWN;
    private long fromNs;
    private long toldNs;
    private boolean everKnown;
    private boolean ended;

    /** @param interval the one that all threads use */
    TimeLine(ThreadId id, T subject, IntervalSink<T> sink, Interval interval, long fromNs) {
        this.id = id;
        this.subject = subject;
        this.sink = sink;
        this.interval = interval;
        this.fromNs = fromNs;
        toldNs = fromNs;
    }

    ThreadState state() {
        return state;
    }

    /** The time up to which every nanosecond was handed over, or will be with a guess that is pending. */
    long toldNs() {
        return toldNs;
    }

    /** No part of the interval that goes on was handed over. */
    boolean isUntold() {
        return toldNs == fromNs;
    }

    /** Whether an event has told the state before. */
    boolean everKnown() {
        return everKnown;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Something was seen of it, and it was not a switch to wait. */
    void forgetEarly() {
        if (early != null) {
            early.forget();
        }
    }

    /** Ends the interval that is going on, and goes over to {@code next}. */
    void step(ThreadState next, long nowNs) {
        step(next, nowNs, Interval.End.OVER);
    }

    /** A blocked interval has been handed over by {@link WaitEnds} already: what ended it is known there. */
    void step(ThreadState next, long nowNs, Interval.End end) {
        if (!state.blocked() && (nowNs > fromNs || end != Interval.End.OVER)) {
            tellPlain(nowNs, end, false);
        }
        state = next;
        fromNs = nowNs;
        toldNs = nowNs;
        everKnown |= next != ThreadState.UNKNOWN;
    }

    /**
     * It turns out that a thread that is ready was held back for so much of the time until now: first, for it ran before; then it had
     * to wait for its turn. What was handed over of that time stays.
     */
    void heldBack(long ns, long nowNs) {
        long heldNs = Math.min(ns, nowNs - toldNs);
        if (heldNs > 0) {
            step(ThreadState.THROTTLED, toldNs);
            step(ThreadState.RUNNABLE, fromNs + heldNs);
        }
    }

    /** The state since the last step was not what it was taken for: it is not known. */
    void takeBack() {
        state = ThreadState.UNKNOWN;
    }

    /** What the thread waits for, if it waits at all, has become known. What was handed over of that wait keeps its state. */
    void waitsAnew(TraceEvent event) {
        if (state.blocked() && isUntold()) {
            state = wait.begin(event, fromNs);
        } else if (state.blocked() && event.object != null) {
            wait.endedBy(event.object);
        }
    }

    /** The kernel said who holds what the thread waits for. */
    void heldBy(TraceEvent fact) {
        if (state.blocked()) {
            wait.heldBy(fact);
        }
    }

    /** It has become known who is at the other end of what the thread waits for, and so what it may expect. */
    void waitsFor(List<Peer> peers, Expects expects) {
        if (state.blocked()) {
            wait.peers = peers;
            wait.expects = expects;
        }
    }

    /** Who is known to hold what the thread waits for; null also when it does not wait. */
    Waker holder() {
        return state.blocked() ? wait.holder : null;
    }

    /** A window ends, or the trace. Not for a blocked thread. */
    void tellOngoing(long nowNs, boolean last) {
        tellPlain(nowNs, Interval.End.ONGOING, !last);
        toldNs = nowNs;
    }

    /** What the wait has come to was handed over. */
    void toldUpTo(long nowNs) {
        toldNs = nowNs;
    }

    private void tellPlain(long nowNs, Interval.End end, boolean provisional) {
        Interval i = interval;
        i.state = state;
        i.toldState = state;
        i.fromNs = fromNs;
        i.toNs = nowNs;
        i.newFromNs = toldNs;
        i.nowNs = nowNs;
        i.end = end;
        i.provisional = provisional;
        i.late = false;
        tell();
    }

    /** Hands over what stands in the interval. */
    void tell() {
        interval.thread = id;
        sink.interval(subject, interval);
    }

    void end(long nowNs) {
        ended = true;
        sink.ends(subject, nowNs);
    }

    void returned(int syscall, long lengthNs, long result) {
        sink.returned(subject, syscall, lengthNs, result);
    }
}
