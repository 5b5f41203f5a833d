package ktrace.view.summary;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.SyscallSummary;
import ktrace.story.Fold;
import ktrace.story.LatencyScale;
import ktrace.story.ProcessSyscall;
import ktrace.story.SummaryRows;
import ktrace.story.Units;
import ktrace.text.TextWidth;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Table;

/** Which system calls of whom took how long, which errors they gave, and how their latencies are spread. */
public final class SyscallSection {
    private static final int MIN_HISTOGRAM = 8;

    private final Page page;

    public SyscallSection(Page page) {
        this.page = page;
    }

    public List<Line> lines(SummaryRows rows) {
        List<ProcessSyscall> sorted = rows.syscalls(page.sort());
        if (sorted.isEmpty()) {
            return List.of(Line.of("SYSTEM CALLS", Style.STRONG), Line.of("  none returned", Style.FAINT));
        }
        List<ProcessSyscall> shown = Fold.head(sorted, page.budget().syscalls());
        LatencyScale scale = LatencyScale.over(shown.stream().map(ProcessSyscall::syscall).toList());
        Table table = table(scale);
        for (ProcessSyscall row : shown) {
            table.row(cells(row, scale));
        }
        List<Line> drawn = table.lines(page.width(), page.ellipsis());
        List<Line> lines = new ArrayList<>();
        lines.add(drawn.getFirst());
        for (int i = 0; i < shown.size(); i++) {
            lines.add(drawn.get(i + 1));
            ProcessSyscall row = shown.get(i);
            if (!page.isWide() && !page.isCompact() && row.syscall().errors() > 0) {
                lines.add(Line.of("    " + row.errors(), Style.DOUBT).cut(page.width(), page.ellipsis()));
            }
        }
        if (shown.size() < sorted.size()) {
            lines.add(page.more(sorted.size() - shown.size(), "system call", "system calls"));
        }
        return lines;
    }

    private Table table(LatencyScale scale) {
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
        String ends = scale.ends(page.units());
        int widest = Math.max(scale.powers(), TextWidth.of(ends));
        table.elastic(ends, MIN_HISTOGRAM, Math.max(MIN_HISTOGRAM, widest));
        return page.isWide() ? table.left("ERRORS", 6, 80) : table;
    }

    /** Keys that say nothing of system calls leave them in the order of their time. */
    private String key() {
        return switch (page.sort()) {
            case CALLS, ERRORS, PID, NAME -> page.sort().toString();
            default -> "total";
        };
    }

    private List<Cell> cells(ProcessSyscall row, LatencyScale scale) {
        SyscallSummary syscall = row.syscall();
        Units units = page.units();
        List<Cell> cells = new ArrayList<>(List.of(
                NameCell.of(row.process(), page.alphabet(), false),
                Cell.of(page.alphabet().escape(syscall.name())), Cell.of(Units.count(syscall.calls()))));
        if (page.isCompact()) {
            cells.add(syscall.errors() == 0 ? none() : Cell.of(Units.count(syscall.errors()), Style.DOUBT));
        }
        cells.add(Cell.of(units.time(syscall.totalNs()), Style.STRONG));
        cells.add(Cell.of(row.median(page.alphabet())));
        if (page.isWide()) {
            cells.add(Cell.of(row.p95(page.alphabet())));
        }
        cells.add(Cell.of(row.p99(page.alphabet())));
        if (!page.isCompact()) {
            cells.add(Cell.of(units.time(syscall.maxNs())));
        }
        cells.add(new Cell(MIN_HISTOGRAM, columns -> histogram(scale, syscall, columns)));
        if (page.isWide()) {
            cells.add(syscall.errors() == 0 ? none() : Cell.of(row.errorNames(), Style.DOUBT));
        }
        return cells;
    }

    private Cell none() {
        return Cell.of(page.alphabet().none(), Style.FAINT);
    }

    private Line histogram(LatencyScale scale, SyscallSummary syscall, int columns) {
        String levels = page.glyphs().levels();
        StringBuilder drawn = new StringBuilder();
        for (int height : scale.heights(syscall, columns, levels.length() - 1)) {
            drawn.append(levels.charAt(height));
        }
        return Line.of(drawn.toString(), Style.BARS);
    }
}
