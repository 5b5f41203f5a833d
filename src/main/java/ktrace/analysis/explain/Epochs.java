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

    /** The one that is being filled; its end is that of the last segment. */
    Epoch current() {
        return epochs[size - 1];
    }

    int size() {
        return size;
    }

    Epoch at(int index) {
        return epochs[index];
    }

    /** A segment is about to be explained. */
    void next(long fromNs) {
        if (size > 0 && segments < SEGMENTS) {
            segments++;
            return;
        }
        if (size == MOST) {
            halve();
        }
        if (epochs[size] == null) {
            epochs[size] = new Epoch();
        }
        epochs[size++].begin(fromNs);
        segments = 1;
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
