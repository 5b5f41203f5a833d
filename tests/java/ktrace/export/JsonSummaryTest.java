package ktrace.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import ktrace.Golden;
import ktrace.analysis.Summary;
import ktrace.view.Samples;
import org.junit.jupiter.api.Test;

class JsonSummaryTest {

    @Test
    void aDocumentIsOneLineWithTheFieldsOfTheContractInOrder() throws IOException {
        String text = json(Samples.pipeline(Summary.Scope.FINAL, 2 * Samples.S));
        assertEquals(text.length() - 1, text.indexOf('\n'));
        // One field a line, to be read; what is written is one line.
        Golden.assertMatches("summary.json", new ObjectMapper().readTree(text).toPrettyString() + "\n");
        assertEquals(new ObjectMapper().readTree(text).toString() + "\n", text);
    }

    @Test
    void everyLineParsesBackToWhatWasWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonSummary writer = new JsonSummary(out, "1.2.3");
        writer.write(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S));
        writer.write(Samples.empty());
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        assertEquals(2, lines.length);
        JsonNode interval = new ObjectMapper().readTree(lines[0]);
        assertEquals("interval", interval.get("type").textValue());
        assertEquals("1.2.3", interval.get("ktraceVersion").textValue());
        assertEquals(2, interval.get("counters").get("unknownFd").intValue());
        JsonNode bash = interval.get("processes").get(0);
        assertTrue(bash.get("exitNs").isNull());
        JsonNode ongoing = bash.get("waits").get(0);
        assertTrue(ongoing.get("ongoing").booleanValue());
        assertTrue(ongoing.get("waker").isNull());
        JsonNode read = interval.get("processes").get(2).get("waits").get(0);
        assertFalse(read.has("ongoing"));
        assertEquals("cat", read.get("waker").get("comm").textValue());
        assertEquals("object", read.get("evidence").textValue());
        JsonNode last = new ObjectMapper().readTree(lines[1]);
        assertEquals("final", last.get("type").textValue());
        assertEquals(0, last.get("processes").size());
        assertEquals(0, last.get("counters").size());
    }

    @Test
    void namesKeepTheirTextAndLoseTheirPowerOverTerminals() throws IOException {
        String text = json(Samples.hostile());
        text.codePoints().filter(c -> c != '\n').forEach(c -> {
            assertFalse(Character.isISOControl(c), () -> Integer.toHexString(c));
            assertFalse(Character.getType(c) == Character.FORMAT, () -> Integer.toHexString(c));
        });
        JsonNode processes = new ObjectMapper().readTree(text).get("processes");
        assertEquals("\u001b[2J\u001b]0;x\u0007", processes.get(0).get("comm").textValue());
        assertEquals("rm\n-rf \u202e/ \u009b31m", processes.get(0).get("cmdline").textValue());
        assertEquals("工作者プロセス", processes.get(1).get("comm").textValue());
        assertTrue(text.contains("工作者プロセス"), "printable text stays readable");
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() throws IOException {
        JsonNode processes = new ObjectMapper().readTree(json(Samples.hostile())).get("processes");
        assertEquals("工作者 -x \ufffd \\n", processes.get(1).get("cmdline").textValue());
        assertEquals("/data/文件/👍🏽", processes.get(1).get("waits").get(0).get("object").textValue());
        assertEquals("a\ufffdb\ufffd", JsonText.wellFormed("a\udc00b\ud800"));
    }

    @Test
    void everyDocumentIsFlushed() throws IOException {
        List<String> calls = new ArrayList<>();
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                calls.add(toString(StandardCharsets.UTF_8));
            }

            @Override
            public void close() {
                calls.add("closed");
            }
        };
        new JsonSummary(out, "1").write(Samples.empty());
        assertTrue(calls.getLast().endsWith("]}\n"), calls.toString());
        assertFalse(calls.contains("closed"));
    }

    @Test
    void aStreamThatTakesNoMoreIsTold() {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        IOException e = assertThrows(IOException.class, () -> new JsonSummary(out, "1").write(Samples.empty()));
        assertEquals("Broken pipe", e.getMessage());
    }

    private static String json(Summary summary) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonSummary(out, "0.0.0").write(summary);
        return out.toString(StandardCharsets.UTF_8);
    }
}
