package ktrace.analysis;

import java.util.List;
import ktrace.analysis.graph.Graph;

/**
 * What explains the time of all processes since the begin of the trace.
 *
 * @param mark counts the windows of the trace from 0, as that of a {@link ShardSnapshot}
 * @param graph who waited for whom
 * @param stuck who stood still at its end, waiting for one another
 * @param computing who computed while others waited, those first who were waited for longest
 */
public record ExplainedSoFar(int mark, List<Explanation> explanations, Graph graph, List<Stuck> stuck, List<Computing> computing) {
}
