package ktrace.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import ktrace.analysis.CheaperCollector;
import ktrace.analysis.Interrupts;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.StateTimes;
import ktrace.analysis.Summary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.event.Peer;
import ktrace.event.TraceCounter;
import ktrace.event.Waker;

/**
 * Writes summaries as JSON lines: one document, one line, flushed at its end. Fields may be added, never renamed. Used by one
 * thread at a time; the stream stays the caller's to close.
 */
public final class JsonSummary {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NO_CLOCK = Long.MIN_VALUE;
    /** A title is for people: longer than that nobody reads it. */
    private static final int TITLE_CHARACTERS = 80;

    private final JsonFactory factory = JsonText.factory();
    private final OutputStream out;
    private final String ktraceVersion;
    private final boolean threads;
    private final long realtimeOffsetNs;

    /** The same without times of day. */
    public JsonSummary(OutputStream out, String ktraceVersion, boolean threads) {
        this(out, ktraceVersion, threads, NO_CLOCK);
    }

    /**
     * @param threads whether waits are told by waiting thread and waker thread, or summed by process
     * @param realtimeOffsetNs CLOCK_REALTIME less CLOCK_MONOTONIC, for the times of day beside the others
     */
    public JsonSummary(OutputStream out, String ktraceVersion, boolean threads, long realtimeOffsetNs) {
        this.out = out;
        this.ktraceVersion = ktraceVersion;
        this.threads = threads;
        this.realtimeOffsetNs = realtimeOffsetNs;
    }

    /**
     * Writes one document.
     *
     * @throws IOException when the stream takes no more, as after the reader of a pipe has gone (EPIPE); what was written of the
     *     document is then no whole line
     */
    public void write(Summary summary) throws IOException {
        try (JsonGenerator json = factory.createGenerator(out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            text(json, "type", typeOf(summary.scope()));
            text(json, "ktraceVersion", ktraceVersion);
            text(json, "collector", summary.collector());
            if (threads) {
                json.writeBooleanField("threads", true);
            }
            json.writeNumberField("startNs", summary.startNs());
            time(json, "startTime", summary.startNs());
            json.writeNumberField("durationNs", summary.durationNs());
            json.writeNumberField("events", summary.events());
            json.writeNumberField("syscallEvents", summary.syscallEvents());
            json.writeNumberField("lost", summary.lost());
            counters(json, summary.counters());
            cheaper(json, summary.cheaper());
            json.writeObjectFieldStart("self");
            json.writeNumberField("cpuNs", summary.self().cpuNs());
            json.writeNumberField("rssBytes", summary.self().rssBytes());
            json.writeEndObject();
            json.writeArrayFieldStart("processes");
            for (ProcessSummary process : summary.processes()) {
                process(json, process);
            }
            json.writeEndArray();
            if (summary.scope() == Summary.Scope.FINAL) {
                JsonVerdict.write(json, summary.verdict());
                JsonGraph.write(json, summary.graph());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        out.flush();
    }

    /** As RFC 3339 has it, in UTC. */
    private void time(JsonGenerator json, String field, long monotonicNs) throws IOException {
        if (realtimeOffsetNs != NO_CLOCK) {
            long timeNs = monotonicNs + realtimeOffsetNs;
            json.writeStringField(field, Instant.ofEpochSecond(Math.floorDiv(timeNs, NANOS_PER_SECOND),
                    Math.floorMod(timeNs, NANOS_PER_SECOND)).toString());
        }
    }

    /** The command line, or else the name. */
    private static String title(ProcessSummary process) {
        String line = process.cmdline() == null || process.cmdline().isEmpty() ? process.comm() : process.cmdline();
        return line == null || line.codePointCount(0, line.length()) <= TITLE_CHARACTERS ? line
                : line.substring(0, line.offsetByCodePoints(0, TITLE_CHARACTERS - 1)) + "\u2026";
    }

    private static String typeOf(Summary.Scope scope) {
        return switch (scope) {
            case INTERVAL -> "interval";
            case SO_FAR -> "soFar";
            case FINAL -> "final";
        };
    }

    /** In the order of the enum, so that documents can be compared as text. */
    private static void counters(JsonGenerator json, Map<TraceCounter, Long> counters) throws IOException {
        json.writeObjectFieldStart("counters");
        for (TraceCounter counter : TraceCounter.values()) {
            long count = counters.getOrDefault(counter, 0L);
            if (count != 0) {
                json.writeNumberField(counter.label(), count);
            }
        }
        json.writeEndObject();
    }

    private void cheaper(JsonGenerator json, CheaperCollector cheaper) throws IOException {
        if (cheaper != null) {
            json.writeObjectFieldStart("cheaperCollector");
            text(json, "name", cheaper.name());
            json.writeNumberField("sinceNs", cheaper.sinceNs());
            time(json, "sinceTime", cheaper.sinceNs());
            json.writeNumberField("forNs", cheaper.forNs());
            json.writeNumberField("othersPerSecond", cheaper.othersPerSecond());
            json.writeNumberField("targetsPerSecond", cheaper.targetsPerSecond());
            json.writeEndObject();
        }
    }

    private void process(JsonGenerator json, ProcessSummary process) throws IOException {
        json.writeStartObject();
        json.writeNumberField("pid", process.pid());
        json.writeNumberField("ppid", process.ppid());
        text(json, "comm", process.comm());
        text(json, "cmdline", process.cmdline());
        text(json, "title", title(process));
        json.writeNumberField("startNs", process.startNs());
        time(json, "startTime", process.startNs());
        json.writeFieldName("exitNs");
        if (process.exitNs() == null) {
            json.writeNull();
        } else {
            json.writeNumber(process.exitNs());
            time(json, "exitTime", process.exitNs());
        }
        if (process.statesOnly()) {
            json.writeStringField("watched", "states");
        }
        json.writeArrayFieldStart("threads");
        for (ThreadSummary thread : process.threads()) {
            json.writeStartObject();
            json.writeNumberField("tid", thread.tid());
            text(json, "comm", thread.comm());
            states(json, thread.states());
            json.writeEndObject();
        }
        json.writeEndArray();
        states(json, process.states());
        json.writeArrayFieldStart("syscalls");
        for (SyscallSummary syscall : process.syscalls()) {
            syscall(json, syscall);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("waits");
        for (WaitSummary wait : process.waits()) {
            if (threads) {
                for (ThreadWaits part : wait.threads()) {
                    wait(json, process, wait, part);
                }
            } else {
                wait(json, process, wait);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void states(JsonGenerator json, StateTimes states) throws IOException {
        json.writeObjectFieldStart("states");
        json.writeNumberField("runningNs", states.runningNs());
        json.writeNumberField("runnableNs", states.runnableNs());
        json.writeNumberField("throttledNs", states.throttledNs());
        json.writeNumberField("blockedNs", states.blockedNs());
        json.writeNumberField("unknownNs", states.unknownNs());
        json.writeObjectFieldStart("blockedBy");
        json.writeNumberField("ipc", states.ipcNs());
        json.writeNumberField("idle", states.idleNs());
        json.writeNumberField("disk", states.diskNs());
        json.writeNumberField("sleep", states.sleepNs());
        json.writeNumberField("pagefault", states.pagefaultNs());
        json.writeNumberField("stopped", states.stoppedNs());
        json.writeNumberField("other", states.otherNs());
        json.writeEndObject();
        json.writeNumberField("switchesVoluntary", states.switchesVoluntary());
        json.writeNumberField("switchesInvoluntary", states.switchesInvoluntary());
        json.writeNumberField("migrations", states.migrations());
        json.writeEndObject();
    }

    private static void syscall(JsonGenerator json, SyscallSummary syscall) throws IOException {
        json.writeStartObject();
        text(json, "name", syscall.name());
        json.writeNumberField("calls", syscall.calls());
        json.writeNumberField("errors", syscall.errors());
        json.writeNumberField("totalNs", syscall.totalNs());
        json.writeNumberField("minNs", syscall.minNs());
        json.writeNumberField("maxNs", syscall.maxNs());
        json.writeNumberField("p50Ns", syscall.p50Ns());
        json.writeNumberField("p95Ns", syscall.p95Ns());
        json.writeNumberField("p99Ns", syscall.p99Ns());
        json.writeObjectFieldStart("errnos");
        for (Map.Entry<String, Long> errno : syscall.errnos().entrySet()) {
            json.writeNumberField(errno.getKey(), errno.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void wait(JsonGenerator json, ProcessSummary process, WaitSummary wait) throws IOException {
        json.writeStartObject();
        what(json, wait, wait.waker());
        interrupts(json, wait.interrupts());
        lengths(json, wait.count(), wait.totalNs(), wait.p50Ns(), wait.p99Ns(), wait.maxNs(), wait.ongoing());
        JsonVerdict.because(json, wait.because(), process);
        json.writeEndObject();
    }

    private static void wait(JsonGenerator json, ProcessSummary process, WaitSummary wait, ThreadWaits part) throws IOException {
        json.writeStartObject();
        json.writeNumberField("tid", part.tid());
        text(json, "comm", part.comm());
        what(json, wait, part.waker());
        lengths(json, part.count(), part.totalNs(), part.p50Ns(), part.p99Ns(), part.maxNs(), part.ongoing());
        JsonVerdict.because(json, part.because(), process);
        json.writeEndObject();
    }

    private static void what(JsonGenerator json, WaitSummary wait, Waker waker) throws IOException {
        text(json, "kind", wait.kind().label());
        text(json, "object", wait.object());
        text(json, "syscall", wait.syscall());
        json.writeFieldName("waker");
        waker(json, waker);
        json.writeArrayFieldStart("peers");
        for (Peer peer : wait.peers()) {
            peer(json, peer);
        }
        json.writeEndArray();
        text(json, "evidence", wait.evidence().label());
    }

    /** Those that it is known of; the others are none of these, or unknown. */
    private static void interrupts(JsonGenerator json, Interrupts by) throws IOException {
        if (by.equals(Interrupts.NONE)) {
            return;
        }
        json.writeObjectFieldStart("interrupt");
        number(json, "timedOut", by.timedOut());
        number(json, "timer", by.timer());
        number(json, "disk", by.disk());
        number(json, "network", by.network());
        if (by.from() != null) {
            text(json, "from", by.from());
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, long count) throws IOException {
        if (count > 0) {
            json.writeNumberField(name, count);
        }
    }

    private static void lengths(JsonGenerator json, long count, long totalNs, long p50Ns, long p99Ns, long maxNs, boolean ongoing)
            throws IOException {
        json.writeNumberField("count", count);
        json.writeNumberField("totalNs", totalNs);
        json.writeNumberField("p50Ns", p50Ns);
        json.writeNumberField("p99Ns", p99Ns);
        json.writeNumberField("maxNs", maxNs);
        if (ongoing) {
            json.writeBooleanField("ongoing", true);
        }
    }

    /** The thread is null where there was more than one, or which is not known. */
    private static void waker(JsonGenerator json, Waker waker) throws IOException {
        if (waker == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberField("pid", waker.pid());
        text(json, "comm", waker.comm());
        if (waker.tid() == 0) {
            json.writeNullField("tid");
        } else {
            json.writeNumberField("tid", waker.tid());
        }
        text(json, "threadComm", waker.tid() == 0 ? null : waker.threadComm());
        json.writeEndObject();
    }

    private static void peer(JsonGenerator json, Peer peer) throws IOException {
        json.writeStartObject();
        json.writeNumberField("pid", peer.pid());
        text(json, "comm", peer.comm());
        json.writeEndObject();
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
