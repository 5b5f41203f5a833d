package ktrace.view.summary;

import java.util.ArrayList;
import java.util.List;
import ktrace.story.Fold;
import ktrace.story.SummaryRows;
import ktrace.story.Telling;
import ktrace.story.WaitFigures;
import ktrace.story.WaitRow;
import ktrace.story.WaitSentence;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Table;

/** Who waited for whom, through what, how long: one sentence each, with its figures beside it or under it. */
final class WaitSection {
    private final Page page;

    WaitSection(Page page) {
        this.page = page;
    }

    List<Line> lines(SummaryRows rows) {
        List<WaitRow> sorted = rows.busyWaits();
        List<WaitRow> idle = rows.idleWaits();
        if (sorted.isEmpty() && idle.isEmpty()) {
            return List.of(Line.of("WAITS", Style.STRONG), Line.of("  nobody waited", Style.FAINT));
        }
        int limit = page.budget().waits();
        List<WaitRow> shown = Fold.head(sorted, idle.isEmpty() || limit > sorted.size() ? limit : limit - 1);
        List<Line> lines = new ArrayList<>(page.isWide() ? beside(shown) : page.isCompact() ? compact(shown) : under(shown));
        if (shown.size() < sorted.size()) {
            lines.add(page.more(sorted.size() - shown.size(), "wait", "waits"));
        }
        if (!idle.isEmpty()) {
            lines.add(Line.of(Fold.idle(idle, page.alphabet(), page.width())));
        }
        return lines;
    }

    private List<Line> beside(List<WaitRow> rows) {
        List<WaitSentence> sentences = rows.stream().map(r -> sentence(r, 2)).toList();
        int longest = sentences.stream().mapToInt(WaitSentence::width).max().orElse(0);
        Table table = new Table(1).elastic("WAITS", 40, Math.max(60, longest)).right("", 11).right("P50", 7).right("P99", 7)
                .right("MAX", 7).left("EVIDENCE", 11, 11);
        for (int i = 0; i < rows.size(); i++) {
            WaitFigures figures = figures(rows.get(i));
            table.row(List.of(cell(sentences.get(i)), Cell.of(figures.count()), Cell.of(figures.median()), Cell.of(figures.p99()),
                    Cell.of(figures.max()), Cell.of(figures.evidence())));
        }
        return table.lines(page.width(), page.ellipsis());
    }

    private List<Line> under(List<WaitRow> rows) {
        Table table = new Table(1).right("", 20).left("", 11, 11).left("", 12, 12).left("", 11, 11).left("", 11, 11);
        for (WaitRow row : rows) {
            WaitFigures figures = figures(row);
            table.row(List.of(Cell.of(figures.count()), labelled("p50 ", figures.hasMedian(), figures.median()),
                    labelled("p99 ", figures.hasLengths(), figures.p99()), labelled("max ", figures.hasLengths(), figures.max()),
                    Cell.of(figures.evidence())));
        }
        List<Line> drawn = table.lines(page.width(), page.ellipsis());
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of("WAITS", Style.STRONG));
        for (int i = 0; i < rows.size(); i++) {
            lines.add(Line.of(sentence(rows.get(i), 1).fit(page.width())));
            lines.add(drawn.get(i + 1));
        }
        return lines;
    }

    private List<Line> compact(List<WaitRow> rows) {
        Table table = new Table(1).elastic("WAITS", 20, page.width()).right("COUNT", 5).left("", 8, 11);
        for (WaitRow row : rows) {
            table.row(List.of(cell(sentence(row, 1)), Cell.of(figures(row).shortCount()), Cell.of(figures(row).evidence())));
        }
        return table.lines(page.width(), page.ellipsis());
    }

    private WaitSentence sentence(WaitRow row, int maxPeers) {
        return new WaitSentence(row, page.alphabet(), maxPeers);
    }

    private WaitFigures figures(WaitRow row) {
        return new WaitFigures(row, page.alphabet());
    }

    private static Cell cell(WaitSentence sentence) {
        return new Cell(sentence.width(), columns -> Line.of(sentence.fit(columns)));
    }

    private static Cell labelled(String label, boolean known, Telling figure) {
        return known ? Cell.of(Line.of(label, Style.FAINT).add(figure)) : Cell.of("");
    }
}
