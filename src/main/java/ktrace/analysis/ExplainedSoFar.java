package ktrace.analysis;

import java.util.List;
import ktrace.analysis.graph.Graph;

/**
 * What explains the time of all processes since the begin of the trace.
 *
 * @param graph who waited for whom
 * @param stuck who stood still at its end, waiting for one another
 * @param computing who computed while others waited, those first who were waited for longest
 */
public record ExplainedSoFar(List<Explanation> explanations, Graph graph, List<Stuck> stuck, List<Computing> computing) {
}
