package ktrace.export.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import ktrace.event.EventSink;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.intervals.Interval;
import ktrace.intervals.IntervalSink;
import ktrace.intervals.Intervals;

/**
 * What all threads did and when, in no more cells than a page can hold, however long the trace is: when there are too many, all
 * become coarser. Of threads that have ended those are left out that were there for the shortest time, when there are too many.
 * One thread writes.
 */
final class Stretches implements IntervalSink<Stretches.Row> {
    /** The finest that a page tells apart. */
    private static final long FIRST_QUANTUM_NS = 1 << 10;

    /** A thread, whose cells are exchanged for coarser ones. */
    static final class Row {
        private ThreadCells cells;
        private int lastWait;

        private Row(ThreadCells cells) {
            this.cells = cells;
        }

        ThreadCells cells() {
            return cells;
        }
    }

    private final int mostCells;
    private final int mostRows;
    private final AwaitedThings awaited = new AwaitedThings();
    private final long[] leftOutNs = new long[ThreadCells.STATES];
    private List<Row> rows = new ArrayList<>();
    private int leftOut;
    private long quantumNs;
    private int cells;

    /** No more than a quarter above that many. */
    Stretches(int mostCells, int mostRows) {
        this.mostCells = mostCells;
        this.mostRows = mostRows;
    }

    /** What is to be fed with the stamped events. */
    EventSink sink() {
        return new Intervals<>(new TraceCounters(), this);
    }

    List<Row> rows() {
        return rows;
    }

    AwaitedThings awaited() {
        return awaited;
    }

    /** How many threads have no row. */
    int leftOut() {
        return leftOut;
    }

    /** The time of those, in the order of {@link ktrace.intervals.ThreadState}. */
    long leftOutNs(int state) {
        return leftOutNs[state];
    }

    /** What is shorter is told only as a part of a bucket of that length; 0: nothing is. */
    long quantumNs() {
        return quantumNs;
    }

    @Override
    public Row begins(ThreadId thread, long fromNs) {
        Row row = new Row(new ThreadCells(thread, fromNs, quantumNs));
        rows.add(row);
        if (rows.size() > 2 * mostRows) {
            leaveOut();
        }
        return row;
    }

    @Override
    public void interval(Row row, Interval interval) {
        if (interval.provisional() || interval.lengthNs() == 0) {
            return;
        }
        if (interval.state().blocked()) {
            row.lastWait = awaited.number(interval, row.lastWait);
        }
        int before = row.cells.size();
        row.cells.add(interval.fromNs(), interval.toNs(), interval.state(), interval.state().blocked() ? row.lastWait : 0);
        cells += row.cells.size() - before;
        if (cells > mostCells) {
            coarsen();
        }
    }

    @Override
    public void ends(Row row, long nowNs) {
        row.cells.end();
    }

    /** Until a good part of the room is free again, so that it is not to be done for each of the next intervals. */
    private void coarsen() {
        while (cells > mostCells / 4 * 3 && quantumNs < Long.MAX_VALUE / 4) {
            quantumNs = quantumNs == 0 ? FIRST_QUANTUM_NS : 2 * quantumNs;
            cells = 0;
            for (Row row : rows) {
                row.cells = row.cells.coarser(quantumNs);
                cells += row.cells.size();
            }
            if (cells > mostCells / 4 * 3 && cells <= 2 * rows.size()) {
                // No cell can be joined with another: it is the threads that are many.
                return;
            }
        }
    }

    private void leaveOut() {
        List<Row> ended = rows.stream().filter(row -> row.cells.hasEnded())
                .sorted(Comparator.comparingLong(row -> row.cells.observedNs())).toList();
        List<Row> shortest = ended.subList(0, Math.min(ended.size(), rows.size() - mostRows));
        for (Row row : shortest) {
            leftOut++;
            cells -= row.cells.size();
            for (int cell = 0; cell < row.cells.size(); cell++) {
                for (int state = 0; state < ThreadCells.STATES; state++) {
                    leftOutNs[state] += row.cells.ns(cell, state);
                }
            }
        }
        rows = new ArrayList<>(rows);
        rows.removeAll(Set.copyOf(shortest));
    }
}
