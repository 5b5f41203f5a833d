package ktrace.analysis.path;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.Comm;
import ktrace.event.ThreadId;

/**
 * What one thread did, interval by interval: a time and a number of a {@link Piece} each, since an interval ends where the next one
 * begins. The oldest can be let go. One thread.
 */
final class Trail {
    private static final int FIRST = 16;
    private static final int MOST = 4096;

    private static final class Chunk {
        private final long[] fromNs;
        private final int[] pieces;
        private int size;

        private Chunk(int length) {
            fromNs = new long[length];
            pieces = new int[length];
        }
    }

    /** An interval. */
    record Found(long fromNs, long toNs, int piece) {
    }

    final ThreadId thread;
    final long beginNs;
    /** The thread that made it, or null. */
    ThreadId maker;
    private final List<Chunk> chunks = new ArrayList<>();
    /** Those before were let go. */
    private int first;
    private long untilNs;
    private long comm0;
    private long comm1;
    private String comm = "";

    Trail(ThreadId thread, long beginNs) {
        this.thread = thread;
        this.beginNs = beginNs;
        untilNs = beginNs;
    }

    void rename(long half0, long half1) {
        if (half0 != comm0 || half1 != comm1) {
            comm0 = half0;
            comm1 = half1;
            comm = Comm.text(half0, half1);
        }
    }

    void rename(String name) {
        comm0 = 0;
        comm1 = 0;
        comm = name;
    }

    /** Its latest name. */
    String comm() {
        return comm;
    }

    long untilNs() {
        return untilNs;
    }

    /** What it did before was let go. */
    boolean isShortened() {
        return first > 0;
    }

    /** @return whether a part of it is full, which can be let go */
    boolean add(long fromNs, long toNs, int piece) {
        untilNs = Math.max(untilNs, toNs);
        Chunk last = chunks.size() == first ? null : chunks.getLast();
        boolean full = last != null && last.size == last.fromNs.length;
        if (last == null || full) {
            last = new Chunk(last == null ? FIRST : Math.min(MOST, 2 * last.fromNs.length));
            chunks.add(last);
        }
        last.fromNs[last.size] = fromNs;
        last.pieces[last.size++] = piece;
        settle();
        return full;
    }

    /** The newest goes to its place: a wait whose object was a guess is told of after what came next. */
    private void settle() {
        int c = chunks.size() - 1;
        Chunk chunk = chunks.get(c);
        int i = chunk.size - 1;
        while (true) {
            int previous = i > 0 ? c : c - 1;
            if (previous < first) {
                return;
            }
            Chunk before = chunks.get(previous);
            int k = i > 0 ? i - 1 : before.size - 1;
            if (before.fromNs[k] <= chunk.fromNs[i]) {
                return;
            }
            long fromNs = before.fromNs[k];
            int piece = before.pieces[k];
            before.fromNs[k] = chunk.fromNs[i];
            before.pieces[k] = chunk.pieces[i];
            chunk.fromNs[i] = fromNs;
            chunk.pieces[i] = piece;
            c = previous;
            chunk = before;
            i = k;
        }
    }

    /** Lets the oldest part go; gives how many intervals that were. */
    int shorten() {
        int size = chunks.get(first).size;
        chunks.set(first++, null);
        return size;
    }

    /** The last interval that begins before {@code timeNs}; null when there is none, or it was let go. */
    Found before(long timeNs) {
        int low = first;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks.get(middle).fromNs[0] < timeNs) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (low >= chunks.size() || chunks.get(low).fromNs[0] >= timeNs) {
            return null;
        }
        Chunk chunk = chunks.get(low);
        int from = 0;
        int to = chunk.size - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (chunk.fromNs[middle] < timeNs) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        long nextNs = from + 1 < chunk.size ? chunk.fromNs[from + 1] : low + 1 < chunks.size() ? chunks.get(low + 1).fromNs[0] : untilNs;
        return new Found(chunk.fromNs[from], nextNs, chunk.pieces[from]);
    }
}
