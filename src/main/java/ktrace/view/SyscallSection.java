package ktrace.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import ktrace.analysis.SyscallSummary;
import ktrace.text.TextWidth;
import ktrace.view.Content.ProcessSyscall;

/** Which system calls of whom took how long, which errors they gave, and how their latencies are spread. */
final class SyscallSection {
    private static final int MIN_HISTOGRAM = 8;
    private static final int MAX_ERRNOS = 3;

    private final Page page;

    SyscallSection(Page page) {
        this.page = page;
    }

    List<Line> lines(Content content) {
        List<ProcessSyscall> sorted = content.syscalls().sorted(page.sort().syscalls()).toList();
        if (sorted.isEmpty()) {
            return List.of(Line.of("SYSTEM CALLS", Style.STRONG), Line.of("  none returned", Style.FAINT));
        }
        List<ProcessSyscall> shown = Fold.head(sorted, page.budget().syscalls());
        LatencyHistogram histogram =
                LatencyHistogram.over(shown.stream().map(ProcessSyscall::syscall).toList(), page.glyphs());
        Table table = table(histogram);
        for (ProcessSyscall row : shown) {
            table.row(cells(row, histogram));
        }
        List<Line> drawn = table.lines(page.width(), page.ellipsis());
        List<Line> lines = new ArrayList<>();
        lines.add(drawn.getFirst());
        for (int i = 0; i < shown.size(); i++) {
            lines.add(drawn.get(i + 1));
            SyscallSummary syscall = shown.get(i).syscall();
            if (!page.isWide() && !page.isCompact() && syscall.errors() > 0) {
                lines.add(Line.of("    " + errors(syscall), Style.DOUBT).cut(page.width(), page.ellipsis()));
            }
        }
        if (shown.size() < sorted.size()) {
            lines.add(page.more(sorted.size() - shown.size(), "system call", "system calls"));
        }
        return lines;
    }

    private Table table(LatencyHistogram histogram) {
        Table table = new Table(1).left("SYSTEM CALL", 8, page.isWide() ? 30 : 19).left("by " + key(), 8, 18)
                .right("CALLS", 7).right(page.isCompact() ? "ERR" : "TOTAL", page.isCompact() ? 5 : 7);
        if (page.isCompact()) {
            table.right("TOTAL", 7);
        }
        table.right("P50", 7);
        if (page.isWide()) {
            table.right("P95", 7);
        }
        table.right("P99", 7);
        if (!page.isCompact()) {
            table.right("MAX", 7);
        }
        int widest = Math.max(histogram.fullWidth(), TextWidth.of(histogram.scale()));
        table.elastic(histogram.scale(), MIN_HISTOGRAM, Math.max(MIN_HISTOGRAM, widest));
        return page.isWide() ? table.left("ERRORS", 6, 80) : table;
    }

    /** Keys that say nothing of system calls leave them in the order of their time. */
    private String key() {
        return switch (page.sort()) {
            case CALLS, ERRORS, PID, NAME -> page.sort().toString();
            default -> "total";
        };
    }

    private List<Cell> cells(ProcessSyscall row, LatencyHistogram histogram) {
        SyscallSummary syscall = row.syscall();
        Units units = page.units();
        List<Cell> cells = new ArrayList<>(List.of(
                Names.cell(row.process(), page.glyphs(), Style.STRONG),
                Cell.of(page.glyphs().escape(syscall.name())), Cell.of(Units.count(syscall.calls()))));
        if (page.isCompact()) {
            cells.add(syscall.errors() == 0 ? none() : Cell.of(Units.count(syscall.errors()), Style.DOUBT));
        }
        cells.add(Cell.of(units.time(syscall.totalNs()), Style.STRONG));
        // Of the calls of joined processes only upper bounds are known.
        String bound = row.process().isBound() ? page.glyphs().atMost() : "";
        cells.add(row.process().isBound() ? none() : Cell.of(units.time(syscall.p50Ns())));
        if (page.isWide()) {
            cells.add(Cell.of(bound + units.time(syscall.p95Ns())));
        }
        cells.add(Cell.of(bound + units.time(syscall.p99Ns())));
        if (!page.isCompact()) {
            cells.add(Cell.of(units.time(syscall.maxNs())));
        }
        cells.add(new Cell(MIN_HISTOGRAM, columns -> histogram.draw(syscall, columns)));
        if (page.isWide()) {
            cells.add(syscall.errors() == 0 ? none() : Cell.of(errorNames(syscall), Style.DOUBT));
        }
        return cells;
    }

    private Cell none() {
        return Cell.of(page.glyphs().none(), Style.FAINT);
    }

    private static String errors(SyscallSummary syscall) {
        return Units.count(syscall.errors(), "error", "errors") + ": " + errorNames(syscall);
    }

    private static String errorNames(SyscallSummary syscall) {
        List<Map.Entry<String, Long>> sorted = syscall.errnos().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        StringBuilder names = new StringBuilder();
        for (Map.Entry<String, Long> errno : Fold.head(sorted, MAX_ERRNOS)) {
            names.append(names.isEmpty() ? "" : ", ").append(Units.count(errno.getValue())).append(' ').append(errno.getKey());
        }
        int more = sorted.size() - Fold.head(sorted, MAX_ERRNOS).size();
        return more == 0 ? names.toString() : names + " +" + more;
    }
}
