package ktrace.system.ready;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * A control group that may use so much of the CPUs and no more, and when it was held back for that: between two readings of its
 * counter it was held back as much longer as the counter grew. Of readings the latest {@value #READINGS} that tell of some such time
 * are kept. Written by the tracker's thread; allocates nothing after it was made.
 */
final class Quota {
    static final int READINGS = 64;
    /** A counter that is smaller than before is an answer that was overtaken, or, so much later, another group of the same name. */
    private static final long OVERTAKEN_NS = 1_000_000_000;

    /** How it is called in stamps. */
    final KernelObject group;
    private final long[] fromNs = new long[READINGS];
    private final long[] toNs = new long[READINGS];
    private final long[] grownNs = new long[READINGS];
    private int count;
    private long readNs = Long.MIN_VALUE;
    private long throttledNs;

    Quota(String name) {
        group = new KernelObject(ObjectKind.OTHER, name, 0);
    }

    /** The counter was at {@code newThrottledNs} at {@code nowNs}. */
    void read(long newThrottledNs, long nowNs) {
        if (readNs != Long.MIN_VALUE && newThrottledNs < throttledNs && nowNs - readNs < OVERTAKEN_NS) {
            return;
        }
        if (readNs != Long.MIN_VALUE && newThrottledNs > throttledNs) {
            int at = count++ & READINGS - 1;
            fromNs[at] = readNs;
            toNs[at] = nowNs;
            grownNs[at] = newThrottledNs - throttledNs;
        }
        readNs = nowNs;
        throttledNs = newThrottledNs;
    }

    /** For how long at most it was held back from {@code a} to {@code b}: it may have been on one CPU and not on another. */
    long heldBackNs(long a, long b) {
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
