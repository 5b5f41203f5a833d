package ktrace.view.tabs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import ktrace.analysis.Summary;
import ktrace.analysis.graph.Edge;
import ktrace.story.Alphabet;
import ktrace.story.Fold;
import ktrace.story.GraphTree;
import ktrace.story.Names;
import ktrace.story.ObjectName;
import ktrace.story.ProcessRow;
import ktrace.story.ProcessSyscall;
import ktrace.story.SortKey;
import ktrace.story.SummaryRows;
import ktrace.story.Telling;
import ktrace.story.Units;
import ktrace.story.WaitFigures;
import ktrace.story.WaitRow;
import ktrace.story.WaitSentence;
import ktrace.story.connection.Connection;
import ktrace.text.TextWidth;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Table;
import ktrace.view.summary.Budget;
import ktrace.view.summary.GraphSection;
import ktrace.view.summary.Page;
import ktrace.view.summary.ProcessSection;
import ktrace.view.summary.SyscallSection;

/** The rows of each tab, under a line of titles. Made anew for each frame. */
final class Lists {
    /** More rows nobody goes through; the rest is one filter away. */
    private static final int MOST = 1000;

    /** @param title what stands above the rows */
    record Titled(Line title, List<Entry> entries) {
    }

    private final SummaryRows rows;
    private final Summary soFar;
    private final Page page;
    private final Chain chain;
    private final SortKey sort;

    /**
     * @param shown the summary of which the rows are
     * @param soFar since the begin of the trace: who waited for whom is known of that alone
     */
    Lists(Summary shown, Summary soFar, int width, SortKey sort, Glyphs glyphs) {
        rows = SummaryRows.of(shown);
        this.soFar = soFar;
        this.sort = sort;
        // One column is for the mark of the chosen row.
        page = new Page(Math.max(1, width - 1), true, Budget.of(MOST), sort, glyphs);
        chain = new Chain(rows, soFar, Math.max(1, width - 2), glyphs.alphabet());
    }

    Titled of(Tab tab) {
        return switch (tab) {
            case ALL, PROCESSES -> processes();
            case WAITS -> waits();
            case GRAPH -> graph();
            case CALLS -> calls();
            case CONNECTIONS -> connections();
        };
    }

    private Titled processes() {
        return titled(new ProcessSection(page, rows).processes(), Fold.head(rows.processes(sort), MOST),
                row -> Integer.toString(row.summary().pid()) + row.members(), row -> () -> chain.of(row));
    }

    private Titled calls() {
        List<ProcessSyscall> calls = Fold.head(rows.syscalls(sort), MOST);
        return calls.isEmpty() ? new Titled(Line.of("SYSTEM CALLS", Style.STRONG), List.of())
                : titled(new SyscallSection(page).lines(rows), calls,
                        row -> row.process().summary().pid() + row.syscall().name(), row -> () -> chain.of(row));
    }

    /** Lines of a table, the first of which has the titles, with what each is of. */
    private static <T> Titled titled(List<Line> lines, List<T> of, Function<T, String> key,
            Function<T, Supplier<List<Line>>> chain) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < of.size() && i + 1 < lines.size(); i++) {
            entries.add(new Entry(key.apply(of.get(i)), List.of(lines.get(i + 1)), chain.apply(of.get(i))));
        }
        return new Titled(lines.getFirst(), entries);
    }

    private Titled waits() {
        List<WaitRow> sorted = Fold.head(rows.waits().stream().sorted(order()).toList(), MOST);
        Alphabet alphabet = page.alphabet();
        Table table = new Table(1).elastic("WAITS", 20, page.width()).right("COUNT", 5);
        if (page.isWide()) {
            table.right("P50", 7).right("P99", 7).right("MAX", 7);
        }
        table.left("EVIDENCE", 8, 11);
        for (WaitRow row : sorted) {
            WaitFigures figures = new WaitFigures(row, alphabet);
            WaitSentence sentence = new WaitSentence(row, alphabet, page.isWide() ? 2 : 1);
            List<Cell> cells = new ArrayList<>();
            cells.add(new Cell(page.width(), columns -> Line.of(sentence.bare(columns))));
            cells.add(Cell.of(figures.shortCount()));
            if (page.isWide()) {
                cells.addAll(List.of(Cell.of(figures.median()), Cell.of(figures.p99()), Cell.of(figures.max())));
            }
            cells.add(Cell.of(figures.evidence()));
            table.row(cells);
        }
        List<Line> drawn = table.lines(page.width(), page.ellipsis());
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            WaitRow row = sorted.get(i);
            Telling why = new WaitSentence(row, alphabet, 1).explanation(page.width() - 2);
            List<Line> lines = why.width() == 0 ? List.of(drawn.get(i + 1)) : List.of(drawn.get(i + 1), Line.of("  ").add(why));
            entries.add(new Entry(key(row), lines, () -> chain.of(List.of(row))));
        }
        return new Titled(drawn.getFirst(), entries);
    }

    private static String key(WaitRow row) {
        return row.process().summary().pid() + " " + row.waiters() + row.what().kind().label() + row.objects() + row.what().syscall()
                + row.wakers() + row.what().evidence();
    }

    private Comparator<WaitRow> order() {
        return switch (sort) {
            case CALLS -> Comparator.comparingLong((WaitRow row) -> row.what().count()).reversed();
            case PID -> Comparator.comparingInt(row -> row.process().summary().pid());
            case NAME -> Comparator.comparing(row -> row.process().summary().comm());
            // As they are: the longest first, and the idle last.
            default -> Comparator.comparingInt(row -> 0);
        };
    }

    private Titled graph() {
        List<GraphTree.Row> tree = GraphTree.of(soFar.graph(), MOST);
        if (tree.isEmpty()) {
            return new Titled(Line.of("WHO WAITED FOR WHOM", Style.STRONG), List.of());
        }
        Page unfitted = new Page(page.width(), false, Budget.of(MOST), sort, page.glyphs());
        List<Line> lines = new GraphSection(unfitted).lines(soFar.graph());
        return titled(lines, tree, row -> row.depth() + " " + (row.edge() == null ? "" : row.edge().from().pid() + row.edge().kind().label())
                + " " + row.who().pid(), row -> () -> chain.of(row.who().pid()));
    }

    private Titled connections() {
        List<Connection> all = Connection.of(rows.summary(), soFar);
        List<Connection> sorted = Fold.head(sort == SortKey.CALLS
                ? all.stream().sorted(Comparator.comparingLong(Connection::count).reversed()).toList()
                : sort == SortKey.NAME ? all.stream().sorted(Comparator.comparing(Connection::object)).toList() : all, MOST);
        Table table = new Table(1).left("CONNECTION", 12, Math.max(18, page.width() / 4))
                .elastic("ENDS", 16, Math.max(16, page.width() / 2)).right("WAITS", 5).right("EMPTY", 7).right("FULL", 7)
                .right("POLLED", 7).right("BYTES", 7);
        sorted.forEach(connection -> table.row(List.of(
                object(connection), Cell.of(ends(connection), Style.STRONG),
                Cell.of(Units.count(connection.count())), time(connection.emptyNs()), time(connection.fullNs()), time(connection.otherNs()),
                connection.bytes() == Edge.UNKNOWN_BYTES ? none() : Cell.of(Units.bytes(connection.bytes())))));
        return titled(table.lines(page.width(), page.ellipsis()), sorted, connection -> connection.kind().label() + connection.object(),
                connection -> () -> chain.of(rows.waits().stream().filter(wait -> wait.what().kind() == connection.kind()
                        && !Collections.disjoint(wait.objects(), connection.names())).toList()));
    }

    private Cell object(Connection connection) {
        String name = page.alphabet().escape(connection.object());
        return new Cell(TextWidth.of(name), columns -> Line.of(ObjectName.fit(name, columns, page.ellipsis())));
    }

    private String ends(Connection connection) {
        return connection.ends().stream().map(end -> Names.of(end, page.alphabet(), Names.MAX_COLUMNS))
                .collect(Collectors.joining(page.alphabet() == Alphabet.ASCII ? " - " : " ↔ "));
    }

    private Cell time(long ns) {
        return ns == 0 ? none() : Cell.of(page.units().time(ns));
    }

    private Cell none() {
        return Cell.of(page.alphabet().none(), Style.FAINT);
    }
}
