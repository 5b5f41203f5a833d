package ktrace.cli.export;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;

/** What is missing in an exported trace, for standard error: not every format has a place to say it. One thread. */
public final class ExportLosses implements EventSink {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void onEvent(TraceEvent event) {
        if (event.type != EventType.END || !(event.payload instanceof WindowFacts facts)) {
            return;
        }
        for (TraceCounter counter : TraceCounter.values()) {
            long count = facts.counters().getOrDefault(counter, 0L);
            if (count > 0 && counter.severity() == TraceCounter.Severity.LOSS) {
                lines.add("ktrace: the export is not whole: " + count + " " + counter.sentence(count));
            }
        }
    }

    /** @param phrase what the format has no place for; empty: nothing */
    public void leftOut(String phrase) {
        if (!phrase.isEmpty()) {
            lines.add("ktrace: the export is not whole: it lacks " + phrase);
        }
    }

    /** A line for each kind of loss; none when all is there. Known after END. */
    public List<String> lines() {
        return lines;
    }
}
