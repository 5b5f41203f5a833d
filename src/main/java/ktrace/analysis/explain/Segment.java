package ktrace.analysis.explain;

import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.Waker;
import ktrace.intervals.Interval;
import ktrace.intervals.ThreadState;

/** An interval of a thread's past, as far as explaining needs it. Used again for a later one. */
final class Segment {
    long fromNs;
    long toNs;
    ThreadState state = ThreadState.UNKNOWN;
    /** What was waited for, and who ended it; says nothing in a state that is no wait. */
    ObjectKind kind = ObjectKind.OTHER;
    KernelObject object;
    Waker waker;
    Evidence evidence = Evidence.NONE;
    /** The wait was not over when the trace was. */
    boolean goesOn;
    /** Whoever ends the wait holds what is waited for, or owes the answer: while it sleeps it keeps the waiter waiting. */
    boolean owed;
    /** Whoever waits has no answer to get: there is only work that somebody may bring. */
    boolean free;

    void take(Interval interval, boolean isOwed) {
        fromNs = interval.fromNs();
        toNs = interval.toNs();
        state = interval.state();
        kind = interval.kind();
        object = interval.object();
        waker = interval.waker();
        evidence = interval.evidence();
        goesOn = interval.end() == Interval.End.ONGOING;
        owed = isOwed || interval.expects() == Expects.ANSWER;
        free = !owed && (interval.expects() == Expects.WORK || interval.expects() == Expects.ANYTHING);
    }
}
