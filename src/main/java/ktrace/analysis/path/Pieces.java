package ktrace.analysis.path;

import java.util.Arrays;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Waker;
import ktrace.intervals.Interval;
import ktrace.intervals.Interval.End;
import ktrace.intervals.ThreadState;

/** All the {@link Piece}s that there are, each once, by number. Beyond {@value #LIMIT} objects are not told apart. One thread. */
final class Pieces {
    static final int LIMIT = 1 << 20;

    private Piece[] pieces = new Piece[64];
    private int size;
    /** Numbers, plus one. */
    private int[] table = new int[256];

    Piece get(int number) {
        return pieces[number];
    }

    int number(Interval interval) {
        ThreadState state = interval.state();
        if (!state.blocked()) {
            return number(state, null, null, null, null, false);
        }
        KernelObject object = size < LIMIT || interval.object() == null ? interval.object() : interval.object().kind().further();
        return number(state, interval.kind(), object, interval.waker(), interval.evidence(), interval.end() == End.ONGOING);
    }

    private int number(ThreadState state, ObjectKind kind, KernelObject object, Waker waker, Evidence evidence, boolean goesOn) {
        int mask = table.length - 1;
        int i = hash(state, kind, object, waker, evidence) & mask;
        for (; table[i] != 0; i = i + 1 & mask) {
            if (pieces[table[i] - 1].is(state, kind, object, waker, evidence, goesOn)) {
                return table[i] - 1;
            }
        }
        return add(new Piece(state, kind, object, waker, evidence, goesOn));
    }

    private static int hash(ThreadState state, ObjectKind kind, KernelObject object, Waker waker, Evidence evidence) {
        int h = 31 * System.identityHashCode(object) + System.identityHashCode(waker);
        h = (31 * h + System.identityHashCode(kind)) * 31 + state.ordinal();
        h = (h + (evidence == null ? 0 : evidence.ordinal() << 8)) * 0x9E3779B9;
        return h ^ h >>> 15;
    }

    private int add(Piece piece) {
        if (size == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * size);
        }
        pieces[size++] = piece;
        if (4 * size > table.length) {
            table = new int[4 * table.length];
            for (int number = 0; number < size; number++) {
                put(number);
            }
        } else {
            put(size - 1);
        }
        return size - 1;
    }

    private void put(int number) {
        Piece p = pieces[number];
        int mask = table.length - 1;
        int i = hash(p.state(), p.kind(), p.object(), p.waker(), p.evidence()) & mask;
        while (table[i] != 0) {
            i = i + 1 & mask;
        }
        table[i] = number + 1;
    }
}
