package ktrace.analysis;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;

/**
 * The waits of one process that have all of kind, object, system call, waker and evidence in common: of the current window, and of
 * all windows before. A wait that began in an earlier window adds to this one the part that lies in it; the rest, which earlier
 * windows showed as going on, goes to the total at once. One thread.
 */
final class WaitRow {
    final ObjectKind kind;
    final KernelObject object;
    final int syscall;
    final int wakerPid;
    final Evidence evidence;
    /** Rows are made in this order. */
    final int sequence;
    private Peer waker;
    private List<Peer> peers = List.of();
    private boolean ongoing;
    /** When a wait was last added, and when one that knew peers. */
    private long lastNs;
    private long peersNs;
    private final Durations window = new Durations();
    private final DurationSums total = new DurationSums();
    /** What {@link #total} looks like, until it changes. */
    private WaitSummary totalSummary;

    WaitRow(ObjectKind kind, KernelObject object, int syscall, int wakerPid, Evidence evidence, int sequence) {
        this.kind = kind;
        this.object = object;
        this.syscall = syscall;
        this.wakerPid = wakerPid;
        this.evidence = evidence;
        this.sequence = sequence;
    }

    /** An empty one for the same waits on what may go by another object now. */
    WaitRow like(KernelObject other, int newSequence) {
        WaitRow row = new WaitRow(kind, other, syscall, wakerPid, evidence, newSequence);
        row.latest(this);
        return row;
    }

    boolean is(ObjectKind k, KernelObject o, int nr, int pid, Evidence e) {
        return object == o && wakerPid == pid && syscall == nr && kind == k && evidence == e;
    }

    /** The last ones seen are shown: a waker's name may have changed since. */
    void seen(Peer by, List<Peer> otherEnds, long nowNs) {
        lastNs = nowNs;
        totalSummary = null;
        if (waker != by) {
            waker = by;
        }
        if (!otherEnds.isEmpty()) {
            peersNs = nowNs;
            if (peers != otherEnds) {
                peers = otherEnds;
            }
        }
    }

    /** The same of two rows that are one: whether they were one from the beginning makes no difference. */
    private void latest(WaitRow other) {
        if (other.lastNs >= lastNs) {
            waker = other.waker;
            lastNs = other.lastNs;
        }
        if (other.peersNs >= peersNs) {
            peers = other.peers;
            peersNs = other.peersNs;
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

    /** For a row that is made to be shown once: each of the sums as it shall be shown. */
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

    /** Gives the window's summary, together with what {@code shown} has, and adds the window to the total. */
    WaitSummary closeWindow(WaitRow shown, Names names) {
        DurationSums sums = window.sums();
        DurationSums all = sums;
        if (shown != null) {
            all = shown.window.sums();
            all.add(sums);
        }
        WaitSummary summary = all.isEmpty() && shown == null ? null : summary(all, shown, names);
        if (!sums.isEmpty()) {
            total.add(sums);
            totalSummary = null;
        }
        window.clear();
        return summary;
    }

    /** Of all windows that were closed, together with what {@code shown} has; null when there is nothing. */
    WaitSummary totalSummary(WaitRow shown, Names names) {
        if (shown != null) {
            DurationSums all = new DurationSums();
            all.add(total);
            all.add(shown.total);
            return summary(all, shown, names);
        }
        if (total.isEmpty()) {
            return null;
        }
        if (totalSummary == null) {
            totalSummary = summary(total, null, names);
        }
        return totalSummary;
    }

    private WaitSummary summary(DurationSums d, WaitRow shown, Names names) {
        return new WaitSummary(kind, object == null ? "" : object.name(), syscall < 0 ? null : names.syscalls().apply(syscall),
                waker, peers, evidence, d.count(), d.totalNs(), d.percentileNs(50), d.percentileNs(99), d.maxNs(),
                ongoing || (shown != null && shown.ongoing));
    }

    void add(WaitRow other) {
        addTimes(other);
        latest(other);
    }

    /** Without who woke and who held the other end: of many. */
    void addTimes(WaitRow other) {
        window.add(other.window);
        total.add(other.total);
        totalSummary = null;
    }

    void pack() {
        window.pack();
    }

    long lastNs() {
        return lastNs;
    }

    /** Over all windows, the current one included. */
    long allNs() {
        return window.totalNs() + total.totalNs();
    }
}
