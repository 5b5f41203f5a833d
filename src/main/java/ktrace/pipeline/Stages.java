package ktrace.pipeline;

import java.util.List;
import ktrace.event.EventSink;
import ktrace.event.EventStamper;
import ktrace.event.TraceCounters;
import ktrace.facts.Answers;

/**
 * Who sees the events of a trace.
 *
 * @param stamper stamps each event, on the poller's thread: what must be known of an event is asked before it is passed on
 * @param answers where what the stamper asked of the kernel comes out
 * @param readers see each event once it is stamped, each on a thread of its own
 * @param others counters of those who work for the trace outside source and stages, such as a {@link ktrace.facts.live.StateDump}:
 *     what they counted is told in the {@link ktrace.event.WindowFacts}
 */
public record Stages(EventStamper stamper, Answers answers, List<? extends EventSink> readers, List<TraceCounters> others) {
    public Stages {
        readers = List.copyOf(readers);
        others = List.copyOf(others);
    }

    /** A stamper that asks nothing, and its readers alone. */
    public Stages(EventStamper stamper, List<? extends EventSink> readers) {
        this(stamper, Answers.none(), readers, List.of());
    }
}
