package ktrace.story;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.graph.Node;

/**
 * The greatest edges of a graph as an indented tree: first those that nobody waits for, under each whom it waited for, longest
 * first, and so on. What a process waited for is told once; where it comes again it has nothing under it. Used once.
 */
public final class GraphTree {
    /**
     * One line.
     *
     * @param depth how far it is indented: 0 is one that waited, and has no edge
     * @param who the process
     * @param edge how the one above waited for it; null of depth 0
     * @param isToldAbove whom it waited for stands at its first place
     */
    public record Row(int depth, Node who, Edge edge, boolean isToldAbove) {
    }

    private static final class Waiter {
        private final Node who;
        private final List<Edge> edges = new ArrayList<>();
        private long awaitedNs;

        private Waiter(Node who) {
            this.who = who;
        }
    }

    private final Map<Integer, Waiter> waiters = new LinkedHashMap<>();
    private final Set<Integer> told = new HashSet<>();
    private final List<Row> rows = new ArrayList<>();

    private GraphTree() {
    }

    /** @param limit how many edges */
    public static List<Row> of(Graph graph, int limit) {
        return new GraphTree().tree(Fold.head(graph.edges(), limit));
    }

    private List<Row> tree(List<Edge> edges) {
        Set<Integer> awaited = new HashSet<>();
        for (Edge edge : edges) {
            Waiter waiter = waiters.computeIfAbsent(edge.from().pid(), pid -> new Waiter(edge.from()));
            waiter.edges.add(edge);
            waiter.awaitedNs += edge.awaitedNs();
            if (!edge.isWithinProcess()) {
                awaited.add(edge.to().pid());
            }
        }
        List<Waiter> roots = waiters.values().stream().sorted(Comparator.comparing((Waiter w) -> awaited.contains(w.who.pid()))
                .thenComparing(w -> w.awaitedNs, Comparator.reverseOrder()).thenComparingInt(w -> w.who.pid())).toList();
        for (Waiter root : roots) {
            if (!told.contains(root.who.pid())) {
                rows.add(new Row(0, root.who, null, false));
                tell(root, 1);
            }
        }
        return rows;
    }

    private void tell(Waiter waiter, int depth) {
        told.add(waiter.who.pid());
        for (Edge edge : waiter.edges) {
            Waiter next = waiters.get(edge.to().pid());
            boolean again = next != null && told.contains(edge.to().pid());
            rows.add(new Row(depth, edge.to(), edge, again));
            if (next != null && !again) {
                tell(next, depth + 1);
            }
        }
    }
}
