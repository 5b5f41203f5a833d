package ktrace.system.ready;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * Time that the kernel counts: between two readings of its counter so much of it has passed as the counter grew by. Of readings the
 * latest {@value #READINGS} between which it grew are kept. Written by the tracker's thread; allocates nothing after it was made.
 */
final class Growth {
    static final int READINGS = 64;
    /** A counter that is smaller than before is an answer that was overtaken, or, so much later, of another of the same name. */
    private static final long OVERTAKEN_NS = 1_000_000_000;

    /** Whose time it is, as stamps have it. */
    final KernelObject what;
    private final long[] fromNs = new long[READINGS];
    private final long[] toNs = new long[READINGS];
    private final long[] grownNs = new long[READINGS];
    private int count;
    private long readNs = Long.MIN_VALUE;
    private long countedNs;

    Growth(String name) {
        what = new KernelObject(ObjectKind.OTHER, name, 0);
    }

    /** The counter was at {@code newCountedNs} at {@code nowNs}; gives whether it has grown since it was read last. */
    boolean read(long newCountedNs, long nowNs) {
        if (readNs != Long.MIN_VALUE && newCountedNs < countedNs && nowNs - readNs < OVERTAKEN_NS) {
            return false;
        }
        boolean hasGrown = readNs != Long.MIN_VALUE && newCountedNs > countedNs;
        if (hasGrown) {
            int at = count++ & READINGS - 1;
            fromNs[at] = readNs;
            toNs[at] = nowNs;
            grownNs[at] = newCountedNs - countedNs;
        }
        readNs = nowNs;
        countedNs = newCountedNs;
        return hasGrown;
    }

    /** How much of it passed from {@code a} to {@code b} at most: it may have on one CPU and not on another. */
    long within(long a, long b) {
        long sumNs = 0;
        for (int i = 0; i < READINGS && i < count; i++) {
            int at = count - 1 - i & READINGS - 1;
            long overlapNs = Math.min(b, toNs[at]) - Math.max(a, fromNs[at]);
            if (toNs[at] <= a) {
                break;
            }
            sumNs += Math.clamp(grownNs[at], 0, Math.max(0, overlapNs));
        }
        return Math.min(sumNs, b - a);
    }

    /** The events since then are not all there. */
    void doubt() {
        readNs = Long.MIN_VALUE;
    }
}
