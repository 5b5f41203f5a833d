package ktrace.view.summary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.StateTimes;
import ktrace.story.Fold;
import ktrace.story.Names;
import ktrace.story.Portion;
import ktrace.story.ProcessRow;
import ktrace.story.SummaryRows;
import ktrace.story.ThreadRow;
import ktrace.story.Units;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Table;

/** Processes, and the busiest threads of those that have several: a bar that divides their time, and its shares in figures. */
public final class ProcessSection {
    private static final int MIN_BAR = 6;
    private static final int MAX_BAR = 64;
    private static final int MAX_COMMAND = 60;
    /** From here on there is room for how often the scheduler stepped in. */
    private static final int WITH_SWITCHES = 110;
    /** From here on there is room for the command line. */
    private static final int WITH_COMMAND = 150;

    private final Page page;
    private final SummaryRows rows;
    /** Those that have a column of figures. */
    private final List<Portion> shown;
    private final boolean anyThreads;

    public ProcessSection(Page page, SummaryRows rows) {
        this.page = page;
        this.rows = rows;
        StateTimes all = rows.processes().stream().map(p -> p.summary().states()).reduce(StateTimes.NONE, StateTimes::plus);
        this.shown = Arrays.stream(Portion.values()).filter(p -> !p.isRare() || p.ofNs(all) > 0).toList();
        this.anyThreads = rows.hasThreads();
    }

    public List<Line> processes() {
        List<ProcessRow> sorted = rows.processes(page.sort());
        List<ProcessRow> head = Fold.head(sorted, page.budget().processes());
        Table table = table("PROCESS by " + page.sort(), "THR", page.width() >= WITH_COMMAND ? "COMMAND" : null);
        for (ProcessRow process : head) {
            String threads = process.isJoined() ? page.alphabet().none() : Units.count(process.summary().threads().size());
            table.row(row(NameCell.of(process, page.alphabet(), page.width() >= WITH_SWITCHES), threads, process.summary().states(),
                    command(process.summary())));
        }
        List<Line> lines = new ArrayList<>(table.lines(page.width(), page.ellipsis()));
        if (head.size() < sorted.size()) {
            int more = sorted.stream().mapToInt(ProcessRow::members).sum() - head.stream().mapToInt(ProcessRow::members).sum();
            lines.add(page.more(more, "process", "processes"));
        }
        List<ProcessRow> watched = head.stream().filter(row -> row.summary().statesOnly()).toList();
        if (!watched.isEmpty()) {
            lines.add(Line.of("watched for states alone, as others wait for " + (watched.size() == 1 && !watched.getFirst().isJoined()
                    ? "it: " : "them: ") + watched.stream().map(row -> Names.of(row, page.alphabet(), Names.MAX_COLUMNS))
                    .collect(Collectors.joining(", ")), Style.FAINT));
        }
        return lines;
    }

    /** Empty when no process has more than one thread. */
    List<Line> threads() {
        List<ThreadRow> sorted = rows.threads();
        List<ThreadRow> head = Fold.head(sorted, page.budget().threads());
        if (head.isEmpty()) {
            return List.of();
        }
        Table table = table("THREAD by cpu", "OF", page.width() >= WITH_COMMAND ? "PROCESS" : null);
        for (ThreadRow row : head) {
            table.row(row(NameCell.of(row.thread().comm(), row.thread().tid(), page.alphabet()),
                    Integer.toString(row.process().pid()), row.thread().states(),
                    Cell.of(Names.of(row.process(), page.alphabet()), Style.FAINT)));
        }
        List<Line> lines = new ArrayList<>(table.lines(page.width(), page.ellipsis()));
        if (head.size() < sorted.size()) {
            lines.add(page.more(sorted.size() - head.size(), "thread", "threads"));
        }
        return lines;
    }

    private Table table(String who, String number, String command) {
        int left = page.width() - (command == null ? 0 : 20);
        Table table = new Table(1).left(who, 16, left / 3);
        if (anyThreads) {
            table.right(number, 3);
        }
        table.right("TIME", 7).elastic("", MIN_BAR, command == null ? page.width() : Math.min(MAX_BAR, page.width() / 4));
        for (StateBar.Part part : StateBar.parts(StateTimes.NONE, page.glyphs())) {
            if (shown.contains(part.portion())) {
                String title = part.portion() == Portion.UNKNOWN && !page.isWide() ? "?" : part.portion().name();
                table.right(Line.of(part.glyph(), part.style()).add(title, Style.STRONG), 5);
            }
        }
        if (page.width() >= WITH_SWITCHES) {
            table.right("SWITCHES", 8).right("FORCED", 7).right("MOVED", 6);
        }
        return command == null ? table : table.left(command, 8, MAX_COMMAND);
    }

    private List<Cell> row(Cell who, String number, StateTimes states, Cell command) {
        List<StateBar.Part> parts = StateBar.parts(states, page.glyphs());
        List<Cell> cells = new ArrayList<>();
        cells.add(who);
        if (anyThreads) {
            cells.add(Cell.of(number));
        }
        cells.add(Cell.of(page.units().time(states.totalNs())));
        cells.add(new Cell(MIN_BAR, columns -> StateBar.draw(parts, columns)));
        for (StateBar.Part part : parts) {
            if (shown.contains(part.portion())) {
                cells.add(part.timeNs() == 0 ? Cell.of(page.alphabet().none(), Style.FAINT)
                        : Cell.of(Units.percent(part.timeNs(), states.totalNs()).replace(" ", ""), part.style()));
            }
        }
        if (page.width() >= WITH_SWITCHES) {
            cells.add(Cell.of(Units.count(states.switchesVoluntary())));
            cells.add(Cell.of(Units.count(states.switchesInvoluntary())));
            cells.add(Cell.of(Units.count(states.migrations())));
        }
        if (page.width() >= WITH_COMMAND) {
            cells.add(command);
        }
        return cells;
    }

    private Cell command(ProcessSummary process) {
        String ended = process.exitNs() == null ? "" : "(exited) ";
        String cmdline = process.cmdline() == null ? "" : page.alphabet().escape(process.cmdline());
        String watched = process.statesOnly() ? "(states alone) " : "";
        return Cell.of(Line.of(ended + watched, Style.DOUBT).add(cmdline, Style.FAINT));
    }
}
