package ktrace.view;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;

/** Who waited for whom, through what, how long: one sentence each, with its figures beside it or under it. */
final class WaitSection {
    private final Page page;

    WaitSection(Page page) {
        this.page = page;
    }

    List<Line> lines(Content content) {
        List<WaitRow> sorted = content.waits();
        if (sorted.isEmpty()) {
            return List.of(Line.of("WAITS", Style.STRONG), Line.of("  nobody waited", Style.FAINT));
        }
        List<WaitRow> shown = Fold.head(sorted, page.budget().waits());
        List<Line> lines = new ArrayList<>(page.isWide() ? beside(shown) : page.isCompact() ? compact(shown) : under(shown));
        if (shown.size() < sorted.size()) {
            lines.add(page.more(sorted.size() - shown.size(), "wait", "waits"));
        }
        return lines;
    }

    private List<Line> beside(List<WaitRow> rows) {
        List<WaitSentence> sentences = rows.stream().map(r -> sentence(r, 2)).toList();
        int longest = sentences.stream().mapToInt(WaitSentence::width).max().orElse(0);
        Table table = new Table(1).elastic("WAITS", 40, Math.max(60, longest)).right("", 11).right("P50", 7).right("P99", 7)
                .right("MAX", 7).left("EVIDENCE", 11, 11);
        for (int i = 0; i < rows.size(); i++) {
            WaitSentence sentence = sentences.get(i);
            WaitSummary wait = rows.get(i).what();
            table.row(List.of(new Cell(sentence.width(), sentence::fit), Cell.of(count(wait)),
                    Cell.of(median(rows.get(i))),
                    Cell.of(p99(rows.get(i))), Cell.of(time(wait, wait.maxNs())),
                    Cell.of(evidence(wait.evidence()))));
        }
        return table.lines(page.width(), page.ellipsis());
    }

    private List<Line> under(List<WaitRow> rows) {
        Table figures = new Table(1).right("", 20).left("", 11, 11).left("", 12, 12).left("", 11, 11).left("", 11, 11);
        for (WaitRow row : rows) {
            WaitSummary wait = row.what();
            figures.row(List.of(Cell.of(count(wait)), labelled("p50 ", median(row)), labelled("p99 ", p99(row)),
                    labelled("max ", time(wait, wait.maxNs())), Cell.of(evidence(wait.evidence()))));
        }
        List<Line> drawn = figures.lines(page.width(), page.ellipsis());
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of("WAITS", Style.STRONG));
        for (int i = 0; i < rows.size(); i++) {
            lines.add(sentence(rows.get(i), 1).fit(page.width()));
            lines.add(drawn.get(i + 1));
        }
        return lines;
    }

    private List<Line> compact(List<WaitRow> rows) {
        Table table = new Table(1).elastic("WAITS", 20, page.width()).right("COUNT", 5).left("", 8, 11);
        for (WaitRow row : rows) {
            WaitSentence sentence = sentence(row, 1);
            String count = row.what().count() == 0 ? "" : Units.count(row.what().count());
            table.row(List.of(new Cell(sentence.width(), sentence::fit), Cell.of(row.what().ongoing() ? count + "+" : count),
                    Cell.of(evidence(row.what().evidence()))));
        }
        return table.lines(page.width(), page.ellipsis());
    }

    private WaitSentence sentence(WaitRow row, int maxPeers) {
        return new WaitSentence(row, page.glyphs(), maxPeers);
    }

    /** {@code 310+ waits}: so many came to an end, and one goes on. */
    private static String count(WaitSummary wait) {
        if (wait.count() == 0) {
            return "goes on";
        }
        return wait.ongoing() ? Units.count(wait.count()) + "+ waits" : Units.count(wait.count(), "wait", "waits");
    }

    private Line time(WaitSummary wait, long timeNs) {
        return wait.count() == 0 ? none() : Line.of(page.units().time(timeNs));
    }

    private Line median(WaitRow row) {
        return row.isJoined() ? none() : time(row.what(), row.what().p50Ns());
    }

    /** Of joined rows only an upper bound is known. */
    private Line p99(WaitRow row) {
        Line bound = Line.of(row.isJoined() && row.what().count() > 0 ? page.glyphs().atMost() : "");
        return bound.add(time(row.what(), row.what().p99Ns()));
    }

    private Line none() {
        return Line.of(page.glyphs().none(), Style.FAINT);
    }

    private Cell labelled(String label, Line figure) {
        boolean isNone = figure.plain().equals(page.glyphs().none());
        return isNone ? Cell.of("") : Cell.of(Line.of(label, Style.FAINT).add(figure));
    }

    private static Line evidence(Evidence evidence) {
        return Line.of("[" + evidence.label() + "]", switch (evidence) {
            case OBJECT -> Style.SURE;
            case WAKER -> Style.DOUBT;
            case INTERRUPT, NONE -> Style.FAINT;
        });
    }
}
