package ktrace.analysis;

import java.util.List;
import java.util.Map;
import ktrace.analysis.graph.Graph;
import ktrace.event.TraceCounter;

/**
 * What ktrace found out in one window of time: the document that the view, the JSON and the reports are made from. Immutable.
 * All times are nanoseconds; absolute ones are on CLOCK_MONOTONIC.
 *
 * @param scope whether the window is one interval or the whole trace
 * @param collector where the events came from: {@code perf}, {@code ptrace} or {@code trace}
 * @param startNs begin of the window
 * @param durationNs length of the window
 * @param events how many events were decoded in the window
 * @param syscallEvents how many of these were entries and exits of system calls
 * @param lost how many events the kernel lost in the window, exactly
 * @param counters every counter that is not zero
 * @param self what ktrace itself used in the window
 * @param processes the observed processes, those that were there in the window, by number
 * @param verdict why it took as long as it did; only where that was asked for, and not for an interval
 * @param graph who waited for whom; only together with a verdict
 * @param cheaper another collector would have cost less for a time; else null
 */
public record Summary(Scope scope, String collector, long startNs, long durationNs, long events, long syscallEvents,
        long lost, Map<TraceCounter, Long> counters, SelfUsage self, List<ProcessSummary> processes, Verdict verdict,
        Graph graph, CheaperCollector cheaper) {

    /** One of which no more is to be said. */
    public Summary(Scope scope, String collector, long startNs, long durationNs, long events, long syscallEvents, long lost,
            Map<TraceCounter, Long> counters, SelfUsage self, List<ProcessSummary> processes, Verdict verdict, Graph graph) {
        this(scope, collector, startNs, durationNs, events, syscallEvents, lost, counters, self, processes, verdict, graph, null);
    }

    /** One without a verdict. */
    public Summary(Scope scope, String collector, long startNs, long durationNs, long events, long syscallEvents, long lost,
            Map<TraceCounter, Long> counters, SelfUsage self, List<ProcessSummary> processes) {
        this(scope, collector, startNs, durationNs, events, syscallEvents, lost, counters, self, processes, Verdict.NONE, Graph.NONE);
    }

    /** This one with the verdict of {@code other}. */
    public Summary withVerdictOf(Summary other) {
        return new Summary(scope, collector, startNs, durationNs, events, syscallEvents, lost, counters, self, processes, other.verdict,
                graph, cheaper);
    }

    /** Which stretch of time a summary speaks of. */
    public enum Scope {
        /** One interval of the live view. */
        INTERVAL,
        /** From the start of the trace to now, while the trace goes on. */
        SO_FAR,
        /** From the start of the trace to its end. */
        FINAL
    }
}
