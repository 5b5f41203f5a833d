package ktrace.analysis.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds which processes wait for each other in a circle: the strongly connected components of the graph, as Tarjan's algorithm finds
 * them, without recursion, for a chain may be long. An edge of a process to itself makes no circle. Used once.
 */
final class Cycles {
    private static final class Vertex {
        private final List<Vertex> next = new ArrayList<>();
        private int visited = -1;
        private int lowest;
        private int following;
        private boolean open;
        private int component;
    }

    private final Map<Integer, Vertex> vertices = new LinkedHashMap<>();
    private final ArrayDeque<Vertex> open = new ArrayDeque<>();
    private int visits;
    private int components;

    private Cycles() {
    }

    /** The same edges, each with the number of its circle: from 1, in the order of the edges. */
    static List<Edge> marked(List<Edge> edges) {
        return new Cycles().mark(edges);
    }

    private List<Edge> mark(List<Edge> edges) {
        for (Edge edge : edges) {
            if (!edge.isWithinProcess()) {
                vertex(edge.from()).next.add(vertex(edge.to()));
            }
        }
        for (Vertex vertex : vertices.values()) {
            if (vertex.visited < 0) {
                visit(vertex);
            }
        }
        Map<Integer, Integer> numbers = new HashMap<>();
        return edges.stream().map(edge -> edge.inCycle(number(edge, numbers))).toList();
    }

    private int number(Edge edge, Map<Integer, Integer> numbers) {
        if (edge.isWithinProcess()) {
            return 0;
        }
        int component = vertex(edge.from()).component;
        return component == vertex(edge.to()).component ? numbers.computeIfAbsent(component, c -> numbers.size() + 1) : 0;
    }

    private Vertex vertex(Node node) {
        return vertices.computeIfAbsent(node.pid(), pid -> new Vertex());
    }

    private void visit(Vertex root) {
        ArrayDeque<Vertex> way = new ArrayDeque<>();
        begin(root, way);
        while (!way.isEmpty()) {
            Vertex vertex = way.peek();
            if (vertex.following < vertex.next.size()) {
                Vertex next = vertex.next.get(vertex.following++);
                if (next.visited < 0) {
                    begin(next, way);
                } else if (next.open) {
                    vertex.lowest = Math.min(vertex.lowest, next.visited);
                }
                continue;
            }
            way.pop();
            if (!way.isEmpty()) {
                way.peek().lowest = Math.min(way.peek().lowest, vertex.lowest);
            }
            if (vertex.lowest == vertex.visited) {
                close(vertex);
            }
        }
    }

    private void begin(Vertex vertex, ArrayDeque<Vertex> way) {
        vertex.visited = visits++;
        vertex.lowest = vertex.visited;
        vertex.open = true;
        open.push(vertex);
        way.push(vertex);
    }

    private void close(Vertex first) {
        components++;
        Vertex vertex;
        do {
            vertex = open.pop();
            vertex.open = false;
            vertex.component = components;
        } while (vertex != first);
    }
}
