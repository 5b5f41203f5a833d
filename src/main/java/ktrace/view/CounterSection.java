package ktrace.view;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Summary;
import ktrace.event.TraceCounter;

/** What could not be seen, decoded or explained: worst first. */
final class CounterSection {
    private CounterSection() {
    }

    /** How many counters have something to say. */
    static int count(Summary summary, Page page) {
        return (int) summary.counters().entrySet().stream()
                .filter(e -> e.getValue() != 0 && isWorth(e.getKey().severity(), page)).count();
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
                .map(e -> line(e.getKey(), e.getValue()).cut(page.width(), page.ellipsis())).toList();
    }

    private static Line line(TraceCounter counter, long count) {
        String text = Units.count(count) + " " + counter.sentence();
        return switch (counter.severity()) {
            case ERROR -> Line.of("error  " + text, Style.BAD);
            case LOSS -> Line.of("loss   " + text, Style.BAD);
            case DOUBT -> Line.of("doubt  ", Style.DOUBT).add(text);
            case NOTE -> Line.of("note   " + text, Style.FAINT);
        };
    }
}
