package ktrace.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ktrace.analysis.path.History;
import ktrace.analysis.path.PathShare;
import ktrace.analysis.path.PathSummary;
import ktrace.analysis.path.Stretch;
import ktrace.event.Evidence;
import ktrace.linux.terminal.StandardStream;
import ktrace.story.Alphabet;
import ktrace.story.Fold;
import ktrace.story.Names;
import ktrace.story.PathWords;
import ktrace.story.Units;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Line;
import ktrace.view.screen.Output;
import ktrace.view.screen.Quit;
import ktrace.view.screen.Style;
import ktrace.view.screen.Table;

/** A critical path as text: who and what took how much of it, or stretch by stretch. One thread. */
public final class PathView {
    private static final int USUAL_SHARES = 20;
    /** So many lines are made at a time. */
    private static final int BLOCK = 10_000;
    private static final double SECOND_NS = 1e9;

    private final PathSummary path;
    private final Alphabet alphabet;
    private final int width;

    PathView(PathSummary path, Alphabet alphabet, int width) {
        this.path = path;
        this.alphabet = alphabet;
        this.width = width;
    }

    /**
     * Writes it to standard output.
     *
     * @param top how many shares, 0 for the usual number
     * @return why it could not be written, or null; that the reader of a pipe has seen enough is no failure
     */
    public static IOException print(PathSummary path, Surroundings surroundings, int top) {
        Output output = new Output(StandardStream.output(), surroundings.hasColours(1), new Quit());
        PathView view = new PathView(path, Glyphs.of(surroundings.environment()).alphabet(), Views.width(1, surroundings.environment()));
        output.lines(view.head());
        if (path.stretches().isEmpty()) {
            output.lines(view.shares(top == 0 ? USUAL_SHARES : top));
        }
        for (int from = 0; from < path.stretches().size() && output.failure() == null; from += BLOCK) {
            output.lines(view.stretches(from, Math.min(from + BLOCK, path.stretches().size())));
        }
        return output.failure();
    }

    List<Line> head() {
        History history = path.history();
        Line line = Line.of("critical path of ").add(PathWords.thread(history, path.thread(), alphabet, Names.MAX_COLUMNS), Style.STRONG)
                .add(": ").add(alphabet.units().time(path.lengthNs()), Style.STRONG)
                .add(", from " + sinceBegin(path.fromNs()) + " to " + sinceBegin(path.toNs()) + " s");
        List<Line> lines = new ArrayList<>(List.of(line.cut(width, alphabet.ellipsis())));
        if (history.lost() > 0) {
            lines.add(Line.of(Units.count(history.lost(), "event", "events") + " of the trace were lost: parts of the path may be wrong",
                    Style.BAD).cut(width, alphabet.ellipsis()));
        }
        if (history.letGo() > 0) {
            lines.add(Line.of("the trace is longer than there is memory for: what is further back is not known; give --from and --to",
                    Style.DOUBT).cut(width, alphabet.ellipsis()));
        }
        lines.add(new Line());
        return lines;
    }

    List<Line> shares(int top) {
        Table table = new Table(2).right("SHARE", 6).right("TIME", 7).elastic("WHO", 16, 30).left("DOES", 8, 20).right("STRETCHES", 9);
        List<PathShare> shown = Fold.head(path.shares(), top);
        for (PathShare share : shown) {
            table.row(List.of(Cell.of(Units.percent(share.ns(), path.lengthNs())), Cell.of(alphabet.units().time(share.ns()), Style.STRONG),
                    new Cell(Names.MAX_COLUMNS, columns -> Line.of(PathWords.who(share, alphabet, columns), Style.STRONG)),
                    Cell.of(PathWords.cause(share.cause())), Cell.of(Units.count(share.stretches()))));
        }
        List<Line> lines = new ArrayList<>(table.lines(width, alphabet.ellipsis()));
        if (shown.size() < path.shares().size()) {
            lines.add(Line.of("  ").add(Fold.more(path.shares().size() - shown.size(), "share", "shares", alphabet)));
        }
        return lines;
    }

    List<Line> stretches(int from, int to) {
        Table table = new Table(1).right("FROM", 11).right("LENGTH", 7).left("WHO", 18, Names.MAX_COLUMNS).left("DOES", 12, 17)
                .elastic("THROUGH", 12, 80).left("EVIDENCE", 8, 9);
        for (Stretch stretch : path.stretches().subList(from, to)) {
            table.row(cells(stretch));
        }
        List<Line> lines = table.lines(width, alphabet.ellipsis());
        return from == 0 ? lines : lines.subList(1, lines.size());
    }

    private List<Cell> cells(Stretch stretch) {
        String through = stretch.object() != null ? stretch.object().name() : stretch.kind() == null ? "" : stretch.kind().label();
        Evidence evidence = stretch.evidence();
        return List.of(Cell.of(sinceBegin(stretch.fromNs())), Cell.of(alphabet.units().time(stretch.lengthNs()), Style.STRONG),
                new Cell(Names.MAX_COLUMNS, columns -> Line.of(PathWords.who(path.history(), stretch, alphabet, columns), Style.STRONG)),
                Cell.of(PathWords.cause(stretch.cause())), Cell.of(alphabet.escape(through)),
                evidence == null ? Cell.of("") : Cell.of(evidence.label(), evidence == Evidence.OBJECT ? Style.SURE : Style.DOUBT));
    }

    private String sinceBegin(long timeNs) {
        return String.format(Locale.ROOT, "%.6f", (timeNs - path.history().beginNs()) / SECOND_NS);
    }
}
