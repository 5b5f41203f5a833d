package ktrace.pipeline;

import java.util.List;
import ktrace.event.EventSink;
import ktrace.event.TraceCounters;

/**
 * Who sees the events of a trace: each on a thread of its own, all of them every event.
 *
 * @param recorders see what the source gave; they work beside the tracker and must not look at its stamps
 * @param tracker stamps each event
 * @param readers see each event once it is stamped
 * @param others counters of those who work for the trace outside source and stages, such as a {@link ktrace.facts.StateDump}:
 *     what they counted is told in the {@link ktrace.event.WindowFacts}
 */
public record Stages(List<EventSink> recorders, EventSink tracker, List<? extends EventSink> readers, List<TraceCounters> others) {
    public Stages {
        recorders = List.copyOf(recorders);
        readers = List.copyOf(readers);
        others = List.copyOf(others);
    }

    /** A tracker and its readers alone. */
    public Stages(EventSink tracker, List<? extends EventSink> readers) {
        this(List.of(), tracker, readers, List.of());
    }
}
