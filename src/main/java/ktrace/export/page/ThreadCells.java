package ktrace.export.page;

import java.util.Arrays;
import ktrace.event.ThreadId;
import ktrace.intervals.ThreadState;

/**
 * The time of one thread in cells that follow each other. A cell is a stretch in one state with its exact ends, or, where stretches
 * are shorter than the quantum, what a bucket of that length has of each state. However coarse the cells are, each state has the
 * same time in all of them together.
 *
 * <p>Buckets begin at multiples of the quantum, a power of two, so that coarser ones are made of whole finer ones.
 */
final class ThreadCells {
    static final int STATES = ThreadState.values().length;
    static final int MIXED = 15;
    /** What stands behind the times of the states of a mixed cell: the length of its longest wait. */
    private static final int LONGEST_WAIT = STATES;
    private static final int STRIDE = STATES + 1;
    private static final int STATE_BITS = 4;
    private static final int FIRST_ROOM = 8;

    private final ThreadId thread;
    private final long beganNs;
    private boolean ended;
    private long quantumNs;
    private int size;
    private long[] fromNs = new long[FIRST_ROOM];
    private long[] toNs = new long[FIRST_ROOM];
    /** The state, or MIXED; above it the number of what is waited for. */
    private int[] what = new int[FIRST_ROOM];
    /** Where in {@link #sums} a mixed cell has its own. */
    private int[] mixedAt = new int[FIRST_ROOM];
    private long[] sums = new long[0];
    private int sumsSize;

    ThreadCells(ThreadId thread, long beganNs, long quantumNs) {
        this.thread = thread;
        this.beganNs = beganNs;
        this.quantumNs = quantumNs;
    }

    ThreadId thread() {
        return thread;
    }

    int size() {
        return size;
    }

    long fromNs(int cell) {
        return fromNs[cell];
    }

    long toNs(int cell) {
        return toNs[cell];
    }

    long lengthNs(int cell) {
        return toNs[cell] - fromNs[cell];
    }

    /** The ordinal of a {@link ThreadState}, or {@link #MIXED}. */
    int state(int cell) {
        return what[cell] & MIXED;
    }

    /** What was waited for; of a mixed cell in its longest wait. 0: nothing. */
    int wait(int cell) {
        return what[cell] >>> STATE_BITS;
    }

    long ns(int cell, int state) {
        return state(cell) == MIXED ? sums[mixedAt[cell] + state] : state(cell) == state ? lengthNs(cell) : 0;
    }

    /** How long it was observed. */
    long observedNs() {
        return size == 0 ? 0 : toNs[size - 1] - beganNs;
    }

    boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** One more stretch: behind all others, or between two where nothing was yet. */
    void add(long from, long to, ThreadState state, int wait) {
        int stateAndWait = wait << STATE_BITS | state.ordinal();
        if (size > 0 && from < toNs[size - 1]) {
            insert(from, to, stateAndWait);
        } else {
            append(from, to, stateAndWait);
        }
    }

    private void insert(long from, long to, int stateAndWait) {
        int found = Arrays.binarySearch(fromNs, 0, size, from);
        int at = found < 0 ? -found - 1 : found;
        makeRoom();
        System.arraycopy(fromNs, at, fromNs, at + 1, size - at);
        System.arraycopy(toNs, at, toNs, at + 1, size - at);
        System.arraycopy(what, at, what, at + 1, size - at);
        System.arraycopy(mixedAt, at, mixedAt, at + 1, size - at);
        fromNs[at] = from;
        toNs[at] = to;
        what[at] = stateAndWait;
        size++;
    }

    private void append(long from, long to, int stateAndWait) {
        if (quantumNs == 0 || to - from >= quantumNs) {
            push(from, to, stateAndWait);
            return;
        }
        long boundary = Math.min(to, bucketOf(from) + quantumNs);
        part(from, boundary, stateAndWait);
        if (boundary < to) {
            part(boundary, to, stateAndWait);
        }
    }

    private long bucketOf(long timeNs) {
        return timeNs & -quantumNs;
    }

    /** A stretch within one bucket: a part of the cell before it, when that has nothing but this bucket. */
    private void part(long from, long to, int stateAndWait) {
        if (!joinsLast(from)) {
            push(from, to, stateAndWait);
            return;
        }
        int last = size - 1;
        if (what[last] != stateAndWait) {
            mixLast();
            addToLast(stateAndWait & MIXED, to - from, stateAndWait >>> STATE_BITS, to - from);
        }
        toNs[last] = to;
    }

    private boolean joinsLast(long from) {
        int last = size - 1;
        return size > 0 && toNs[last] == from && lengthNs(last) < quantumNs && bucketOf(fromNs[last]) == bucketOf(from);
    }

    private void addToLast(int state, long ns, int wait, long waitNs) {
        int at = mixedAt[size - 1];
        sums[at + state] += ns;
        if (wait != 0 && waitNs > sums[at + LONGEST_WAIT]) {
            sums[at + LONGEST_WAIT] = waitNs;
            what[size - 1] = wait << STATE_BITS | MIXED;
        }
    }

    private void mixLast() {
        int last = size - 1;
        if (state(last) == MIXED) {
            return;
        }
        int state = state(last);
        int wait = wait(last);
        long ns = lengthNs(last);
        what[last] = MIXED;
        mixedAt[last] = sumsSize;
        if (sumsSize == sums.length) {
            sums = Arrays.copyOf(sums, Math.max(FIRST_ROOM * STRIDE, 2 * sums.length));
        }
        sumsSize += STRIDE;
        addToLast(state, ns, wait, ns);
    }

    private void push(long from, long to, int stateAndWait) {
        makeRoom();
        fromNs[size] = from;
        toNs[size] = to;
        what[size] = stateAndWait;
        size++;
    }

    private void makeRoom() {
        if (size == fromNs.length) {
            int room = 2 * size;
            fromNs = Arrays.copyOf(fromNs, room);
            toNs = Arrays.copyOf(toNs, room);
            what = Arrays.copyOf(what, room);
            mixedAt = Arrays.copyOf(mixedAt, room);
        }
    }

    /** The same in buckets of {@code coarserNs}, which is a multiple of the quantum until now. */
    ThreadCells coarser(long coarserNs) {
        ThreadCells coarse = new ThreadCells(thread, beganNs, coarserNs);
        coarse.ended = ended;
        for (int cell = 0; cell < size; cell++) {
            if (state(cell) == MIXED) {
                coarse.appendMixed(this, cell);
            } else {
                coarse.append(fromNs[cell], toNs[cell], what[cell]);
            }
        }
        return coarse;
    }

    private void appendMixed(ThreadCells fine, int cell) {
        if (!joinsLast(fine.fromNs[cell])) {
            // A cell without length, which becomes what is added to it.
            push(fine.fromNs[cell], fine.fromNs[cell], 0);
        }
        mixLast();
        long longestNs = fine.sums[fine.mixedAt[cell] + LONGEST_WAIT];
        for (int state = 0; state < STATES; state++) {
            addToLast(state, fine.ns(cell, state), fine.wait(cell), longestNs);
        }
        toNs[size - 1] = fine.toNs[cell];
    }
}
