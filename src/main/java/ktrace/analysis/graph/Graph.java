package ktrace.analysis.graph;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Who waited for whom.
 *
 * @param edges those with the most time first, idleness left out
 * @param leftOut what there was beyond the number of edges that are kept
 */
public record Graph(List<Edge> edges, LeftOut leftOut) {
    public static final Graph NONE = new Graph(List.of(), new LeftOut(0, 0, 0));

    /**
     * Edges that were too small to be kept.
     *
     * @param edges how many; one that was left out, came again and was left out again counts twice
     * @param count the waits of these
     */
    public record LeftOut(long edges, long count, long totalNs) {
    }

    /** Of edges as they were counted: their cycles are looked for. */
    public static Graph of(List<Edge> edges, LeftOut leftOut) {
        return edges.isEmpty() && leftOut.edges() == 0 ? NONE : new Graph(Cycles.marked(edges), leftOut);
    }

    /** @param isIdle whoever waits for work alone, whatever ends the wait */
    public Graph idleOf(Predicate<Node> isIdle) {
        return this == NONE ? this : new Graph(edges.stream().map(edge -> isIdle.test(edge.from()) ? edge.idle() : edge)
                .sorted(Comparator.comparingLong(Edge::awaitedNs).reversed()).toList(), leftOut);
    }

    /** @param names gives the name of a process, or null where that is not known better */
    public Graph named(Function<Node, String> names) {
        UnaryOperator<Node> rename = node -> {
            String name = names.apply(node);
            return name == null ? node : node.named(name);
        };
        return this == NONE ? this : new Graph(edges.stream().map(edge ->
                edge.named(rename.apply(edge.from()), rename.apply(edge.to()))).toList(), leftOut);
    }
}
