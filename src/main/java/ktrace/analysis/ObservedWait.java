package ktrace.analysis;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * One blocked interval of one thread, from its switch off the CPU until it was woken.
 *
 * @param thread who waited
 * @param startNs when it began, on CLOCK_MONOTONIC; of a thread found blocked, when its observation began
 * @param endNs when it ended, or what {@link End} says instead
 * @param kind what it waited for
 * @param object that very thing, or null when it is not known
 * @param syscall the number of the call it waited in, or {@link #NO_SYSCALL}
 * @param waker who ended it, or null when that was an interrupt alone or is not known
 * @param evidence how sure the waker is
 * @param peers who held the other end of the object
 * @param end how it ended
 */
public record ObservedWait(ThreadId thread, long startNs, long endNs, ObjectKind kind, KernelObject object, int syscall,
        Waker waker, Evidence evidence, List<Peer> peers, End end) {
    /** {@link #syscall} of a wait outside all calls, or in one that is not known. */
    public static final int NO_SYSCALL = BlockedWait.NO_SYSCALL;

    /** How a wait ended. The name in exports is the lower-case name. */
    public enum End {
        /** By the wake-up. */
        WOKEN,
        /** The wake-up was not seen: it ended at the latest when the thread was at work again. */
        UNSEEN,
        /** Events were lost, or the thread was over: what is known of the wait ends here. */
        CUT,
        /** Not before the end of the trace. */
        ONGOING;

        private final String label = name().toLowerCase(java.util.Locale.ROOT);

        /** The name in exports. */
        public String label() {
            return label;
        }
    }

    public long durationNs() {
        return endNs - startNs;
    }
}
