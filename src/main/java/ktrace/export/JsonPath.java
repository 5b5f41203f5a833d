package ktrace.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import ktrace.analysis.path.History;
import ktrace.analysis.path.PathShare;
import ktrace.analysis.path.PathSummary;
import ktrace.analysis.path.Stretch;
import ktrace.event.ThreadId;

/** A critical path as one line of JSON. */
public final class JsonPath {
    private JsonPath() {
    }

    /**
     * Writes it; the stream stays the caller's to close.
     *
     * @throws IOException when the stream takes no more
     */
    public static void write(OutputStream out, PathSummary path, String ktraceVersion) throws IOException {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET, StreamWriteFeature.AUTO_CLOSE_CONTENT)
                .build().setCharacterEscapes(new JsonText());
        try (JsonGenerator json = factory.createGenerator(out, JsonEncoding.UTF8)) {
            write(json, path, ktraceVersion);
            json.writeRaw('\n');
        }
        out.flush();
    }

    private static void write(JsonGenerator json, PathSummary path, String ktraceVersion) throws IOException {
        History history = path.history();
        json.writeStartObject();
        text(json, "type", "path");
        text(json, "ktraceVersion", ktraceVersion);
        json.writeNumberField("startNs", history.beginNs());
        json.writeNumberField("fromNs", path.fromNs());
        json.writeNumberField("toNs", path.toNs());
        json.writeNumberField("lost", history.lost());
        json.writeBooleanField("whole", history.letGo() == 0);
        json.writeObjectFieldStart("of");
        thread(json, history, path.thread());
        json.writeEndObject();
        json.writeArrayFieldStart("shares");
        for (PathShare share : path.shares()) {
            json.writeStartObject();
            json.writeFieldName("pid");
            if (share.pid() > 0) {
                json.writeNumber(share.pid());
            } else {
                json.writeNull();
            }
            text(json, "comm", share.pid() > 0 ? share.comm() : null);
            text(json, "outside", share.outside().isEmpty() ? null : share.outside());
            text(json, "cause", share.cause().label());
            json.writeNumberField("ns", share.ns());
            json.writeNumberField("stretches", share.stretches());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("stretches");
        for (Stretch stretch : path.stretches()) {
            stretch(json, history, stretch);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void stretch(JsonGenerator json, History history, Stretch stretch) throws IOException {
        json.writeStartObject();
        json.writeNumberField("fromNs", stretch.fromNs());
        json.writeNumberField("toNs", stretch.toNs());
        thread(json, history, stretch.thread());
        text(json, "cause", stretch.cause().label());
        text(json, "kind", stretch.kind() == null ? null : stretch.kind().label());
        text(json, "object", stretch.object() == null ? null : stretch.object().name());
        text(json, "evidence", stretch.evidence() == null ? null : stretch.evidence().label());
        if (stretch.outside() != null) {
            json.writeObjectFieldStart("outside");
            json.writeNumberField("pid", stretch.outside().pid());
            text(json, "comm", stretch.outside().comm());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void thread(JsonGenerator json, History history, ThreadId thread) throws IOException {
        json.writeNumberField("pid", thread.process().tgid());
        text(json, "comm", history.comm(thread.process()));
        json.writeNumberField("tid", thread.tid());
        text(json, "threadComm", history.comm(thread));
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeString(JsonText.wellFormed(value));
        }
    }
}
