package ktrace.analysis.explain;

import java.util.Arrays;
import ktrace.analysis.waits.Edges;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * What one thread did, in the order of time: the latest {@value #MOST} segments one by one, and all of it in {@link Epochs}.
 * Allocates while it grows to that.
 */
public final class Past {
    static final int MOST = 64;

    final ThreadId thread;
    final long beginNs;
    /** Who made it, as it is called; null when that was not seen. */
    final Waker maker;
    final Epochs epochs = new Epochs();
    final Edges.OfThread edges = new Edges.OfThread();
    /** It waits for a lock, when it waits in the futex call that it made last. */
    boolean locks;
    /** That call ends at some time, whatever comes. */
    boolean timed;
    /** Others than its process may use the word of that call; and what it says while somebody is to wait for it. */
    boolean shared;
    int word;

    private Segment[] ring = new Segment[0];
    private int first;
    private int size;

    Past(ThreadId thread, long beginNs, Waker maker) {
        this.thread = thread;
        this.beginNs = beginNs;
        this.maker = maker;
    }

    int size() {
        return size;
    }

    /** The segments are numbered from 0, the oldest. */
    Segment at(int index) {
        return ring[(first + index) & ring.length - 1];
    }

    /** Up to where it is known; what the thread does since then is not over. */
    long untilNs() {
        return size == 0 ? beginNs : at(size - 1).toNs;
    }

    /** One more, to be filled by the caller and then {@link #settle settled}. */
    Segment next() {
        if (size < ring.length) {
            size++;
        } else if (ring.length < MOST) {
            grow();
            size++;
        } else {
            first = first + 1 & ring.length - 1;
        }
        return at(size - 1);
    }

    private void grow() {
        Segment[] wider = new Segment[Math.max(4, 2 * ring.length)];
        for (int i = 0; i < size; i++) {
            wider[i] = at(i);
        }
        Arrays.setAll(wider, i -> wider[i] == null ? new Segment() : wider[i]);
        ring = wider;
        first = 0;
    }

    /** The newest goes to its place: a wait whose object was a guess is told of after what came next. */
    void settle() {
        for (int i = size - 1; i > 0 && at(i - 1).fromNs > at(i).fromNs; i--) {
            Segment later = at(i - 1);
            ring[(first + i - 1) & ring.length - 1] = at(i);
            ring[(first + i) & ring.length - 1] = later;
        }
    }
}
