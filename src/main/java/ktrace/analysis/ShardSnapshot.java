package ktrace.analysis;

import java.util.List;
import java.util.Map;
import ktrace.event.TraceCounter;
import ktrace.event.WindowFacts;

/**
 * What {@link ktrace.analysis.shard.ProcessShard} knows at the end of a window. Immutable.
 *
 * @param mark counts the windows of the trace from 0
 * @param endNs when the window ended
 * @param last the trace ended with it
 * @param facts what the poller knew then; null when it said nothing
 * @param counters of the stage, since the begin of the trace
 * @param window the processes that were there in the window
 * @param soFar all processes since the begin of the trace
 * @param explained what explains their time; null when nobody does
 * @param cheaper whether another collector would have cost less for a time of the window; null: no
 * @param cheaperSoFar the same since the begin of the trace
 */
public record ShardSnapshot(int mark, long endNs, boolean last, WindowFacts facts, Map<TraceCounter, Long> counters,
        List<ProcessSummary> window, List<ProcessSummary> soFar, ExplainedSoFar explained, CheaperCollector cheaper,
        CheaperCollector cheaperSoFar) {
}
