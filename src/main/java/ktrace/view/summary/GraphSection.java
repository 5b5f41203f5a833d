package ktrace.view.summary;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Graph;
import ktrace.event.Evidence;
import ktrace.story.GraphTree;
import ktrace.story.Names;
import ktrace.story.Units;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Table;

/** Which process waited for which, as an indented tree of the greatest edges. */
public final class GraphSection {
    private static final int INDENT = 2;
    /** With the widest figures next to it, all of a row fits into 79 columns. */
    private static final int MIN_NAME = 16;
    /** However deep it lies, so much of the column tells who it is. */
    private static final int NAME = 14;

    private final Page page;

    public GraphSection(Page page) {
        this.page = page;
    }

    /** Nothing where nobody was waited for, or there is no room. */
    public List<Line> lines(Graph graph) {
        if (page.fitted() || graph.edges().isEmpty()) {
            return List.of();
        }
        Table table = new Table(1).elastic("WHO WAITED FOR WHOM", MIN_NAME, 60).left("THROUGH", 4, 10).right("TIME", 7).right("WAITS", 6)
                .right("P99", 7).right("BYTES", 8).left("EVIDENCE", 6, 8).left("", 0, 6);
        List<GraphTree.Row> rows = GraphTree.of(graph, page.budget().waits());
        rows.forEach(row -> table.row(cells(row)));
        List<Line> lines = new ArrayList<>(table.lines(page.width(), page.ellipsis()));
        long edges = rows.stream().filter(row -> row.edge() != null).count();
        long more = graph.edges().size() - edges + graph.leftOut().edges();
        if (more > 0) {
            lines.add(page.more((int) Math.min(Integer.MAX_VALUE, more), "edge", "edges"));
        }
        return lines;
    }

    private List<Cell> cells(GraphTree.Row row) {
        Edge edge = row.edge();
        if (edge == null) {
            return List.of(name(row), Cell.of(""), Cell.of(""), Cell.of(""), Cell.of(""), Cell.of(""), Cell.of(""), Cell.of(""));
        }
        return List.of(name(row), Cell.of(edge.kind().label()), Cell.of(page.units().time(edge.totalNs()), Style.STRONG),
                Cell.of(Units.count(edge.count())), Cell.of(page.units().time(edge.p99Ns())),
                edge.bytes() == Edge.UNKNOWN_BYTES ? Cell.of(page.alphabet().none(), Style.FAINT) : Cell.of(Units.bytes(edge.bytes())),
                Cell.of(edge.evidence().label(), edge.evidence() == Evidence.OBJECT ? Style.SURE : Style.DOUBT),
                Cell.of(row.isToldAbove() ? "above" : edge.isInCycle() ? "circle" : edge.isIdle() ? "idle" : "", Style.FAINT));
    }

    private Cell name(GraphTree.Row row) {
        String from = row.depth() == 0 ? "" : page.alphabet().from() + " ";
        int wanted = INDENT * row.depth() + from.length() + Names.MAX_COLUMNS;
        return new Cell(wanted, columns -> {
            int indent = Math.clamp(INDENT * row.depth(), 0, Math.max(0, columns - NAME));
            int room = Math.max(1, columns - indent - from.length());
            String name = Names.of(row.who().comm(), row.who().pid(), page.alphabet(), Math.min(room, Names.MAX_COLUMNS));
            return Line.of(" ".repeat(indent)).add(from, Style.FAINT).add(name, Style.STRONG);
        });
    }
}
