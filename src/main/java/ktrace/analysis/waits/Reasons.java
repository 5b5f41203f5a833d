package ktrace.analysis.waits;

import java.util.Arrays;
import ktrace.analysis.Cause;
import ktrace.event.KernelObject;
import ktrace.event.Waker;

/**
 * What one wait is explained by: how long for whom and why, at most {@value #MOST} parts one by one and the rest by cause. Used
 * again for the next wait. One thread; allocates nothing.
 */
public final class Reasons {
    static final int MOST = 16;
    static final int CAUSES = Cause.values().length;

    private static final class Part {
        private Object end;
        private Waker waker;
        private Cause cause;
        private KernelObject object;
        private long ns;
        private long sureNs;
    }

    private final Part[] parts = new Part[MOST];
    private final long[] restNs = new long[CAUSES];
    private boolean hasRest;
    private int size;

    public Reasons() {
        Arrays.setAll(parts, i -> new Part());
    }

    public void clear() {
        size = 0;
        if (hasRest) {
            Arrays.fill(restNs, 0);
            hasRest = false;
        }
    }

    /**
     * @param end the thread that it ended on, or what stands for another end
     * @param waker how {@code end} is called; null when it is the thread that waits, or nobody
     * @param object what was waited for at last
     * @param partSureNs as far as the object proves every step of the way
     * @return whether it found room; if not, it is in the rest, which is known by cause alone
     */
    public boolean add(Object end, Waker waker, Cause cause, KernelObject object, long partNs, long partSureNs) {
        for (int i = 0; i < size; i++) {
            Part part = parts[i];
            if (part.cause == cause && (part.end == end || part.end.equals(end))) {
                part.ns += partNs;
                part.sureNs += partSureNs;
                return true;
            }
        }
        if (size == MOST) {
            restNs[cause.ordinal()] += partNs;
            hasRest = true;
            return false;
        }
        Part part = parts[size++];
        part.end = end;
        part.waker = waker;
        part.cause = cause;
        part.object = object;
        part.ns = partNs;
        part.sureNs = partSureNs;
        return true;
    }

    public int size() {
        return size;
    }

    public Object end(int i) {
        return parts[i].end;
    }

    public Waker waker(int i) {
        return parts[i].waker;
    }

    public Cause cause(int i) {
        return parts[i].cause;
    }

    public KernelObject object(int i) {
        return parts[i].object;
    }

    public long ns(int i) {
        return parts[i].ns;
    }

    public long sureNs(int i) {
        return parts[i].sureNs;
    }

    /** How long there was nothing to do. */
    public long idleNs() {
        long sum = restNs[Cause.IDLE.ordinal()];
        for (int i = 0; i < size; i++) {
            sum += parts[i].cause == Cause.IDLE ? parts[i].ns : 0;
        }
        return sum;
    }

    /** Of what found no room. */
    long restNs(int cause) {
        return restNs[cause];
    }

    boolean hasRest() {
        return hasRest;
    }
}
