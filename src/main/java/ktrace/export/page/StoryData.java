package ktrace.export.page;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import ktrace.analysis.Because;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.Stuck;
import ktrace.analysis.Summary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.SyscallSummary.Bucket;
import ktrace.analysis.WaitSummary;
import ktrace.export.JsonText;
import ktrace.story.Alphabet;
import ktrace.story.Names;
import ktrace.story.Remark;
import ktrace.story.SummaryRows;
import ktrace.story.Telling;
import ktrace.story.VerdictSentence;
import ktrace.story.WaitFigures;
import ktrace.story.WaitRow;
import ktrace.story.WaitSentence;
import ktrace.story.computing.ComputingSentence;
import ktrace.story.stuck.StuckSentence;

/** What a summary comes to in words, as the terminal has it, and what else the document does not say. */
final class StoryData {
    private static final int WIDE = 10_000;
    private static final int PEERS = 3;
    /** Of rows of more objects it is not told which. */
    private static final int MOST_OBJECTS = 32;

    private final JsonGenerator json;

    StoryData(JsonGenerator json) {
        this.json = json;
    }

    void write(Summary summary, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", JsonText.wellFormed(Alphabet.UNICODE.escape(name)));
        json.writeFieldName("verdict");
        if (summary.verdict().bottleneck() == null) {
            json.writeNull();
        } else {
            telling(new VerdictSentence(summary.verdict().bottleneck(), Alphabet.UNICODE).whole());
        }
        json.writeArrayFieldStart("stuck");
        for (Stuck stuck : summary.verdict().stuck()) {
            telling(StuckSentence.of(stuck, Alphabet.UNICODE, WIDE));
        }
        json.writeEndArray();
        json.writeFieldName("computing");
        if (summary.verdict().ofBottleneck() == null) {
            json.writeNull();
        } else {
            telling(new ComputingSentence(summary.verdict().ofBottleneck(), Alphabet.UNICODE).whole());
        }
        json.writeArrayFieldStart("remarks");
        for (Remark remark : Remark.of(summary)) {
            json.writeStartObject();
            json.writeStringField("label", remark.label());
            json.writeStringField("text", JsonText.wellFormed(remark.text() + remark.meaning()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("waits");
        for (WaitRow row : SummaryRows.of(summary).waits()) {
            wait(row);
        }
        json.writeEndArray();
        histograms(summary);
        json.writeEndObject();
    }

    private void wait(WaitRow row) throws IOException {
        WaitSummary wait = row.what();
        ProcessSummary process = row.process().summary();
        json.writeStartObject();
        json.writeNumberField("pid", process.pid());
        json.writeNumberField("startNs", process.startNs());
        json.writeStringField("who", JsonText.wellFormed(Names.of(row.process(), Alphabet.UNICODE, Names.MAX_COLUMNS)));
        json.writeFieldName("sentence");
        telling(new WaitSentence(row, Alphabet.UNICODE, PEERS).fit(WIDE));
        json.writeStringField("kind", wait.kind().label());
        json.writeStringField("syscall", wait.syscall() == null ? "" : wait.syscall());
        json.writeStringField("evidence", wait.evidence().label());
        json.writeStringField("proof", new WaitFigures(row, Alphabet.UNICODE).proof());
        json.writeNumberField("wakerPid", wait.waker() == null ? 0 : wait.waker().pid());
        json.writeBooleanField("joined", row.isJoined() || row.process().isJoined());
        json.writeBooleanField("idle", row.isIdle());
        numbers("waiters", row.waiters());
        numbers("wakers", row.wakers());
        if (row.objects().size() <= MOST_OBJECTS) {
            json.writeArrayFieldStart("objects");
            for (String object : row.objects()) {
                json.writeString(JsonText.wellFormed(object));
            }
            json.writeEndArray();
        }
        json.writeNumberField("count", wait.count());
        json.writeBooleanField("ongoing", wait.ongoing());
        json.writeNumberField("totalNs", wait.totalNs());
        json.writeNumberField("observedNs", row.observedNs());
        json.writeNumberField("p50Ns", wait.p50Ns());
        json.writeNumberField("p99Ns", wait.p99Ns());
        json.writeNumberField("maxNs", wait.maxNs());
        because(wait, process);
        json.writeEndObject();
    }

    private void because(WaitSummary wait, ProcessSummary process) throws IOException {
        json.writeArrayFieldStart("because");
        for (Because part : wait.because()) {
            json.writeStartObject();
            json.writeNumberField("pid", part.pid());
            json.writeStringField("comm", JsonText.wellFormed(part.pid() == process.pid() ? process.comm() : part.comm()));
            json.writeStringField("cause", part.cause().label());
            json.writeNumberField("ns", part.ns());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void numbers(String field, Iterable<Integer> numbers) throws IOException {
        json.writeArrayFieldStart(field);
        for (int number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    /** In the order of the document's processes and calls. */
    private void histograms(Summary summary) throws IOException {
        json.writeArrayFieldStart("histograms");
        for (ProcessSummary process : summary.processes()) {
            json.writeStartArray();
            for (SyscallSummary call : process.syscalls()) {
                json.writeStartArray();
                for (Bucket bucket : call.histogram()) {
                    json.writeNumber(bucket.fromNs());
                    json.writeNumber(bucket.calls());
                }
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** Pieces of text, those that are not plain with their tone behind them. */
    private void telling(Telling telling) throws IOException {
        json.writeStartArray();
        for (Telling.Piece piece : telling.pieces()) {
            json.writeStartArray();
            json.writeString(JsonText.wellFormed(piece.text()));
            json.writeString(piece.tone().name().toLowerCase(Locale.ROOT));
            json.writeEndArray();
        }
        json.writeEndArray();
    }
}
