package ktrace.analysis.path;

import ktrace.analysis.Cause;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * A stretch of a critical path: from {@code fromNs} to {@code toNs}, on CLOCK_MONOTONIC, this is what the end of it waited for.
 *
 * @param thread whose doing it was; of what came from outside, or what is not known, who waited for it
 * @param cause what the thread did, or what else it was
 * @param kind what {@code object} is; null where nothing was waited for
 * @param object the thing through which the thread before waited for this one, or which {@code thread} itself waited for; null when
 *     there is none, or it is not known
 * @param evidence the weakest on the way from the thread that the path is of; null of itself
 * @param outside who ended the wait, when that is somebody who is not observed; else null
 */
public record Stretch(ThreadId thread, Cause cause, long fromNs, long toNs, ObjectKind kind, KernelObject object, Evidence evidence,
        Waker outside) {
    public long lengthNs() {
        return toNs - fromNs;
    }

    /** This one with the one before it, which is alike. */
    Stretch extended(long earlierNs) {
        return new Stretch(thread, cause, earlierNs, toNs, kind, object, evidence, outside);
    }

    boolean follows(Stretch earlier) {
        return earlier.toNs == fromNs && earlier.thread == thread && earlier.cause == cause && earlier.kind == kind
                && earlier.object == object && earlier.evidence == evidence && earlier.outside == outside;
    }
}
