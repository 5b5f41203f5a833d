package ktrace.story;

import java.util.Comparator;
import java.util.List;
import ktrace.analysis.Summary;

/**
 * A summary as the rows that are told of: what is many of a kind is joined. Nothing is folded yet.
 *
 * @param processes by number
 * @param waits longest first; those that merely sit and wait come last
 */
public record SummaryRows(Summary summary, List<ProcessRow> processes, List<WaitRow> waits) {
    public static SummaryRows of(Summary summary) {
        List<ProcessRow> processes = ProcessRow.of(summary);
        return new SummaryRows(summary, processes, WaitRows.of(processes));
    }

    /** Those that are told of one by one. */
    public List<WaitRow> busyWaits() {
        return idleWaits().isEmpty() ? waits : waits.stream().filter(row -> !row.isForNothing()).toList();
    }

    /** Those that are told of in one line; one alone needs none. */
    public List<WaitRow> idleWaits() {
        List<WaitRow> idle = waits.stream().filter(WaitRow::isForNothing).toList();
        return idle.size() == 1 ? List.of() : idle;
    }

    /** How many lines are told of waits, were there room for all. */
    public int waitCount() {
        return busyWaits().size() + (idleWaits().isEmpty() ? 0 : 1);
    }

    public List<ProcessRow> processes(SortKey sort) {
        return processes.stream().sorted(sort.processes()).toList();
    }

    public List<ProcessSyscall> syscalls(SortKey sort) {
        return processes.stream().flatMap(p -> p.summary().syscalls().stream().map(s -> new ProcessSyscall(p, s)))
                .sorted(sort.syscalls()).toList();
    }

    public int syscallCount() {
        return processes.stream().mapToInt(p -> p.summary().syscalls().size()).sum();
    }

    /** The threads of processes that have several, the busiest first. */
    public List<ThreadRow> threads() {
        return processes.stream().map(ProcessRow::summary).filter(p -> p.threads().size() > 1)
                .flatMap(p -> p.threads().stream().map(t -> new ThreadRow(p, t)))
                .sorted(Comparator.comparingLong(ThreadRow::busyNs).reversed().thenComparingInt(r -> r.thread().tid())).toList();
    }

    public boolean hasThreads() {
        return processes.stream().anyMatch(p -> p.summary().threads().size() > 1);
    }
}
