package ktrace.analysis.waits;

import java.util.Comparator;
import java.util.List;
import ktrace.analysis.Because;
import ktrace.analysis.lengths.DurationSums;
import ktrace.analysis.lengths.Durations;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * The waits of one {@link WaitRow} that one thread waited and one thread ended: of the current window, and of all windows before. A
 * wait that began in an earlier window adds to this one the part that lies in it; the rest, which earlier windows showed as going
 * on, goes to the total at once. One thread.
 */
final class WaitPair {
    /** Most time first; an order that depends on the events alone. */
    static final Comparator<WaitPair> GREATEST_FIRST = Comparator.comparingLong(WaitPair::allNs).reversed()
            .thenComparing(WaitPair::compareThreads);
    static final Comparator<WaitPair> NEWEST_FIRST = Comparator.comparingLong((WaitPair pair) -> pair.lastNs).reversed()
            .thenComparing(WaitPair::compareThreads);

    /** Null: of several threads that are too many to be kept apart. */
    final ThreadId waiter;
    final Durations window = new Durations();
    final DurationSums total = new DurationSums();
    /** Its name, and the waker, when they were last seen. */
    private String comm = "";
    private Waker waker;
    private boolean severalWakers;
    private boolean ongoing;
    /** What the waits are explained by; null where they are not. */
    private ReasonSums reasons;
    private long lastNs = Long.MIN_VALUE;
    /** It is about to be joined with others. */
    boolean leaves;

    WaitPair(ThreadId waiter, Waker waker) {
        this.waiter = waiter;
        this.waker = waker;
    }

    boolean is(ThreadId thread, Waker by) {
        return waiter == thread && sameThread(waker, by);
    }

    /** Threads of one process. */
    private static boolean sameThread(Waker a, Waker b) {
        return a == b || a != null && b != null && a.tid() == b.tid()
                && (a.thread() == b.thread() || a.thread() == null || b.thread() == null);
    }

    int compareThreads(WaitPair other) {
        int byWaiter = Integer.compare(index(), other.index());
        return byWaiter != 0 ? byWaiter : Integer.compare(wakerTid(), other.wakerTid());
    }

    private int index() {
        return waiter == null ? -1 : waiter.index();
    }

    int wakerTid() {
        return waker == null ? 0 : waker.tid();
    }

    void seen(String waiterComm, Waker by, long nowNs) {
        lastNs = nowNs;
        if (comm != waiterComm) {
            comm = waiterComm;
        }
        if (waker != by) {
            waker = by;
        }
    }

    /** @param newNs of the length, what is to be told in this window */
    void explain(Reasons by, long lengthNs, long newNs) {
        if (reasons == null) {
            reasons = new ReasonSums();
        }
        reasons.add(by, lengthNs, newNs);
    }

    /** What the waits of both are explained by; {@code more} may be null. */
    List<Because> because(WaitPair more, boolean ofWindow) {
        ReasonSums sums = reasons == null && more != null ? more.reasons : reasons;
        if (sums == null) {
            return List.of();
        }
        if (more != null && more.reasons != null && sums != more.reasons) {
            sums = new ReasonSums();
            sums.add(reasons);
            sums.add(more.reasons);
        }
        return ofWindow ? sums.ofWindow() : sums.ofAll();
    }

    void closeWindow() {
        window.clear();
        if (reasons != null) {
            reasons.closeWindow();
        }
    }

    /** A wait ended in the current window. */
    void record(long lengthNs, long inWindowNs) {
        window.record(lengthNs, inWindowNs);
        if (inWindowNs < lengthNs) {
            total.addTime(lengthNs - inWindowNs);
        }
    }

    /** Blocked time of which it is not known whether the wait ended. */
    void addTime(long lengthNs, long inWindowNs) {
        window.addTime(inWindowNs);
        total.addTime(lengthNs - inWindowNs);
    }

    /** A wait ended in an earlier window, which showed all of it, but what it waited for has become known only now. */
    void recordLate(long lengthNs) {
        total.record(lengthNs, lengthNs);
    }

    /** Of what is made to be shown once: each of the sums as it shall be shown. */
    void show(boolean goesOn, boolean ended, long lengthNs, long inWindowNs, boolean inWindow) {
        ongoing |= goesOn;
        if (!ended) {
            window.addTime(inWindowNs);
            total.addTime(lengthNs);
            return;
        }
        total.record(lengthNs, lengthNs);
        if (inWindow) {
            window.record(lengthNs, inWindowNs);
        }
    }

    /** The same waits, counted elsewhere. */
    void add(WaitPair other) {
        addTimes(other);
        if (other.lastNs >= lastNs) {
            seen(other.comm, other.waker, other.lastNs);
        }
    }

    /** The waits of another pair, of which nobody is told any more who waited. */
    void addOthers(WaitPair other, boolean keepWaker) {
        boolean first = lastNs == Long.MIN_VALUE;
        severalWakers |= other.severalWakers || !first && !sameThread(waker, other.waker);
        addTimes(other);
        if (other.lastNs >= lastNs) {
            seen("", keepWaker ? other.waker : null, other.lastNs);
        }
    }

    private void addTimes(WaitPair other) {
        window.add(other.window);
        total.add(other.total);
        if (other.reasons != null) {
            reasons = reasons == null ? new ReasonSums() : reasons;
            reasons.add(other.reasons);
        }
    }

    void pack() {
        window.pack();
    }

    String comm() {
        return comm;
    }

    boolean isOngoing() {
        return ongoing;
    }

    long lastNs() {
        return lastNs;
    }

    /** Who ended the waits, as far as it was one thread. Allocates where it was not. */
    Waker waker() {
        return severalWakers && waker != null ? Waker.of(waker.process()) : waker;
    }

    /** Whether one and the same thread, or nobody that was seen, ended the waits of both. */
    boolean isEndedAs(WaitPair other) {
        return !severalWakers && !other.severalWakers && sameThread(waker, other.waker);
    }

    /** Over all windows, the current one included. */
    long allNs() {
        return window.totalNs() + total.totalNs();
    }
}
