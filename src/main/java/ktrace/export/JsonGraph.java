package ktrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.graph.Node;

/** Who waited for whom, in a final document. */
final class JsonGraph {
    private JsonGraph() {
    }

    static void write(JsonGenerator json, Graph graph) throws IOException {
        json.writeArrayFieldStart("edges");
        for (Edge edge : graph.edges()) {
            json.writeStartObject();
            node(json, "from", edge.from());
            node(json, "to", edge.to());
            json.writeStringField("kind", edge.kind().label());
            json.writeNumberField("count", edge.count());
            json.writeNumberField("totalNs", edge.totalNs());
            json.writeNumberField("p99Ns", edge.p99Ns());
            known(json, "bytes", edge.bytes(), edge.bytes() != Edge.UNKNOWN_BYTES);
            json.writeStringField("evidence", edge.evidence().label());
            json.writeNumberField("sureNs", edge.sureNs());
            json.writeNumberField("idleNs", edge.idleNs());
            known(json, "cycle", edge.cycle(), edge.isInCycle());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (graph.leftOut().edges() > 0) {
            json.writeObjectFieldStart("edgesLeftOut");
            json.writeNumberField("edges", graph.leftOut().edges());
            json.writeNumberField("count", graph.leftOut().count());
            json.writeNumberField("totalNs", graph.leftOut().totalNs());
            json.writeEndObject();
        }
    }

    private static void node(JsonGenerator json, String name, Node node) throws IOException {
        json.writeNumberField(name, node.pid());
        known(json, name + "StartNs", node.startNs(), node.isObserved());
        json.writeStringField(name + "Comm", JsonText.wellFormed(node.comm()));
    }

    private static void known(JsonGenerator json, String name, long value, boolean isKnown) throws IOException {
        if (isKnown) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}
