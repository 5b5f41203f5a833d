package ktrace.analysis.explain;

/**
 * All of a thread's past, in stretches that follow each other: when there are too many, each is joined with its
 * neighbour, so that the further back, the coarser. Allocates until there are {@value #MOST}.
 */
final class Epochs {
    private static final int MOST = 32;
    private static final int SEGMENTS = 32;

    private final Epoch[] epochs = new Epoch[MOST];
    private int size;
    private int segments;
    private Epoch current;

    int size() {
        return size;
    }

    Epoch at(int index) {
        return epochs[index];
    }

    /** A segment is about to be explained: the one that is being filled, whose end is that of the last segment. */
    Epoch next(long fromNs) {
        if (current != null && segments < SEGMENTS) {
            segments++;
            return current;
        }
        if (size == MOST) {
            halve();
        }
        if (epochs[size] == null) {
            epochs[size] = new Epoch();
        }
        current = epochs[size++];
        current.begin(fromNs);
        segments = 1;
        return current;
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
