package ktrace.export.page;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import ktrace.analysis.Summary;
import ktrace.event.EventSink;
import ktrace.export.JsonSummary;
import ktrace.export.JsonText;

/**
 * A trace as one page for the browser, which loads nothing from anywhere. Sees the stamped events while the trace goes on, and is
 * written when it has ended. One thread at a time.
 */
public final class HtmlPage {
    /** Some ten bytes each in the file. */
    private static final int MOST_CELLS = 400_000;
    private static final int MOST_ROWS = 4_096;

    private final JsonFactory factory = JsonText.factory();
    private final Stretches stretches;
    private final IntFunction<String> syscalls;
    private final String ktraceVersion;
    private final String name;
    private final long realtimeOffsetNs;

    /**
     * @param syscalls the name of a system call in the trace
     * @param name what it is a trace of; unescaped
     * @param realtimeOffsetNs CLOCK_REALTIME less CLOCK_MONOTONIC, for the times of day
     */
    public HtmlPage(IntFunction<String> syscalls, String ktraceVersion, String name, long realtimeOffsetNs) {
        this(new Stretches(MOST_CELLS, MOST_ROWS), syscalls, ktraceVersion, name, realtimeOffsetNs);
    }

    HtmlPage(Stretches stretches, IntFunction<String> syscalls, String ktraceVersion, String name, long realtimeOffsetNs) {
        this.stretches = stretches;
        this.syscalls = syscalls;
        this.ktraceVersion = ktraceVersion;
        this.name = name;
        this.realtimeOffsetNs = realtimeOffsetNs;
    }

    /** What is to be fed with the stamped events. */
    public EventSink reader() {
        return stretches.sink();
    }

    /**
     * Writes the page. The stream stays the caller's to close.
     *
     * @param summary of the whole trace
     * @throws IOException when the stream takes no more
     */
    public void write(OutputStream out, Summary summary) throws IOException {
        PageFrame frame = PageFrame.load();
        text(out, frame.head());
        data(out, "summary", in -> new JsonSummary(in, ktraceVersion, false, realtimeOffsetNs).write(summary));
        data(out, "story", in -> {
            try (JsonGenerator json = factory.createGenerator(in, JsonEncoding.UTF8)) {
                new StoryData(json).write(summary, name);
            }
        });
        data(out, "stretches", in -> {
            try (JsonGenerator json = factory.createGenerator(in, JsonEncoding.UTF8)) {
                new StretchData(json, syscalls).write(stretches, summary.startNs());
            }
        });
        text(out, frame.tail());
        out.flush();
    }

    private interface Data {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void data(OutputStream out, String id, Data data) throws IOException {
        text(out, "<script type=\"application/json\" id=\"" + id + "\">");
        ScriptData in = new ScriptData(out);
        data.writeTo(in);
        in.flush();
        text(out, "</script>\n");
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
