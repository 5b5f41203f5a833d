package ktrace.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ktrace.analysis.Summary;
import ktrace.event.TraceCounter;

/** What could not be seen, decoded or explained: worst first. */
final class CounterSection {
    private static final String LABEL = " ".repeat(7);

    private CounterSection() {
    }

    /** How many lines they take. */
    static int count(Summary summary, Page page) {
        return lines(summary, page).size();
    }

    /** Where rows are few, those that take nothing away from the figures are left to the final summary. */
    private static boolean isWorth(TraceCounter.Severity severity, Page page) {
        return !page.isCompact() || severity != TraceCounter.Severity.NOTE;
    }

    static List<Line> lines(Summary summary, Page page) {
        return summary.counters().entrySet().stream()
                .filter(e -> e.getValue() != 0 && isWorth(e.getKey().severity(), page))
                .sorted(Comparator.comparing((Map.Entry<TraceCounter, Long> e) -> e.getKey().severity()).reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .flatMap(e -> wrapped(e.getKey().severity(), Units.count(e.getValue()) + " " + e.getKey().sentence(),
                        page.width())).toList();
    }

    /** Broken at blanks, so that no end of a sentence is lost on a narrow screen. */
    private static Stream<Line> wrapped(TraceCounter.Severity severity, String text, int width) {
        List<Line> lines = new ArrayList<>();
        int room = Math.max(20, width - LABEL.length());
        String rest = text;
        while (!rest.isEmpty()) {
            int blank = rest.length() <= room ? rest.length() : rest.lastIndexOf(' ', room);
            int end = blank > 0 ? blank : Math.min(room, rest.length());
            lines.add(line(severity, lines.isEmpty(), rest.substring(0, end)));
            rest = rest.substring(end).stripLeading();
        }
        return lines.stream();
    }

    private static Line line(TraceCounter.Severity severity, boolean first, String text) {
        return switch (severity) {
            case ERROR -> Line.of((first ? "error  " : LABEL) + text, Style.BAD);
            case LOSS -> Line.of((first ? "loss   " : LABEL) + text, Style.BAD);
            case DOUBT -> Line.of(first ? "doubt  " : LABEL, Style.DOUBT).add(text);
            case NOTE -> Line.of((first ? "note   " : LABEL) + text, Style.FAINT);
        };
    }
}
