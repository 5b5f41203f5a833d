package ktrace.analysis.explain;

import ktrace.event.KernelObject;

/** A time in which a thread dealt with nobody and computed: between two calls by which it does. Used again for a later one. */
final class Computation {
    long fromNs;
    long toNs;
    /** As far as the thread was on a CPU. */
    long ranNs;
    int fromCall;
    KernelObject from;
    int toCall;
    KernelObject to;
    /** How many waits that the thread ended at last had begun by then, and how long all of them lasted meanwhile. */
    int waits;
    long awaitedNs;
    /** The wait that was added last: one may be followed to the same thread by several ways. */
    private int lastWait;

    void begin(int call, KernelObject object, long atNs) {
        fromCall = call;
        from = object;
        fromNs = atNs;
        waits = 0;
        awaitedNs = 0;
        lastWait = 0;
    }

    void end(int call, KernelObject object, long atNs, long ran) {
        toCall = call;
        to = object;
        toNs = atNs;
        ranNs = ran;
    }

    void awaited(int wait, long ns) {
        awaitedNs += ns;
        if (lastWait != wait) {
            lastWait = wait;
            waits++;
        }
    }
}
