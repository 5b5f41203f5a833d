package ktrace.analysis.waits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import ktrace.analysis.Because;
import ktrace.analysis.Interrupts;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.lengths.DurationSums;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * The waits of one process that have all of kind, object, system call, process of the waker and evidence in common. They are counted
 * by thread, in {@link WaitPair}s, and added up for documents. One thread.
 */
final class WaitRow {
    private static final Comparator<ThreadWaits> LONGEST_FIRST = Comparator.comparingLong(ThreadWaits::totalNs).reversed();

    private static final String OTHERS = "(other threads)";

    final ObjectKind kind;
    final KernelObject object;
    final int syscall;
    final int wakerPid;
    final Evidence evidence;
    /** Rows are made in this order. */
    final int sequence;
    final WaitPairs pairs = new WaitPairs();
    private Waker waker;
    private List<Peer> peers = List.of();
    /** Null of waits that no interrupt ended. */
    private final InterruptCounts interrupts;
    /** What this one's waits are counted in by now; null while that is here. */
    private WaitRow into;
    /** When a wait was last added, and when one that knew peers. */
    private long lastNs;
    private long peersNs;
    /** What the totals look like, until they change. */
    private WaitSummary totalSummary;

    /** What one pair adds to a document. */
    private record Part(WaitPair pair, DurationSums sums, boolean ongoing, List<Because> because) {
    }

    WaitRow(ObjectKind kind, KernelObject object, int syscall, int wakerPid, Evidence evidence, int sequence) {
        this.kind = kind;
        this.object = object;
        this.syscall = syscall;
        this.wakerPid = wakerPid;
        this.evidence = evidence;
        this.sequence = sequence;
        interrupts = evidence == Evidence.INTERRUPT ? new InterruptCounts() : null;
    }

    /** The last wait of the thread that was put here has turned out to have been ended by this. */
    void interrupted(Interrupt by) {
        WaitRow row = this;
        while (row.into != null) {
            row = row.into;
        }
        row.interrupts.add(by);
        row.totalSummary = null;
    }

    /** Of another row with the same evidence. */
    private void takeInterrupts(WaitRow from) {
        from.into = this;
        if (interrupts != null) {
            interrupts.add(from.interrupts);
        }
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
    void seen(Waker by, List<Peer> otherEnds, long nowNs) {
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

    /** Gives the window's summary, together with what {@code shown} has, and adds the window to the total. */
    WaitSummary closeWindow(WaitRow shown, IntFunction<String> syscalls) {
        List<Part> parts = new ArrayList<>();
        for (WaitPair pair : pairs.all()) {
            DurationSums sums = pair.window.sums();
            WaitPair more = shown == null ? null : shown.same(pair);
            DurationSums all = sums;
            if (more != null) {
                all = more.window.sums();
                all.add(sums);
            }
            if (more != null || !all.isEmpty()) {
                parts.add(new Part(pair, all, more != null && more.isOngoing(), pair.because(more, true)));
            }
            if (!sums.isEmpty()) {
                pair.total.add(sums);
                totalSummary = null;
            }
            pair.closeWindow();
        }
        addNew(shown, parts, true);
        return parts.isEmpty() ? null : summary(parts, true, syscalls);
    }

    /** Of all windows that were closed, together with what {@code shown} has; null when there is nothing. */
    WaitSummary totalSummary(WaitRow shown, IntFunction<String> syscalls) {
        if (shown == null && totalSummary != null) {
            return totalSummary;
        }
        List<Part> parts = new ArrayList<>();
        for (WaitPair pair : pairs.all()) {
            WaitPair more = shown == null ? null : shown.same(pair);
            DurationSums all = pair.total;
            if (more != null) {
                all = new DurationSums();
                all.add(pair.total);
                all.add(more.total);
            }
            if (more != null || !all.isEmpty()) {
                parts.add(new Part(pair, all, more != null && more.isOngoing(), pair.because(more, false)));
            }
        }
        addNew(shown, parts, false);
        WaitSummary summary = parts.isEmpty() ? null : summary(parts, false, syscalls);
        if (shown == null) {
            totalSummary = summary;
        }
        return summary;
    }

    private WaitPair same(WaitPair pair) {
        return pair.waiter == null ? null : pairs.find(pair.waiter, pair.waker());
    }

    /** What {@code shown} has of threads that are not in this row. */
    private void addNew(WaitRow shown, List<Part> parts, boolean ofWindow) {
        if (shown == null) {
            return;
        }
        for (WaitPair pair : shown.pairs.all()) {
            if (same(pair) == null) {
                parts.add(new Part(pair, ofWindow ? pair.window.sums() : pair.total, pair.isOngoing(),
                        pair.because(null, ofWindow)));
            }
        }
    }

    private WaitSummary summary(List<Part> parts, boolean ofWindow, IntFunction<String> syscalls) {
        parts.sort(Comparator.comparing(Part::pair, WaitPair::compareThreads));
        List<ThreadWaits> threads = new ArrayList<>(parts.size());
        DurationSums all = parts.size() == 1 ? parts.getFirst().sums : new DurationSums();
        boolean ongoing = false;
        boolean oneWaker = true;
        WaitPair newest = parts.getFirst().pair;
        for (Part part : parts) {
            if (all != part.sums) {
                all.add(part.sums);
            }
            ongoing |= part.ongoing;
            oneWaker &= part.pair.isEndedAs(newest);
            if (part.pair.lastNs() > newest.lastNs()) {
                newest = part.pair;
            }
            threads.add(waits(part));
        }
        threads.sort(LONGEST_FIRST);
        return new WaitSummary(kind, object == null ? "" : object.name(), syscall < 0 ? null : syscalls.apply(syscall),
                waker(oneWaker ? newest.waker() : null), peers, evidence, all.count(), all.totalNs(), all.percentileNs(50),
                all.percentileNs(99), all.maxNs(), ongoing, List.copyOf(threads), Reasoned.of(threads),
                interrupts == null ? Interrupts.NONE : ofWindow ? interrupts.closeWindow(kind, object, all.count())
                        : interrupts.total(kind, object, all.count()));
    }

    private static ThreadWaits waits(Part part) {
        DurationSums d = part.sums;
        ThreadId waiter = part.pair.waiter;
        return new ThreadWaits(waiter == null ? 0 : waiter.tid(), waiter == null ? OTHERS : part.pair.comm(), part.pair.waker(), d.count(),
                d.totalNs(), d.percentileNs(50), d.percentileNs(99), d.maxNs(), part.ongoing, part.because);
    }

    /** @param thread the one that ended all waits shown, or null */
    private Waker waker(Waker thread) {
        if (waker == null) {
            return null;
        }
        Peer process = waker.process();
        if (thread == null) {
            return Waker.of(process);
        }
        return thread.process() == process ? thread : new Waker(thread.thread(), thread.tid(), thread.threadComm(), process);
    }

    void add(WaitRow other) {
        pairs.add(other.pairs);
        takeInterrupts(other);
        totalSummary = null;
        latest(other);
    }

    /** Without who waited: of threads that are not told one by one any more. */
    void addThreads(WaitRow other) {
        pairs.addOthers(other.pairs, wakerPid >= 0);
        takeInterrupts(other);
        totalSummary = null;
        latest(other);
    }

    /** Without who woke and who held the other end: of many. */
    void addOthers(WaitRow other) {
        pairs.addOthers(other.pairs, false);
        takeInterrupts(other);
        totalSummary = null;
        lastNs = Math.max(lastNs, other.lastNs);
    }

    void joinLeaving() {
        pairs.joinLeaving(wakerPid >= 0);
        totalSummary = null;
    }

    void pack() {
        pairs.pack();
    }

    long lastNs() {
        return lastNs;
    }

    /** Over all windows, the current one included. */
    long allNs() {
        return pairs.allNs();
    }
}
