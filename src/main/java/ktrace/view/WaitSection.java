package ktrace.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.Summary;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;

/** Who waited for whom, through what, how long: one sentence each, with its figures beside it or under it. */
final class WaitSection {
    private record Row(ProcessSummary process, WaitSummary what) {
        /** Sat and waited all the time, as idle servers do: not where time is lost, unless there is nothing else. */
        boolean isIdle() {
            return what.count() == 0 && what.kind().ipc();
        }
    }

    private final Page page;

    WaitSection(Page page) {
        this.page = page;
    }

    List<Line> lines(Summary summary) {
        List<Row> sorted = summary.processes().stream()
                .flatMap(p -> p.waits().stream().map(w -> new Row(p, w)))
                .filter(r -> r.what.totalNs() > 0 || r.what.count() > 0)
                .sorted(Comparator.comparing(Row::isIdle).thenComparing(r -> r.what.totalNs(), Comparator.reverseOrder())
                        .thenComparingInt(r -> r.process.pid())).toList();
        if (sorted.isEmpty()) {
            return List.of(Line.of("WAITS", Style.STRONG), Line.of("  nobody waited", Style.FAINT));
        }
        List<Row> shown = Fold.head(sorted, page.budget().waits());
        List<Line> lines = new ArrayList<>(page.isWide() ? beside(shown) : page.isCompact() ? compact(shown) : under(shown));
        if (shown.size() < sorted.size()) {
            lines.add(page.more(sorted.size() - shown.size(), "wait", "waits"));
        }
        return lines;
    }

    private List<Line> beside(List<Row> rows) {
        List<WaitSentence> sentences = rows.stream().map(r -> sentence(r, 2)).toList();
        int longest = sentences.stream().mapToInt(WaitSentence::width).max().orElse(0);
        Table table = new Table(1).elastic("WAITS", 40, Math.max(60, longest)).right("", 11).right("P50", 7).right("P99", 7)
                .right("MAX", 7).left("EVIDENCE", 11, 11);
        for (int i = 0; i < rows.size(); i++) {
            WaitSentence sentence = sentences.get(i);
            WaitSummary wait = rows.get(i).what;
            table.row(List.of(new Cell(sentence.width(), sentence::fit), Cell.of(count(wait)),
                    time(wait, wait.p50Ns()), time(wait, wait.p99Ns()), time(wait, wait.maxNs()),
                    Cell.of(evidence(wait.evidence()))));
        }
        return table.lines(page.width(), page.ellipsis());
    }

    private List<Line> under(List<Row> rows) {
        Table figures = new Table(1).right("", 20).left("", 11, 11).left("", 11, 11).left("", 11, 11).left("", 11, 11);
        for (Row row : rows) {
            WaitSummary wait = row.what;
            figures.row(List.of(Cell.of(count(wait)), labelled("p50 ", wait, wait.p50Ns()),
                    labelled("p99 ", wait, wait.p99Ns()), labelled("max ", wait, wait.maxNs()), Cell.of(evidence(wait.evidence()))));
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

    private List<Line> compact(List<Row> rows) {
        Table table = new Table(1).elastic("WAITS", 20, page.width()).right("COUNT", 5).left("", 8, 11);
        for (Row row : rows) {
            WaitSentence sentence = sentence(row, 1);
            String count = row.what.count() == 0 ? "" : Units.count(row.what.count());
            table.row(List.of(new Cell(sentence.width(), sentence::fit), Cell.of(row.what.ongoing() ? count + "+" : count),
                    Cell.of(evidence(row.what.evidence()))));
        }
        return table.lines(page.width(), page.ellipsis());
    }

    private WaitSentence sentence(Row row, int maxPeers) {
        return new WaitSentence(row.process, row.what, page.glyphs(), maxPeers);
    }

    /** {@code 310+ waits}: so many came to an end, and one goes on. */
    private static String count(WaitSummary wait) {
        if (wait.count() == 0) {
            return "goes on";
        }
        return wait.ongoing() ? Units.count(wait.count()) + "+ waits" : Units.count(wait.count(), "wait", "waits");
    }

    private Cell time(WaitSummary wait, long timeNs) {
        return wait.count() == 0 ? Cell.of(page.glyphs().none(), Style.FAINT) : Cell.of(page.units().time(timeNs));
    }

    private Cell labelled(String label, WaitSummary wait, long timeNs) {
        return wait.count() == 0 ? Cell.of("") : Cell.of(Line.of(label, Style.FAINT).add(page.units().time(timeNs)));
    }

    private static Line evidence(Evidence evidence) {
        return Line.of("[" + evidence.label() + "]", switch (evidence) {
            case OBJECT -> Style.SURE;
            case WAKER -> Style.DOUBT;
            case INTERRUPT, NONE -> Style.FAINT;
        });
    }
}
