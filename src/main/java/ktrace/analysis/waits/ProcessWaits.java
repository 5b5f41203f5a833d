package ktrace.analysis.waits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.Waker;
import ktrace.intervals.Interval;
import ktrace.intervals.Interval.End;

/**
 * The waits of one process, in rows of (kind, object, system call, process of the waker, evidence), and each row by the threads at
 * both ends. One thread. Allocates for a new row, and for new threads in one.
 *
 * <p>A server may wait on a million sockets in its life. When there are more than {@code limit} rows, half of them are joined with
 * the row of "(other …)" of their kind, call and evidence: those that were not used for longest, but none of the quarter that has
 * the greatest sums. Which rows are joined depends on the events alone and not on where intervals end.
 *
 * <p>A hundred threads that wait for each other are ten thousand pairs. When there are more than another limit, beyond one for each
 * row, half of them are joined in the same way with the rest of their row.
 */
public final class ProcessWaits {
    private static final Comparator<WaitRow> BY_SEQUENCE = Comparator.comparingInt(row -> row.sequence);
    private static final Comparator<WaitSummary> LONGEST_FIRST = Comparator.comparingLong(WaitSummary::totalNs).reversed();

    private final int limit;
    private final int pairLimit;
    private final TraceCounters counters;
    private WaitRow[] table = new WaitRow[16];
    private int size;
    private int joined;
    private int made;
    /** Pairs of threads, beyond one for each row. */
    private int beyondOne;

    /**
     * @param limit how many rows are kept apart
     * @param pairLimit how many pairs of threads, beyond one for each row
     */
    public ProcessWaits(int limit, int pairLimit, TraceCounters counters) {
        this.limit = limit;
        this.pairLimit = pairLimit;
        this.counters = counters;
    }

    /** For waits that are shown once: never joined, for there are no more than two of each thread. */
    public static ProcessWaits empty() {
        return new ProcessWaits(Integer.MAX_VALUE, Integer.MAX_VALUE, new TraceCounters());
    }

    /** Where the last wait of a thread was put, until it is known what the interrupt came of that has ended it. */
    public static final class LastWait {
        private WaitRow row;

        /** Nothing where no interrupt has. */
        public void interrupted(Interrupt by) {
            if (row != null) {
                row.interrupted(by);
                row = null;
            }
        }
    }

    /**
     * A wait has ended, or all that will be known of it.
     *
     * @param waiter what the waiting thread is called
     * @param last of the thread
     * @param reasons what the wait is explained by; null where waits are not
     */
    public void add(Interval wait, String waiter, LastWait last, Reasons reasons) {
        WaitRow row = row(wait.kind(), wait.object(), wait.syscall(), wait.waker(), wait.evidence());
        last.row = wait.evidence() == Evidence.INTERRUPT ? row : null;
        WaitPair pair = pair(row, wait, waiter);
        if (wait.end() == End.CUT) {
            pair.addTime(wait.lengthNs(), wait.newNs());
        } else if (wait.late()) {
            pair.recordLate(wait.lengthNs());
        } else {
            pair.record(wait.lengthNs(), wait.newNs());
        }
        explain(pair, wait, reasons);
    }

    /** A wait goes on at the end of a window, or its object is a guess: for rows that are made to be shown once. */
    public void show(Interval wait, String waiter, Reasons reasons) {
        boolean goesOn = wait.end() == End.ONGOING;
        WaitPair pair = pair(row(wait.kind(), wait.object(), wait.syscall(), wait.waker(), wait.evidence()), wait, waiter);
        pair.show(goesOn, !goesOn, wait.lengthNs(), wait.newNs(), !wait.late());
        explain(pair, wait, reasons);
    }

    private static void explain(WaitPair pair, Interval wait, Reasons reasons) {
        if (reasons != null && reasons.size() > 0) {
            pair.explain(reasons, wait.lengthNs(), wait.late() ? 0 : wait.newNs());
        }
    }

    private WaitPair pair(WaitRow row, Interval wait, String waiter) {
        row.seen(wait.waker(), wait.peers(), wait.nowNs());
        WaitPair pair = pair(row, wait.thread(), wait.waker());
        pair.seen(waiter, wait.waker(), wait.nowNs());
        return pair;
    }

    WaitRow row(ObjectKind kind, KernelObject object, int syscall, Waker waker, Evidence evidence) {
        return row(kind, object == null ? null : object.canonical(), syscall, waker == null ? -1 : waker.pid(), evidence);
    }

    private WaitRow row(ObjectKind kind, KernelObject object, int syscall, int wakerPid, Evidence evidence) {
        WaitRow row = find(kind, object, syscall, wakerPid, evidence);
        return row != null ? row : insert(new WaitRow(kind, object, syscall, wakerPid, evidence, made++));
    }

    /** Null when there is none. */
    WaitRow find(ObjectKind kind, KernelObject object, int syscall, int wakerPid, Evidence evidence) {
        int mask = table.length - 1;
        for (int i = hash(kind, object, syscall, wakerPid, evidence) & mask; table[i] != null; i = (i + 1) & mask) {
            if (table[i].is(kind, object, syscall, wakerPid, evidence)) {
                return table[i];
            }
        }
        return null;
    }

    private static int hash(ObjectKind kind, KernelObject object, int syscall, int wakerPid, Evidence evidence) {
        long h = System.identityHashCode(object) * 0x9E3779B97F4A7C15L;
        h = (h ^ kind.label().hashCode() ^ ((long) syscall << 8) ^ ((long) wakerPid << 24) ^ ((long) evidence.ordinal() << 60))
                * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32);
    }

    private WaitRow insert(WaitRow row) {
        if (size - joined >= limit) {
            joinOldest();
        }
        put(row);
        return row;
    }

    private void put(WaitRow row) {
        if (2 * (size + 1) > table.length) {
            rebuild(all(), 2 * table.length);
        }
        int mask = table.length - 1;
        int i = hash(row.kind, row.object, row.syscall, row.wakerPid, row.evidence) & mask;
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        table[i] = row;
        size++;
        beyondOne += row.pairs.beyondOne();
        if (isJoined(row)) {
            joined++;
        }
    }

    private void rebuild(List<WaitRow> rows, int length) {
        table = new WaitRow[length];
        size = 0;
        joined = 0;
        beyondOne = 0;
        rows.forEach(this::put);
    }

    private void joinOldest() {
        List<WaitRow> single = new ArrayList<>();
        List<WaitRow> kept = new ArrayList<>();
        for (WaitRow row : all()) {
            (isJoined(row) ? kept : single).add(row);
        }
        single.sort(Comparator.comparingLong(WaitRow::allNs).reversed().thenComparingInt(row -> row.sequence));
        int greatest = single.size() / 4;
        List<WaitRow> rest = single.subList(greatest, single.size());
        rest.sort(Comparator.comparingLong(WaitRow::lastNs).reversed().thenComparingInt(row -> row.sequence));
        int recent = Math.min(rest.size(), single.size() / 4);
        kept.addAll(single.subList(0, greatest + recent));
        List<WaitRow> leaving = rest.subList(recent, rest.size());
        counters.add(TraceCounter.ROWS_JOINED, leaving.size());
        rebuild(kept, table.length);
        for (WaitRow row : leaving) {
            KernelObject other = row.kind.further();
            WaitRow sum = find(row.kind, other, row.syscall, -1, row.evidence);
            if (sum == null) {
                sum = new WaitRow(row.kind, other, row.syscall, -1, row.evidence, made++);
                put(sum);
            }
            sum.addOthers(row);
        }
    }

    /** The waits in {@code row} of one waiting thread and one waker. */
    WaitPair pair(WaitRow row, ThreadId waiter, Waker waker) {
        WaitPair pair = row.pairs.find(waiter, waker);
        if (pair != null) {
            return pair;
        }
        if (beyondOne >= pairLimit) {
            joinPairs(pairLimit / 4);
        }
        beyondOne -= row.pairs.beyondOne();
        pair = row.pairs.make(waiter, waker);
        beyondOne += row.pairs.beyondOne();
        return pair;
    }

    /** Keeps, of the rows that have several pairs, the {@code quarter} greatest and as many of the newest of the others. */
    public void joinPairs(int quarter) {
        List<WaitRow> several = all().stream().filter(row -> row.pairs.beyondOne() > 0).toList();
        List<WaitPair> all = new ArrayList<>();
        several.forEach(row -> all.addAll(row.pairs.kept()));
        all.sort(WaitPair.GREATEST_FIRST);
        List<WaitPair> rest = all.subList(Math.min(quarter, all.size()), all.size());
        rest.sort(WaitPair.NEWEST_FIRST);
        List<WaitPair> leaving = rest.subList(Math.min(quarter, rest.size()), rest.size());
        leaving.forEach(pair -> pair.leaves = true);
        counters.add(TraceCounter.ROWS_JOINED, leaving.size());
        several.forEach(WaitRow::joinLeaving);
        beyondOne = several.stream().mapToInt(row -> row.pairs.beyondOne()).sum();
    }

    /** Pairs of threads, beyond one for each row. */
    public int beyondOne() {
        return beyondOne;
    }

    private static boolean isJoined(WaitRow row) {
        return row.object != null && row.object == row.kind.further();
    }

    /** Takes over the rows of a process that is to be shown together with this one. */
    public void add(ProcessWaits from) {
        for (WaitRow row : from.all()) {
            WaitRow mine = find(row.kind, row.object, row.syscall, row.wakerPid, row.evidence);
            if (mine == null) {
                mine = insert(row.like(row.object, made++));
            }
            mine.addThreads(row);
        }
    }

    /**
     * Joins the rows of objects that turned out to be one since the rows were made.
     *
     * @return whether there were any
     */
    public boolean unify() {
        List<WaitRow> stale = new ArrayList<>();
        for (WaitRow row : table) {
            if (row != null && row.object != null && row.object.canonical() != row.object) {
                stale.add(row);
            }
        }
        if (stale.isEmpty()) {
            return false;
        }
        stale.sort(BY_SEQUENCE);
        List<WaitRow> rows = all();
        rows.removeAll(stale);
        rebuild(rows, table.length);
        for (WaitRow row : stale) {
            KernelObject object = row.object.canonical();
            WaitRow known = find(row.kind, object, row.syscall, row.wakerPid, row.evidence);
            if (known == null) {
                known = row.like(object, row.sequence);
                put(known);
            }
            known.add(row);
        }
        beyondOne = all().stream().mapToInt(row -> row.pairs.beyondOne()).sum();
        return true;
    }

    /** In the order in which they were made. */
    List<WaitRow> all() {
        List<WaitRow> rows = new ArrayList<>(size);
        for (WaitRow row : table) {
            if (row != null) {
                rows.add(row);
            }
        }
        rows.sort(BY_SEQUENCE);
        return rows;
    }

    public void pack() {
        for (WaitRow row : table) {
            if (row != null) {
                row.pack();
            }
        }
    }

    /**
     * Gives the summaries of the window, each row together with that of the same key in {@code shown}, and adds the window to the
     * totals.
     */
    public List<WaitSummary> closeWindow(ProcessWaits shown, IntFunction<String> syscalls) {
        return summaries(shown, (row, more) -> row.closeWindow(more, syscalls));
    }

    /** Of all windows that were closed. */
    public List<WaitSummary> totalSummaries(ProcessWaits shown, IntFunction<String> syscalls) {
        return summaries(shown, (row, more) -> row.totalSummary(more, syscalls));
    }

    private List<WaitSummary> summaries(ProcessWaits shown, BiFunction<WaitRow, WaitRow, WaitSummary> summary) {
        List<WaitSummary> summaries = new ArrayList<>(size + shown.size);
        for (WaitRow row : all()) {
            summaries.add(summary.apply(row, shown.same(row)));
        }
        for (WaitRow row : shown.all()) {
            if (same(row) == null) {
                summaries.add(summary.apply(row.like(row.object, made), row));
            }
        }
        summaries.removeIf(Objects::isNull);
        summaries.sort(LONGEST_FIRST);
        return List.copyOf(summaries);
    }

    private WaitRow same(WaitRow row) {
        return size == 0 ? null : find(row.kind, row.object, row.syscall, row.wakerPid, row.evidence);
    }
}
