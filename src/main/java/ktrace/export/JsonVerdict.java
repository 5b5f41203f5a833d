package ktrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import ktrace.analysis.Because;
import ktrace.analysis.Computing;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.Stuck;
import ktrace.analysis.Verdict;
import ktrace.analysis.Verdict.Bottleneck;
import ktrace.analysis.Verdict.Part;
import ktrace.analysis.Verdict.Share;
import ktrace.analysis.Verdict.Why;
import ktrace.event.Peer;
import ktrace.event.Waker;
import ktrace.story.Alphabet;
import ktrace.story.VerdictSentence;
import ktrace.story.computing.ComputingSentence;
import ktrace.story.stuck.StuckSentence;

/** What time is explained by: the verdict of a final document, and the parts of a wait. */
final class JsonVerdict {
    private JsonVerdict() {
    }

    static void write(JsonGenerator json, Verdict verdict) throws IOException {
        json.writeObjectFieldStart("verdict");
        json.writeFieldName("bottleneck");
        if (verdict.bottleneck() == null) {
            json.writeNull();
        } else {
            bottleneck(json, verdict.bottleneck());
        }
        json.writeArrayFieldStart("stuck");
        for (Stuck stuck : verdict.stuck()) {
            json.writeStartObject();
            json.writeArrayFieldStart("pids");
            for (int pid : stuck.parties().stream().mapToInt(party -> party.process().tgid()).distinct().toArray()) {
                json.writeNumber(pid);
            }
            json.writeEndArray();
            json.writeNumberField("ns", stuck.ns());
            text(json, "sentence", StuckSentence.of(stuck, Alphabet.UNICODE, Integer.MAX_VALUE).toString());
            json.writeBooleanField("deadlock", stuck.isDeadlock());
            json.writeArrayFieldStart("waits");
            for (Stuck.Party party : stuck.parties()) {
                waits(json, party);
            }
            json.writeEndArray();
            if (stuck.end() != null) {
                json.writeObjectFieldStart("end");
                holder(json, stuck.end().who());
                json.writeStringField("does", stuck.end().does().label());
                if (stuck.end().waits() != null) {
                    json.writeFieldName("waits");
                    waits(json, stuck.end().waits());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("computing");
        for (Computing computing : verdict.computing()) {
            computing(json, computing);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("why");
        for (Why why : verdict.why()) {
            json.writeStartObject();
            json.writeNumberField("pid", why.pid());
            text(json, "comm", why.comm());
            json.writeNumberField("startNs", why.startNs());
            json.writeNumberField("totalNs", why.totalNs());
            json.writeArrayFieldStart("shares");
            for (Share share : why.shares()) {
                json.writeStartObject();
                who(json, share.pid(), share.comm(), share.tid());
                json.writeStringField("cause", share.cause().label());
                runner(json, share.runner());
                known(json, "cgroup", share.cgroup());
                known(json, "affinity", share.affinity());
                json.writeNumberField("ns", share.ns());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void computing(JsonGenerator json, Computing computing) throws IOException {
        json.writeStartObject();
        who(json, computing.thread().process().tgid(), computing.comm(), computing.thread().tid());
        text(json, "threadComm", computing.threadComm());
        json.writeNumberField("ns", computing.greatest().ns());
        json.writeNumberField("lengthNs", computing.greatest().lengthNs());
        call(json, "from", computing.greatest().from());
        call(json, "to", computing.greatest().to());
        json.writeNumberField("waiters", computing.greatest().waiters());
        json.writeNumberField("awaitedNs", computing.greatest().awaitedNs());
        json.writeNumberField("times", computing.times());
        json.writeNumberField("totalNs", computing.totalNs());
        json.writeNumberField("totalAwaitedNs", computing.totalAwaitedNs());
        text(json, "sentence", new ComputingSentence(computing, Alphabet.UNICODE).whole().toString());
        json.writeEndObject();
    }

    private static void call(JsonGenerator json, String name, Computing.Call call) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("syscall", call.syscall());
        text(json, "object", call.object().isEmpty() ? null : call.object());
        json.writeEndObject();
    }

    private static void waits(JsonGenerator json, Stuck.Party party) throws IOException {
        json.writeStartObject();
        who(json, party.process().tgid(), party.comm(), party.tid());
        text(json, "kind", party.kind().label());
        text(json, "object", party.object());
        if (party.heldBy() != null) {
            json.writeObjectFieldStart("heldBy");
            holder(json, party.heldBy());
            json.writeEndObject();
        } else if (party.from() != null) {
            json.writeObjectFieldStart("from");
            holder(json, party.from());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void holder(JsonGenerator json, Waker holder) throws IOException {
        who(json, holder.pid(), holder.comm(), holder.tid());
        known(json, "threadComm", holder.threadComm());
    }

    /** What a wait of {@code process} is explained by; nothing where waits are not. */
    static void because(JsonGenerator json, List<Because> because, ProcessSummary process) throws IOException {
        if (because.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("because");
        for (Because part : because) {
            json.writeStartObject();
            who(json, part.pid(), part.pid() == process.pid() ? process.comm() : part.comm(), part.tid());
            text(json, "threadComm", part.threadComm().isEmpty() ? null : part.threadComm());
            json.writeStringField("cause", part.cause().label());
            json.writeNumberField("ns", part.ns());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void bottleneck(JsonGenerator json, Bottleneck bottleneck) throws IOException {
        json.writeStartObject();
        who(json, bottleneck.pid(), bottleneck.comm(), bottleneck.tid());
        json.writeNumberField("processes", bottleneck.processes());
        text(json, "threadComm", bottleneck.tid() == 0 ? null : bottleneck.threadComm());
        json.writeStringField("cause", bottleneck.cause().label());
        json.writeArrayFieldStart("causes");
        for (Part part : bottleneck.causes()) {
            json.writeStartObject();
            json.writeStringField("cause", part.cause().label());
            json.writeNumberField("ns", part.ns());
            json.writeEndObject();
        }
        json.writeEndArray();
        runner(json, bottleneck.runner());
        known(json, "cgroup", bottleneck.cgroup());
        known(json, "affinity", bottleneck.affinity());
        text(json, "object", bottleneck.object());
        json.writeNumberField("ns", bottleneck.ns());
        json.writeNumberField("share", Math.round(10_000 * bottleneck.share()) / 10_000.0);
        json.writeStringField("confidence", bottleneck.confidence().name().toLowerCase(Locale.ROOT));
        text(json, "sentence", new VerdictSentence(bottleneck, Alphabet.UNICODE).whole().toString());
        json.writeEndObject();
    }

    /** Who had the CPU; nothing where that is not known. */
    private static void runner(JsonGenerator json, Peer runner) throws IOException {
        if (runner != null) {
            json.writeObjectFieldStart("runner");
            json.writeNumberField("pid", runner.pid());
            text(json, "comm", runner.comm());
            json.writeEndObject();
        }
    }

    /** Nothing where that is not known. */
    private static void known(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            text(json, name, value);
        }
    }

    private static void who(JsonGenerator json, int pid, String comm, int tid) throws IOException {
        json.writeFieldName("pid");
        number(json, pid);
        text(json, "comm", pid == 0 ? null : comm);
        json.writeFieldName("tid");
        number(json, tid);
    }

    private static void number(JsonGenerator json, int number) throws IOException {
        if (number == 0) {
            json.writeNull();
        } else {
            json.writeNumber(number);
        }
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
