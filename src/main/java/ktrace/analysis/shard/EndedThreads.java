package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import ktrace.analysis.ThreadSummary;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;

/**
 * The threads of one process that have ended. At most {@code limit} are kept one by one; when there are more, the half that was
 * observed for the shortest time is summed into one row, tid 0, so that the rows still add up to the process. One thread.
 */
final class EndedThreads {
    private static final String JOINED_COMM = "(ended threads)";

    private final int limit;
    private final TraceCounters counters;
    private final List<ObservedThread> kept = new ArrayList<>();
    private final StateSums window = new StateSums();
    private final StateSums total = new StateSums();
    private boolean joined;

    EndedThreads(int limit, TraceCounters counters) {
        this.limit = limit;
        this.counters = counters;
    }

    void add(ObservedThread thread) {
        kept.add(thread);
        if (kept.size() > limit) {
            join(kept.size() / 2);
        }
    }

    int kept() {
        return kept.size();
    }

    /** Keeps no more than {@code leave} one by one. */
    void join(int leave) {
        if (kept.size() <= leave) {
            return;
        }
        kept.sort(Comparator.comparingLong((ObservedThread t) -> t.states.observedNs()).reversed()
                .thenComparingInt(t -> t.id.index()));
        List<ObservedThread> leaving = kept.subList(leave, kept.size());
        counters.add(TraceCounter.ROWS_JOINED, leaving.size());
        leaving.forEach(t -> t.states.addTo(window, total));
        joined = true;
        leaving.clear();
    }

    /** Sums up all that ended in {@code from}. */
    void absorb(EndedThreads from) {
        from.kept.forEach(t -> t.states.addTo(window, total));
        window.add(from.window);
        total.add(from.total);
        joined = true;
    }

    void closeWindow(int number) {
        for (ObservedThread thread : kept) {
            if (thread.endWindow == number) {
                thread.states.closeWindow();
            }
        }
        total.add(window);
        window.clear();
    }

    void addWindow(StateSums sums, List<ThreadSummary> rows, int number) {
        for (ObservedThread thread : kept) {
            if (thread.endWindow == number) {
                sums.add(thread.states.window);
                rows.add(thread.windowSummary());
            }
        }
        if (!window.isEmpty()) {
            sums.add(window);
            rows.add(new ThreadSummary(0, JOINED_COMM, window.times()));
        }
    }

    void addTotal(StateSums sums, List<ThreadSummary> rows) {
        for (ObservedThread thread : kept) {
            sums.add(thread.states.total());
            rows.add(thread.totalSummary());
        }
        if (joined) {
            sums.add(total);
            rows.add(new ThreadSummary(0, JOINED_COMM, total.times()));
        }
    }

    /** Over all windows, the current one included. */
    long observedNs() {
        long sum = window.totalNs() + total.totalNs();
        for (ObservedThread thread : kept) {
            sum += thread.states.observedNs();
        }
        return sum;
    }
}
