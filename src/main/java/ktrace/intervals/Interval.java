package ktrace.intervals;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;

/**
 * A time that one thread spent in one state. There is one such object for all intervals: what it says holds during the call that
 * hands it over, and nobody keeps it. Times are nanoseconds on CLOCK_MONOTONIC.
 *
 * <p>A blocked interval says what the thread waited for and who ended that; of all others these fields say nothing.
 */
public final class Interval {
    /** {@link #syscall} of a wait outside all calls, or in one that is not known. */
    public static final int NO_SYSCALL = TraceEvent.NO_CALL;

    /** How an interval ended. The name in exports is the lower-case name. */
    public enum End {
        /** A wait, by the wake-up. */
        WOKEN,
        /** A wait whose wake-up was not seen: it ended at the latest when the thread was at work again. */
        UNSEEN,
        /** A wait: events were lost, or the thread was over. What is known of the wait ends here. */
        CUT,
        /** It goes on: the trace, or a window of it, has ended before. */
        ONGOING,
        /** The thread left its CPU to wait, or for ever. */
        LEFT,
        /** The thread was taken off its CPU, and could go on. */
        PREEMPTED,
        /** Something else was seen of the thread. */
        OVER;

        private final String label = name().toLowerCase(java.util.Locale.ROOT);

        /** The name in exports. */
        public String label() {
            return label;
        }
    }

    ThreadId thread;
    ThreadState state = ThreadState.UNKNOWN;
    ThreadState toldState = ThreadState.UNKNOWN;
    long fromNs;
    long toNs;
    long newFromNs;
    long nowNs;
    End end = End.OVER;
    boolean provisional;
    boolean late;

    ObjectKind kind = ObjectKind.OTHER;
    KernelObject object;
    int syscall = NO_SYSCALL;
    Waker waker;
    Evidence evidence = Evidence.NONE;
    List<Peer> peers = List.of();
    Expects expects = Expects.UNKNOWN;
    Waker holder;
    boolean isSoleHolder;
    long heldNs;

    Interval() {
    }

    public ThreadId thread() {
        return thread;
    }

    public ThreadState state() {
        return state;
    }

    /**
     * The state by which the part of it was handed over that lies in earlier windows. It is another one where the wake-up has shown
     * that what was waited for was not what it had seemed.
     */
    public ThreadState toldState() {
        return toldState;
    }

    /** When it began; of a thread found in that state, when its observation began. */
    public long fromNs() {
        return fromNs;
    }

    /** When it ended, or what {@link End} says instead. */
    public long toNs() {
        return toNs;
    }

    public long lengthNs() {
        return toNs - fromNs;
    }

    /** What of its length no interval has had that was handed over before: of all that is handed over, these add up to the time. */
    public long newNs() {
        return toNs - newFromNs;
    }

    /** The time of the event that it is handed over at. */
    public long nowNs() {
        return nowNs;
    }

    public End end() {
        return end;
    }

    /**
     * It will be handed over again when more is known: it goes on at the end of a window, or what it waited for is a guess that the
     * thread's next call will confirm or take back. Until then it is what is known without the guess.
     */
    public boolean provisional() {
        return provisional;
    }

    /** It ended in an earlier window, at whose end it was provisional. */
    public boolean late() {
        return late;
    }

    /** What it waited for. */
    public ObjectKind kind() {
        return kind;
    }

    /** That very thing, or null when it is not known. */
    public KernelObject object() {
        return object;
    }

    /** The number of the call it waited in, or {@link #NO_SYSCALL}. */
    public int syscall() {
        return syscall;
    }

    /** Who ended it, or null when that was an interrupt alone or is not known. */
    public Waker waker() {
        return waker;
    }

    /** How sure the waker is. */
    public Evidence evidence() {
        return evidence;
    }

    /** Who held the other end of the object. */
    public List<Peer> peers() {
        return peers;
    }

    /** What whoever waited could expect. */
    public Expects expects() {
        return expects;
    }

    /** Who held what it waited for when the kernel was asked last, as it is of long waits; null when that is nobody known. */
    public Waker holder() {
        return holder;
    }

    /** Nobody else than {@link #holder} could have let go of it. */
    public boolean isSoleHolder() {
        return holder != null && isSoleHolder;
    }

    /** When that was. */
    public long heldNs() {
        return heldNs;
    }

    /** Which stack the thread went to wait with, or 0: none is taken yet. */
    public int stackId() {
        return 0;
    }
}
