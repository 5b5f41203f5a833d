package ktrace.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.analysis.Cause;
import ktrace.analysis.Summary;
import ktrace.analysis.Verdict;
import ktrace.event.ObjectKind;
import ktrace.export.JsonSummary;
import ktrace.story.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read back of the JSON that ktrace writes, and what is said of other files. */
class SummaryRunTest {
    private static final String INTERVAL = "{\"type\":\"interval\",\"ktraceVersion\":\"1\",\"processes\":[]}\n";
    private static final String FINAL = "{\"type\":\"final\",\"ktraceVersion\":\"1\",\"durationNs\":7,\"processes\":[]}\n";

    private static Run read(String text) throws IOException {
        return SummaryRun.read("f", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theFinalDocumentIsRead() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonSummary json = new JsonSummary(out, "1", false);
        json.write(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S));
        json.write(Samples.pipeline(Summary.Scope.FINAL, 3 * Samples.S));
        Run run = read(out.toString(StandardCharsets.UTF_8));
        assertFalse(run.hasDurations());
        assertEquals(3 * Samples.S, run.durationNs());
        assertEquals(48_211, run.rows().get(new Row.Call("cat", "write")).count());
        Figures wait = run.rows().get(new Row.Wait("sort", ObjectKind.PIPE, "read", "", "cat"));
        assertEquals(1204, wait.count());
        assertEquals(3 * Samples.S * 96 / 100, wait.totalNs());
        assertTrue(run.rows().containsKey(new Row.Wait("postgres", ObjectKind.TCP, "epoll_wait", "127.0.0.1:5432", "pgbench")));
    }

    @Test
    void causesAreReadFromTheVerdict() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Summary judged = Samples.judged(Samples.bottleneck(Cause.SLEEPS, Verdict.Confidence.LIKELY));
        new JsonSummary(out, "1", false).write(new Summary(Summary.Scope.FINAL, "perf", 0, Samples.S, 1, 1, 0, judged.counters(),
                judged.self(), judged.processes(), judged.verdict(), judged.graph()));
        Run run = read(out.toString(StandardCharsets.UTF_8));
        long told = judged.verdict().why().stream().flatMap(why -> why.shares().stream())
                .filter(share -> share.cause().delays() || share.cause() == Cause.OUTSIDE).mapToLong(Verdict.Share::ns).sum();
        assertEquals(told, run.rows().entrySet().stream().filter(e -> e.getKey() instanceof Row.Reason)
                .mapToLong(e -> e.getValue().totalNs()).sum());
    }

    @Test
    void theLastFinalDocumentCounts() throws IOException {
        assertEquals(7, read(INTERVAL + FINAL).durationNs());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "INTERVAL | it has interval documents alone",
        "{\"type\":\"call\",\"pid\":1} | it is JSON, but no summary",
        "{\"type\":\"diff\",\"ktraceVersion\":\"1\"} | it is JSON, but no summary",
        "[1,2] | it is JSON, but no summary",
        "root:x:0:0 | it is neither a recorded trace nor a JSON summary",
        "\"\" | it is empty",
        "FINAL{\"type\":\"fin | its JSON is damaged or cut off behind document 1"})
    void otherFilesAreToldInOneLine(String text, String told) {
        NoSummaryException e = assertThrows(NoSummaryException.class,
                () -> read(text.replace("INTERVAL", INTERVAL).replace("FINAL", FINAL)));
        assertTrue(e.getMessage().startsWith(told) && e.getMessage().lines().count() == 1, e.getMessage());
    }

    @Test
    void theGoldenSummaryIsRead() throws IOException {
        assertTrue(read(Files.readString(Path.of("tests/golden/summary.json"))).rows().size() > 3);
    }
}
