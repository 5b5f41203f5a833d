package ktrace.export.page;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import ktrace.event.Waker;
import ktrace.export.JsonText;
import ktrace.export.page.AwaitedThings.Awaited;
import ktrace.intervals.Interval;
import ktrace.intervals.ThreadState;

/** The stretches of all threads as JSON; times are from the begin of the trace. */
final class StretchData {
    private final JsonGenerator json;
    private final IntFunction<String> syscalls;

    StretchData(JsonGenerator json, IntFunction<String> syscalls) {
        this.json = json;
        this.syscalls = syscalls;
    }

    void write(Stretches stretches, long startNs) throws IOException {
        json.writeStartObject();
        json.writeNumberField("quantumNs", stretches.quantumNs());
        json.writeArrayFieldStart("states");
        for (ThreadState state : ThreadState.values()) {
            json.writeString(state.name().toLowerCase(Locale.ROOT));
        }
        json.writeEndArray();
        json.writeNumberField("leftOut", stretches.leftOut());
        json.writeArrayFieldStart("leftOutNs");
        for (ThreadState state : ThreadState.values()) {
            json.writeNumber(stretches.leftOutNs(state.ordinal()));
        }
        json.writeEndArray();
        awaited(stretches.awaited().all());
        CellCode code = new CellCode();
        json.writeArrayFieldStart("rows");
        for (Stretches.Row row : stretches.rows()) {
            ThreadCells cells = row.cells();
            if (cells.size() > 0) {
                json.writeStartObject();
                json.writeNumberField("pid", cells.thread().process().tgid());
                json.writeNumberField("startNs", cells.thread().process().startNs());
                json.writeNumberField("tid", cells.thread().tid());
                json.writeNumberField("fromNs", cells.fromNs(0) - startNs);
                json.writeStringField("cells", code.of(cells));
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void awaited(List<Awaited> all) throws IOException {
        json.writeArrayFieldStart("awaited");
        for (Awaited wait : all) {
            json.writeStartArray();
            json.writeString(wait.kind().label());
            json.writeString(wait.object() == null ? "" : JsonText.wellFormed(wait.object().name()));
            json.writeString(wait.syscall() == Interval.NO_SYSCALL ? "" : syscalls.apply(wait.syscall()));
            Waker waker = wait.waker();
            json.writeNumber(waker == null ? 0 : waker.pid());
            json.writeNumber(waker == null ? 0 : waker.tid());
            json.writeString(waker == null ? "" : JsonText.wellFormed(waker.comm()));
            json.writeString(wait.evidence().label());
            json.writeNumber(wait.endedByWaking() ? 1 : 0);
            json.writeEndArray();
        }
        json.writeEndArray();
    }
}
