package ktrace.view.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ktrace.analysis.Summary;
import ktrace.event.TraceCounter.Severity;
import ktrace.story.Remark;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;

/** What could not be seen, decoded or explained: worst first. */
final class CounterSection {
    private static final int LABEL_COLUMNS = 7;

    private CounterSection() {
    }

    /** How many lines they take. */
    static int count(Summary summary, Page page) {
        return lines(summary, page).size();
    }

    /** Where rows are few, those that take nothing away from the figures are left to the final summary. */
    private static boolean isWorth(Remark remark, Page page) {
        return !page.isCompact() || remark.severity() != Severity.NOTE || remark.isAdvice();
    }

    static List<Line> lines(Summary summary, Page page) {
        return Remark.of(summary).stream().filter(r -> isWorth(r, page))
                .flatMap(r -> wrapped(r, page.width(), !page.isCompact())).toList();
    }

    /** Broken at blanks, so that no end of a sentence is lost on a narrow screen. */
    private static Stream<Line> wrapped(Remark remark, int width, boolean withMeaning) {
        List<Line> lines = new ArrayList<>();
        int room = Math.max(20, width - LABEL_COLUMNS);
        String rest = remark.text() + (withMeaning ? remark.meaning() : "");
        while (!rest.isEmpty()) {
            int blank = rest.length() <= room ? rest.length() : rest.lastIndexOf(' ', room);
            int end = blank > 0 ? blank : Math.min(room, rest.length());
            lines.add(line(remark, lines.isEmpty(), rest.substring(0, end)));
            rest = rest.substring(end).stripLeading();
        }
        return lines.stream();
    }

    private static Line line(Remark remark, boolean first, String text) {
        String label = first ? remark.label() + " ".repeat(LABEL_COLUMNS - remark.label().length()) : " ".repeat(LABEL_COLUMNS);
        Style ofText = Style.of(remark.ofText());
        return remark.ofLabel() == remark.ofText() ? Line.of(label + text, ofText)
                : Line.of(label, Style.of(remark.ofLabel())).add(text, ofText);
    }
}
