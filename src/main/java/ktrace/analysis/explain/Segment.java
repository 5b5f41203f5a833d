package ktrace.analysis.explain;

import java.util.Set;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.Waker;
import ktrace.intervals.Interval;

/** An interval of a thread's past, as far as explaining needs it. Used again for a later one. */
final class Segment {
    static final int WAITED = -1;
    /** By these more may come to do; that a poll has ended by one of them is known where the kind says so. */
    private static final Set<ObjectKind> ASKED_BY = Set.of(ObjectKind.POLL, ObjectKind.TCP, ObjectKind.UNIX, ObjectKind.UDP);

    long fromNs;
    long toNs;
    /** What the thread did itself, the ordinal of a {@link ktrace.analysis.Cause}, or {@link #WAITED}. */
    int did = WAITED;
    /** What was waited for, and who ended it, or, while it goes on, who holds what is waited for; says nothing if it did something itself. */
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
        did = WAITED;
        kind = interval.kind();
        object = interval.object();
        goesOn = interval.end() == Interval.End.ONGOING;
        boolean isHeld = goesOn && interval.holder() != null && interval.holder().thread() != null;
        waker = isHeld ? interval.holder() : interval.waker();
        evidence = !isHeld ? interval.evidence() : interval.isSoleHolder() ? Evidence.OBJECT : Evidence.WAKER;
        owed = isOwed;
        free = !owed && isFree(interval);
    }

    /**
     * Whether {@code interval}'s thread waits for an answer; or, while it owes one itself, for something else than what others may ask
     * of it.
     */
    static boolean isForAnswer(Interval interval) {
        Expects expects = interval.expects();
        return expects == Expects.ANSWER || expects == Expects.OWING && !ASKED_BY.contains(interval.kind());
    }

    static boolean isFree(Interval interval) {
        Expects expects = interval.expects();
        return expects == Expects.WORK || expects == Expects.ANYTHING || expects == Expects.OWING;
    }
}
