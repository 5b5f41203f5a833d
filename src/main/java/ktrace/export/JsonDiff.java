package ktrace.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import ktrace.diff.Change;
import ktrace.diff.Comparison;
import ktrace.diff.Figures;
import ktrace.diff.Row;
import ktrace.diff.Run;

/** A comparison as one JSON document on a line: all rows, what stands out first, and of that the worst. Fields may be added. */
public final class JsonDiff {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET, StreamWriteFeature.AUTO_CLOSE_CONTENT).build()
            .setCharacterEscapes(new JsonText());

    private JsonDiff() {
    }

    /** @throws IOException when the stream takes no more */
    public static void write(OutputStream out, Comparison comparison, String ktraceVersion) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringField("type", "diff");
            json.writeStringField("ktraceVersion", ktraceVersion);
            run(json, "a", comparison.before());
            run(json, "b", comparison.after());
            json.writeFieldName("test");
            if (comparison.hasDurations()) {
                json.writeStartObject();
                json.writeStringField("name", "mann-whitney");
                json.writeStringField("correction", "holm");
                json.writeNumberField("tests", comparison.tests());
                json.writeNumberField("alpha", Comparison.ALPHA);
                json.writeNumberField("leastChange", Comparison.LEAST_CHANGE);
                json.writeEndObject();
            } else {
                json.writeNull();
            }
            json.writeBooleanField("worse", comparison.isWorse());
            json.writeArrayFieldStart("changes");
            for (Change change : comparison.changes()) {
                change(json, change);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        out.flush();
    }

    private static void run(JsonGenerator json, String side, Run run) throws IOException {
        json.writeObjectFieldStart(side);
        json.writeStringField("name", JsonText.wellFormed(run.name()));
        json.writeNumberField("durationNs", run.durationNs());
        json.writeNumberField("events", run.events());
        json.writeNumberField("lost", run.lost());
        json.writeBooleanField("durations", run.hasDurations());
        json.writeEndObject();
    }

    private static void change(JsonGenerator json, Change change) throws IOException {
        json.writeStartObject();
        switch (change.row()) {
            case Row.Call call -> {
                json.writeStringField("kind", "call");
                text(json, "comm", call.process());
                text(json, "syscall", call.syscall());
            }
            case Row.Wait wait -> {
                json.writeStringField("kind", "wait");
                text(json, "comm", wait.process());
                json.writeStringField("for", wait.kind().label());
                text(json, "syscall", wait.syscall());
                text(json, "object", wait.object());
                text(json, "waker", wait.waker());
            }
            case Row.Reason reason -> {
                json.writeStringField("kind", "cause");
                text(json, "comm", reason.process());
                json.writeStringField("cause", reason.cause().label());
                json.writeBooleanField("own", reason.own());
            }
        }
        json.writeBooleanField("standsOut", change.standsOut());
        json.writeBooleanField("worse", change.isWorse());
        json.writeNumberField("costNsPerSecond", Math.round(change.costNs()));
        p(json, "pOfLength", change.length());
        p(json, "pOfRate", change.rate());
        figures(json, "a", change.before(), change.rate().before());
        figures(json, "b", change.after(), change.rate().after());
        json.writeEndObject();
    }

    /** Null where it was not tested. */
    private static void p(JsonGenerator json, String name, Change.Shift shift) throws IOException {
        if (shift.isTested()) {
            json.writeNumberField(name, shift.p());
        } else {
            json.writeNullField(name);
        }
    }

    private static void figures(JsonGenerator json, String side, Figures figures, double rate) throws IOException {
        json.writeObjectFieldStart(side);
        json.writeNumberField("count", figures.count());
        json.writeNumberField("totalNs", figures.totalNs());
        json.writeNumberField("meanNs", Math.round(figures.meanNs()));
        json.writeNumberField("p50Ns", figures.p50Ns());
        json.writeNumberField("p99Ns", figures.p99Ns());
        json.writeNumberField("maxNs", figures.maxNs());
        json.writeNumberField("perSecond", Math.round(rate * 1000) / 1000.0);
        json.writeEndObject();
    }

    /** Empty is not known, or none. */
    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (value.isEmpty()) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, JsonText.wellFormed(value));
        }
    }
}
