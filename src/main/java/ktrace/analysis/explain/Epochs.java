package ktrace.analysis.explain;

/**
 * All of a thread's past, in stretches that follow each other: when there are too many, each is joined with its
 * neighbour, so that the further back, the coarser. Allocates until there are {@value #MOST}.
 */
final class Epochs {
    private static final int MOST = 32;
    /** In each that is not joined; a power of two. */
    static final int SEGMENTS = 32;

    private final Epoch[] epochs = new Epoch[MOST];
    private int size;

    int size() {
        return size;
    }

    Epoch at(int index) {
        return epochs[index];
    }

    /** One more, which the next {@value #SEGMENTS} segments are to fill. */
    Epoch next(long fromNs) {
        if (size == MOST) {
            halve();
        }
        if (epochs[size] == null) {
            epochs[size] = new Epoch();
        }
        Epoch next = epochs[size++];
        next.begin(fromNs);
        return next;
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            Epoch earlier = epochs[2 * i];
            Epoch later = epochs[2 * i + 1];
            earlier.append(later);
            epochs[2 * i] = epochs[i];
            epochs[i] = earlier;
        }
        size = MOST / 2;
    }
}
