package ktrace.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.IntFunction;
import ktrace.event.KernelObject;
import ktrace.event.Peer;
import ktrace.event.TraceCounter;
import ktrace.event.Waker;
import ktrace.event.WindowFacts;
import ktrace.intervals.Interval;
import ktrace.linux.Errno;

/** Rows as JSON lines: first one of the trace, last one of its end; what is not known is null. */
final class JsonRows implements RowFormat {
    private final JsonGenerator json;
    private final TracedMachine machine;
    private final String ktraceVersion;
    private final IntFunction<String> syscalls;

    JsonRows(OutputStream out, TracedMachine machine, String ktraceVersion, IntFunction<String> syscalls) {
        this.machine = machine;
        this.ktraceVersion = ktraceVersion;
        this.syscalls = syscalls;
        try {
            json = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET, StreamWriteFeature.AUTO_CLOSE_CONTENT)
                    .build().setCharacterEscapes(new JsonText()).setRootValueSeparator("\n")
                    .createGenerator(out, JsonEncoding.UTF8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begin(long timeNs) throws IOException {
        start("trace");
        text("ktraceVersion", ktraceVersion);
        text("hostname", machine.hostname());
        text("kernelRelease", machine.release());
        text("machine", machine.machine());
        json.writeNumberField("startNs", timeNs);
        json.writeNumberField("realtimeOffsetNs", machine.realtimeOffsetNs());
        json.writeEndObject();
    }

    @Override
    public void call(TracedCall call, CharSequence text) throws IOException {
        start("call");
        times(call.startNs, call.endNs);
        thread(call.thread.process().tgid(), call.thread.tid(), call.comm());
        text("syscall", syscalls.apply(call.number));
        text("call", text.isEmpty() ? null : text.toString());
        if (call.hasResult) {
            json.writeNumberField("result", call.result);
        } else {
            json.writeNullField("result");
        }
        text("errno", call.hasResult && Errno.isError(call.result) ? Errno.name((int) -call.result) : null);
        object(call.object);
        text("end", call.end.label());
        json.writeEndObject();
    }

    @Override
    public void wait(Interval wait, String comm) throws IOException {
        start("wait");
        times(wait.fromNs(), wait.end() == Interval.End.ONGOING ? TracedCall.UNKNOWN_NS : wait.toNs());
        thread(wait.thread().process().tgid(), wait.thread().tid(), comm);
        text("syscall", wait.syscall() == Interval.NO_SYSCALL ? null : syscalls.apply(wait.syscall()));
        text("kind", wait.kind().label());
        text("object", wait.object() == null ? null : wait.object().name());
        json.writeFieldName("waker");
        waker(wait.waker());
        text("evidence", wait.evidence().label());
        json.writeArrayFieldStart("peers");
        for (Peer peer : wait.peers()) {
            peer(peer);
        }
        json.writeEndArray();
        text("end", wait.end().label());
        json.writeEndObject();
    }

    @Override
    public void lost(long timeNs, int cpu, long events) throws IOException {
        start("lost");
        json.writeNumberField("timeNs", timeNs);
        number("cpu", cpu, -1);
        json.writeNumberField("events", events);
        json.writeEndObject();
    }

    @Override
    public void end(long timeNs, WindowFacts facts) throws IOException {
        start("end");
        json.writeNumberField("timeNs", timeNs);
        if (facts != null) {
            json.writeNumberField("events", facts.events());
            json.writeNumberField("syscallEvents", facts.syscallEvents());
            json.writeNumberField("lost", facts.lost());
            json.writeObjectFieldStart("counters");
            for (TraceCounter counter : TraceCounter.values()) {
                Long count = facts.counters().get(counter);
                if (count != null) {
                    json.writeNumberField(counter.label(), count);
                }
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }

    private void start(String record) throws IOException {
        json.writeStartObject();
        text("record", record);
    }

    private void times(long startNs, long endNs) throws IOException {
        number("startNs", startNs, TracedCall.UNKNOWN_NS);
        number("endNs", endNs, TracedCall.UNKNOWN_NS);
        boolean known = startNs != TracedCall.UNKNOWN_NS && endNs != TracedCall.UNKNOWN_NS;
        number("durationNs", known ? endNs - startNs : TracedCall.UNKNOWN_NS, TracedCall.UNKNOWN_NS);
    }

    private void thread(int tgid, int tid, String comm) throws IOException {
        json.writeNumberField("pid", tgid);
        json.writeNumberField("tid", tid);
        text("comm", comm);
    }

    private void object(KernelObject object) throws IOException {
        text("kind", object == null ? null : object.kind().label());
        text("object", object == null ? null : object.name());
    }

    private void waker(Waker waker) throws IOException {
        if (waker == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberField("pid", waker.pid());
        if (waker.tid() > 0) {
            json.writeNumberField("tid", waker.tid());
        }
        text("comm", waker.comm());
        if (waker.tid() > 0) {
            text("threadComm", waker.threadComm());
        }
        json.writeEndObject();
    }

    private void peer(Peer peer) throws IOException {
        json.writeStartObject();
        json.writeNumberField("pid", peer.pid());
        text("comm", peer.comm());
        json.writeEndObject();
    }

    private void number(String name, long value, long unknown) throws IOException {
        if (value == unknown) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private void text(String name, String value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeFieldName(name);
            json.writeString(JsonText.wellFormed(value));
        }
    }
}
