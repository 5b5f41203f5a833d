package ktrace.analysis.calls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import ktrace.analysis.SyscallSummary;
import ktrace.linux.SyscallTable;

/**
 * The system calls of one process: how often, how long, with which errors. One thread. Allocates when a process makes a call for
 * the first time, and what {@link Durations} does.
 */
public final class SyscallLatency {
    /** The number of the row of all calls whose number the kernel has not given to any call. */
    static final int OTHER = -1;
    /**
     * Twice those of the tables: {@link ktrace.linux.NativeNumbers} gives some beyond them. A program may pass any number, and must not
     * make ktrace keep a row for each.
     */
    private static final int LIMIT = 2 * SyscallTable.LIMIT;

    private SyscallRow[] rows = {};
    private SyscallRow other;

    public void record(int number, long lengthNs, long result) {
        SyscallRow[] r = rows;
        SyscallRow row = number >= 0 && number < r.length ? r[number] : null;
        (row != null ? row : make(number)).record(lengthNs, result);
    }

    private SyscallRow make(int number) {
        if (number < 0 || number >= LIMIT) {
            return other == null ? other = new SyscallRow(OTHER) : other;
        }
        if (number >= rows.length) {
            rows = Arrays.copyOf(rows, Math.min(LIMIT, (number | 63) + 1));
        }
        return rows[number] == null ? rows[number] = new SyscallRow(number) : rows[number];
    }

    private List<SyscallRow> all() {
        List<SyscallRow> all = new ArrayList<>();
        for (SyscallRow row : rows) {
            if (row != null) {
                all.add(row);
            }
        }
        if (other != null) {
            all.add(other);
        }
        return all;
    }

    /** Gives the summaries of the window and adds the window to the totals. */
    public List<SyscallSummary> closeWindow(Names names) {
        List<SyscallSummary> summaries = new ArrayList<>();
        for (SyscallRow row : all()) {
            if (row.isInWindow()) {
                summaries.add(row.closeWindow(names));
            } else {
                row.passWindow();
            }
        }
        summaries.sort(LONGEST_FIRST);
        return List.copyOf(summaries);
    }

    public void add(SyscallLatency from) {
        for (SyscallRow row : from.all()) {
            make(row.number).add(row);
        }
    }

    public void pack() {
        all().forEach(SyscallRow::pack);
    }

    /** Of all windows that were closed. */
    public List<SyscallSummary> totalSummaries(Names names) {
        return all().stream().map(row -> row.totalSummary(names)).sorted(LONGEST_FIRST).toList();
    }

    private static final Comparator<SyscallSummary> LONGEST_FIRST = Comparator.comparingLong(SyscallSummary::totalNs).reversed()
            .thenComparingInt(SyscallSummary::number);
}
