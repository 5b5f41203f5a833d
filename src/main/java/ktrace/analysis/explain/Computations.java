package ktrace.analysis.explain;

import ktrace.event.KernelObject;
import ktrace.event.TraceEvent;

/**
 * What one thread computed for at least {@value #LEAST_NS} ns between two calls by which it deals with others: the latest
 * {@value #MOST}, and the sum of those that somebody waited for. Allocates until there are so many.
 */
final class Computations {
    static final long LEAST_NS = 1_000_000;
    private static final int MOST = 16;
    private static final long NOT_BEGUN = Long.MAX_VALUE;

    private final Computation[] latest = new Computation[MOST];
    private int made;
    /** The call that it is in, and since when. */
    private int call = TraceEvent.NO_CALL;
    private KernelObject object;
    private long enteredNs;
    /** The last one that brought something. */
    private int fromCall = TraceEvent.NO_CALL;
    private KernelObject from;
    /** When it returned from {@link #call}; and for how long it was on no CPU since. */
    private long sinceNs = NOT_BEGUN;
    private long offNs;

    /** The one of which others waited longest for the end; null while nobody waited for any. */
    private Computation greatest;
    private int times;
    private long ranNs;
    private long awaitedNs;
    boolean isListed;

    void enters(int entered, KernelObject on, long nowNs) {
        if (sinceNs != NOT_BEGUN) {
            long ran = nowNs - sinceNs - offNs;
            if (ran >= LEAST_NS) {
                keep(entered, on, nowNs, ran);
            }
            sinceNs = NOT_BEGUN;
        }
        call = entered;
        object = on;
        enteredNs = nowNs;
    }

    /** @param brings what came of the call is something to work on, or it was asked in vain for whatever comes */
    void returned(int which, long lengthNs, boolean brings) {
        if (call != which) {
            return;
        }
        if (brings || fromCall == TraceEvent.NO_CALL) {
            fromCall = call;
            from = object;
        }
        sinceNs = enteredNs + lengthNs;
        offNs = 0;
        call = TraceEvent.NO_CALL;
    }

    /** It was on no CPU. */
    void off(long a, long b) {
        offNs += Math.max(0, b - Math.max(a, sinceNs));
    }

    private void keep(int entered, KernelObject on, long nowNs, long ran) {
        int place = made++ & MOST - 1;
        if (latest[place] == null || latest[place] == greatest) {
            latest[place] = new Computation();
        }
        latest[place].begin(fromCall, from, sinceNs);
        latest[place].end(entered, on, nowNs, ran);
    }

    boolean isEmpty() {
        return made == 0;
    }

    /** Somebody waited from {@code a} to {@code b} for the thread. */
    boolean awaited(int wait, long a, long b) {
        boolean any = false;
        for (int i = made - 1; i >= Math.max(0, made - MOST); i--) {
            Computation one = latest[i & MOST - 1];
            if (one.toNs <= a) {
                break;
            }
            long ns = Math.min(b, one.toNs) - Math.max(a, one.fromNs);
            if (ns > 0) {
                add(one, wait, ns);
                any = true;
            }
        }
        return any;
    }

    private void add(Computation one, int wait, long ns) {
        if (one.waits == 0) {
            times++;
            ranNs += one.ranNs;
        }
        one.awaited(wait, ns);
        awaitedNs += ns;
        if (greatest == null || one.awaitedNs > greatest.awaitedNs) {
            greatest = one;
        }
    }

    Computation greatest() {
        return greatest;
    }

    int times() {
        return times;
    }

    long ranNs() {
        return ranNs;
    }

    long awaitedNs() {
        return awaitedNs;
    }
}
