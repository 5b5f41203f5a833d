package ktrace.system.wide;

import java.util.Set;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import org.agrona.collections.IntHashSet;

/**
 * Who is watched for states, besides those that are observed: whoever one of these waits for, and whoever such a one waits for
 * itself. It is decided by the waits that have ended, or of which the stream says that they last, and what came of it is an event
 * ({@link ktrace.event.Fact.OfWatch}): so it is the same when the trace is read. Written by the tracker's thread.
 */
public final class WideView {
    /** So many are watched at a time at most. */
    public static final int MOST = 64;
    /** So far they may be from those that were asked for. */
    public static final int DEPTH = 4;
    /** Who has kept others waiting for less is not worth it. */
    public static final long WORTH_NS = 1_000_000;
    private static final int MOST_ACTORS = 8;
    /** What comes of itself, as signals and packets, is none. */
    private static final Set<ObjectKind> BY_OTHERS = Set.of(ObjectKind.PIPE, ObjectKind.FIFO, ObjectKind.UNIX, ObjectKind.TCP,
            ObjectKind.FUTEX, ObjectKind.FILELOCK, ObjectKind.CHILD, ObjectKind.POLL);

    /** What a process is in this. */
    public static final class Place {
        /** How many waits lie between it and those that were asked for; these are 0. */
        private int depth;
        private long awaitedNs;
        /** It was asked for, or passed over. */
        private boolean decided;
        private boolean leftOut;

        /** Whether it has been decided already if it is to be watched. */
        public boolean isDecided() {
            return decided || leftOut;
        }

        /** It is not wanted in view: a child, where children are not followed. */
        public void leaveOut() {
            leftOut = true;
        }
    }

    private final TraceCounters counters;
    /** Those that are watched, or were asked for and not answered yet. */
    private final IntHashSet asked = new IntHashSet();
    private boolean widens;

    /** @param counters of its owner */
    public WideView(TraceCounters counters) {
        this.counters = counters;
    }

    /** From now on; nobody is watched in a stream that does not say so. */
    public void widens() {
        widens = true;
    }

    /** Whether it is known who would have to end a wait of that kind when so many are at the other end of what is waited for. */
    public static boolean isDoneBy(ObjectKind kind, int actors) {
        return actors <= MOST_ACTORS && BY_OTHERS.contains(kind);
    }

    /** Whether anybody may be. */
    public boolean isWide() {
        return widens;
    }

    /**
     * Somebody in view has waited so long for process {@code tgid}, which is not.
     *
     * @return whether it is to be watched, which is said once
     */
    public boolean wants(int tgid, Place awaited, Place waiter, long ns) {
        if (!widens || awaited.decided || awaited.leftOut) {
            return false;
        }
        awaited.awaitedNs += ns;
        if (awaited.awaitedNs < WORTH_NS) {
            return false;
        }
        awaited.decided = true;
        awaited.depth = waiter.depth + 1;
        if (awaited.depth > DEPTH || asked.size() >= MOST) {
            counters.increment(TraceCounter.NOT_WATCHED);
            return false;
        }
        return asked.add(tgid);
    }

    /** It is watched from now on. */
    public void watched(int tgid, Place place) {
        place.decided = true;
        place.depth = Math.max(1, place.depth);
        asked.add(tgid);
    }

    /** It has ended, or could not be watched. */
    public void leaves(int tgid) {
        asked.remove(tgid);
    }
}
