package ktrace.story;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Summary;
import ktrace.event.TraceCounter;

/**
 * Something that could not be seen, decoded or explained.
 *
 * @param text how often, and what
 */
public record Remark(TraceCounter.Severity severity, String text) {
    /** All that is to be said of a summary, worst first. */
    public static List<Remark> of(Summary summary) {
        return summary.counters().entrySet().stream().filter(e -> e.getValue() != 0)
                .sorted(Comparator.comparing((Map.Entry<TraceCounter, Long> e) -> e.getKey().severity()).reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(e -> new Remark(e.getKey().severity(), Units.count(e.getValue()) + " " + e.getKey().sentence())).toList();
    }

    /** What stands before it, one word. */
    public String label() {
        return switch (severity) {
            case ERROR -> "error";
            case LOSS -> "loss";
            case DOUBT -> "doubt";
            case NOTE -> "note";
        };
    }

    public Tone ofLabel() {
        return switch (severity) {
            case ERROR, LOSS -> Tone.BAD;
            case DOUBT -> Tone.DOUBT;
            case NOTE -> Tone.FAINT;
        };
    }

    public Tone ofText() {
        return severity == TraceCounter.Severity.DOUBT ? Tone.PLAIN : ofLabel();
    }
}
