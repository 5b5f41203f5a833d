package ktrace.analysis.path;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import ktrace.analysis.Cause;
import ktrace.analysis.explain.OwnDoing;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * Walks from the end of an interval of a thread back to its begin. What the thread did itself is a stretch of its own; a wait that W
 * ended is what W did as long as it lasted, and W's waits within are what those did who ended them, and so on: Giraldeau's and
 * Dagenais' walk along wake-ups (Wait Analysis of Distributed Systems Using Kernel Tracing, 2016), bounded by the wait as in Trace
 * Compass. Before the begin of a thread it is what the thread did that made it. The lengths of all stretches add up to that of the
 * interval.
 *
 * <p>Unbounded, it stays with W from there on: what W did before the wait began counts too, and what the waiter did before does not,
 * unless somebody waited for it. That is the chain of work that could not have been done any later. Used once.
 *
 * <pre>
 *   A  ▬▬▬▬│ waits for B          │▬▬▬    A: computes      B: computes  C: disk  B: computes      A: computes
 *   B      ▬▬▬▬│ waits for C │▬▬▬▬↑
 *   C              disk      ↑
 * </pre>
 */
public final class CriticalPath {
    /** Through so many waits a wait is followed. */
    static final int DEPTH = 64;
    /** So many stretches are listed one by one. */
    private static final int LISTED = 1_000_000;

    /**
     * Who is walked along.
     *
     * @param untilNs back to here; then it goes on with who waited for this one
     * @param evidence of the way here, null of the first
     */
    private record Walk(Trail trail, long untilNs, ObjectKind kind, KernelObject object, Evidence evidence) {
    }

    private final History history;
    private final Consumer<Stretch> stretches;
    private final Reach reach;
    private final ArrayDeque<Walk> walks = new ArrayDeque<>();
    /** Unbounded: through how many waits it has come since anything was told. */
    private int turns;
    private long timeNs;
    private Stretch last;

    /** How far back whoever ended a wait is walked along. */
    public enum Reach {
        /** To the begin of the wait. */
        BOUNDED,
        /** As far as it goes. */
        UNBOUNDED
    }

    private CriticalPath(History history, Reach reach, Consumer<Stretch> stretches) {
        this.history = history;
        this.reach = reach;
        this.stretches = stretches;
    }

    /**
     * Hands over the stretches, the latest first; whatever number there is of them, none is kept.
     *
     * @param thread one of the history
     * @param fromNs on CLOCK_MONOTONIC, as {@code toNs}
     */
    public static void walk(History history, ThreadId thread, long fromNs, long toNs, Reach reach, Consumer<Stretch> stretches) {
        if (fromNs < toNs) {
            new CriticalPath(history, reach, stretches).walk(history.trail(thread), fromNs, toNs);
        }
    }

    /** The stretches in the order of time. What is before the last {@value #LISTED} is one. */
    public static List<Stretch> of(History history, ThreadId thread, long fromNs, long toNs, Reach reach) {
        return of(history, thread, fromNs, toNs, reach, LISTED);
    }

    static List<Stretch> of(History history, ThreadId thread, long fromNs, long toNs, Reach reach, int listed) {
        List<Stretch> list = new ArrayList<>();
        walk(history, thread, fromNs, toNs, reach, stretch -> {
            if (list.size() < listed) {
                list.add(stretch);
            } else {
                Stretch rest = list.size() > listed ? list.removeLast() : new Stretch(thread, Cause.FURTHER_BACK, stretch.toNs(),
                        stretch.toNs(), null, null, null, null);
                list.add(rest.extended(stretch.fromNs()));
            }
        });
        Collections.reverse(list);
        return list;
    }

    private void walk(Trail trail, long fromNs, long toNs) {
        timeNs = toNs;
        walks.push(new Walk(trail, fromNs, null, null, null));
        while (!walks.isEmpty()) {
            Walk walk = walks.peek();
            if (timeNs <= walk.untilNs) {
                walks.pop();
            } else {
                step(walk);
            }
        }
        if (last != null) {
            stretches.accept(last);
        }
    }

    private void step(Walk walk) {
        Trail trail = walk.trail;
        Trail.Found found = trail.before(timeNs);
        if (found == null) {
            before(walk);
            return;
        }
        if (found.toNs() < timeNs) {
            // It was over, or what it did then is not told of.
            tell(walk, Cause.UNKNOWN, found.toNs());
            return;
        }
        Piece piece = history.piece(found);
        Cause did = OwnDoing.in(piece.state());
        if (did == null) {
            wait(walk, piece, found.fromNs());
        } else if (piece.state().blocked()) {
            tell(walk, did, found.fromNs(), piece.kind(), piece.object(), walk.evidence, null);
        } else {
            tell(walk, did, found.fromNs());
        }
    }

    /** Nothing is known of what it did before. */
    private void before(Walk walk) {
        Trail maker = history.trail(walk.trail.maker);
        if (walk.trail.isShortened()) {
            tell(walk, Cause.FURTHER_BACK, walk.untilNs);
        } else if (maker == null || timeNs > walk.trail.beginNs) {
            boolean isWatchedSince = maker == null && walk.trail.thread.process().statesOnly();
            tell(walk, isWatchedSince ? Cause.OUTSIDE : Cause.UNKNOWN, maker == null ? walk.untilNs : walk.trail.beginNs);
        } else if (isDeep()) {
            tell(walk, Cause.FURTHER_BACK, walk.untilNs);
        } else {
            turn(new Walk(maker, walk.untilNs, walk.kind, walk.object, walk.evidence));
        }
    }

    private void wait(Walk walk, Piece piece, long fromNs) {
        Waker waker = piece.waker();
        Trail next = waker == null ? null : history.trail(waker.thread());
        Evidence evidence = weaker(walk.evidence, piece.evidence());
        if (next != null && next != walk.trail && !isDeep()) {
            turn(new Walk(next, reach == Reach.UNBOUNDED ? walk.untilNs : Math.max(fromNs, walk.untilNs), piece.kind(), piece.object(), evidence));
            return;
        }
        Cause cause = next != null ? next == walk.trail ? Cause.UNKNOWN : Cause.FURTHER_BACK
                : waker != null ? Cause.OUTSIDE : unwoken(piece);
        tell(walk, cause, fromNs, piece.kind(), piece.object(), evidence, next == null ? waker : null);
    }

    private boolean isDeep() {
        return walks.size() > DEPTH || turns > DEPTH;
    }

    /** Whoever goes on for all that is left goes on in its place: there is nothing to come back for. */
    private void turn(Walk next) {
        if (walks.peek().untilNs == next.untilNs) {
            walks.pop();
            turns++;
        }
        walks.push(next);
    }

    /** Nobody ended it: a packet came, a timer ran out, or that was not seen. */
    private static Cause unwoken(Piece wait) {
        boolean network = wait.kind() == ObjectKind.TCP || wait.kind() == ObjectKind.UDP;
        return wait.goesOn() ? Cause.GOES_ON : wait.evidence() != Evidence.INTERRUPT ? Cause.UNKNOWN
                : network ? Cause.OUTSIDE : wait.kind() == ObjectKind.TIMERFD ? Cause.SLEEPS : Cause.UNKNOWN;
    }

    private static Evidence weaker(Evidence a, Evidence b) {
        return a == null || a.compareTo(b) < 0 ? b : a;
    }

    private void tell(Walk walk, Cause cause, long fromNs) {
        tell(walk, cause, fromNs, walk.kind, walk.object, walk.evidence, null);
    }

    private void tell(Walk walk, Cause cause, long fromNs, ObjectKind kind, KernelObject object, Evidence evidence, Waker outside) {
        long beginNs = Math.max(fromNs, walk.untilNs);
        Stretch stretch = new Stretch(walk.trail.thread, cause, beginNs, timeNs, kind, object, evidence, outside);
        if (last != null && last.follows(stretch)) {
            last = last.extended(beginNs);
        } else {
            if (last != null) {
                stretches.accept(last);
            }
            last = stretch;
        }
        timeNs = beginNs;
        turns = 0;
    }
}
