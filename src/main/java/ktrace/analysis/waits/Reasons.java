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

    private final Object[] ends = new Object[MOST];
    private final Waker[] wakers = new Waker[MOST];
    private final Cause[] causes = new Cause[MOST];
    private final KernelObject[] objects = new KernelObject[MOST];
    private final long[] ns = new long[MOST];
    private final long[] sureNs = new long[MOST];
    private final long[] restNs = new long[CAUSES];
    private boolean hasRest;
    private int size;

    public void clear() {
        Arrays.fill(ends, 0, size, null);
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
            if (causes[i] == cause && ends[i].equals(end)) {
                ns[i] += partNs;
                sureNs[i] += partSureNs;
                return true;
            }
        }
        if (size == MOST) {
            restNs[cause.ordinal()] += partNs;
            hasRest = true;
            return false;
        }
        ends[size] = end;
        wakers[size] = waker;
        causes[size] = cause;
        objects[size] = object;
        ns[size] = partNs;
        sureNs[size++] = partSureNs;
        return true;
    }

    public int size() {
        return size;
    }

    public Object end(int i) {
        return ends[i];
    }

    public Waker waker(int i) {
        return wakers[i];
    }

    public Cause cause(int i) {
        return causes[i];
    }

    public KernelObject object(int i) {
        return objects[i];
    }

    public long ns(int i) {
        return ns[i];
    }

    public long sureNs(int i) {
        return sureNs[i];
    }

    /** How long there was nothing to do. */
    public long idleNs() {
        long sum = restNs[Cause.IDLE.ordinal()];
        for (int i = 0; i < size; i++) {
            sum += causes[i] == Cause.IDLE ? ns[i] : 0;
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
