package ktrace.analysis.explain;

import java.util.Arrays;
import ktrace.analysis.Cause;
import ktrace.analysis.waits.Edges;
import ktrace.event.Comm;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;

/**
 * What one thread did, in the order of time: the latest {@value #MOST} segments one by one, and all of it in {@link Epochs}.
 * Allocates while it grows to that.
 */
public final class Past {
    static final int MOST = 64;
    /** linux/futex.h; and what glibc and Go write into a lock that somebody waits for. */
    private static final int FUTEX_COMMAND = 0x7f;
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_PRIVATE = 0x80;
    private static final int FUTEX_LOCK_PI = 6;
    private static final int FUTEX_LOCK_PI2 = 13;
    private static final int CONTENDED = 2;

    final ThreadId thread;
    final long beginNs;
    /** Who made it, as it is called; null when that was not seen. */
    final Waker maker;
    final Epochs epochs = new Epochs();
    final Edges.OfThread edges = new Edges.OfThread();
    final Account.OfThread account;
    /** The stretch that is being filled. */
    Epoch epoch;
    /** Null until it deals with somebody. */
    Computations computations;
    /** It waits for a lock, when it waits in the futex call that it made last. */
    boolean locks;
    /** That call ends at some time, whatever comes. */
    boolean timed;
    /** Others than its process may use the word of that call; and what it says while somebody is to wait for it. */
    boolean shared;
    int word;

    private Segment[] ring = new Segment[0];
    /** The place of the one that comes next; the latest are before it. */
    private int end;
    private int size;
    private long lastFromNs = Long.MIN_VALUE;

    Past(ThreadId thread, long beginNs, Waker maker) {
        this.thread = thread;
        this.beginNs = beginNs;
        this.maker = maker;
        account = new Account.OfThread(thread.process());
    }

    /** It has handed its name on. */
    static Waker maker(TraceEvent event) {
        ThreadId thread = event.otherThread;
        String comm = Comm.text(event.comm0, event.comm1);
        return new Waker(thread, thread.tid(), comm, new Peer(thread.process().tgid(), comm));
    }

    /** A lock is waited for by its word, which says that it is taken and waited for; a condition by a bit set. */
    void callsFutex(TraceEvent event) {
        int command = (int) event.arg1 & FUTEX_COMMAND;
        locks = command == FUTEX_WAIT && (int) event.arg2 == CONTENDED || command == FUTEX_LOCK_PI || command == FUTEX_LOCK_PI2;
        timed = event.arg3 != 0;
        shared = ((int) event.arg1 & FUTEX_PRIVATE) == 0;
        word = (int) event.arg2;
    }

    int size() {
        return size;
    }

    /** The segments are numbered from 0, the oldest. */
    Segment at(int index) {
        return ring[place(index)];
    }

    private int place(int index) {
        return end - size + index & ring.length - 1;
    }

    /** Up to where it is known; what the thread does since then is not over. */
    long untilNs() {
        return size == 0 ? beginNs : at(size - 1).toNs;
    }

    /** One more, in which the thread did something itself. */
    void did(Cause cause, long fromNs, long toNs) {
        Segment segment = next(fromNs);
        segment.did = cause.ordinal();
        segment.fromNs = fromNs;
        segment.toNs = toNs;
        if (cause != Cause.COMPUTES) {
            offCpu(segment);
        }
        settle(segment);
    }

    void offCpu(Segment segment) {
        if (computations != null) {
            computations.off(segment.fromNs, segment.toNs);
        }
    }

    /** One more, to be filled by the caller and then {@link #settle settled}. */
    Segment next(long fromNs) {
        if ((end & Epochs.SEGMENTS - 1) == 0) {
            epoch = epochs.next(fromNs);
        }
        if (size < ring.length) {
            size++;
        } else if (size < MOST) {
            grow();
            size++;
        }
        return ring[end++ & ring.length - 1];
    }

    private void grow() {
        Segment[] wider = new Segment[Math.max(4, 2 * ring.length)];
        for (int i = 0; i < size; i++) {
            wider[i] = at(i);
        }
        Arrays.setAll(wider, i -> wider[i] == null ? new Segment() : wider[i]);
        ring = wider;
        end = size;
    }

    /** The newest goes to its place: a wait whose object was a guess is told of after what came next. */
    void settle(Segment newest) {
        if (newest.toNs > epoch.toNs) {
            epoch.toNs = newest.toNs;
        }
        if (newest.fromNs >= lastFromNs) {
            lastFromNs = newest.fromNs;
            return;
        }
        for (int i = size - 1; i > 0 && at(i - 1).fromNs > newest.fromNs; i--) {
            ring[place(i)] = at(i - 1);
            ring[place(i - 1)] = newest;
        }
    }
}
