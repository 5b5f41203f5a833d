package ktrace.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import ktrace.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowExporterTest {
    private static final TracedMachine MACHINE = new TracedMachine("host", "Linux", "6.1.0", "#1 SMP", "x86_64", 5_000_000);

    @Test
    void theStoryInCsv() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceExport export = RowExporter.csv(out, Story.SYSCALLS);
        new Story(export).tell();
        export.finish();
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.endsWith("\r\n"));
        for (String line : text.split("\r\n")) {
            // Whatever is in a cell, a line of the file is a row.
            assertFalse(line.contains("\n") || line.contains("\u001b"), line);
        }
        Golden.assertMatches("export.csv", text.replace("\r\n", "\n"));
    }

    @Test
    void theStoryInJsonLines() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceExport export = RowExporter.json(out, MACHINE, "1.2.3", Story.SYSCALLS);
        new Story(export).tell();
        export.finish();
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.endsWith("}\n"));
        assertFalse(text.contains("\u001b"));
        Golden.assertMatches("export.json", text);
        for (String line : text.split("\n")) {
            JsonNode row = new ObjectMapper().readTree(line);
            if (row.get("record").textValue().equals("wait") && row.get("kind").textValue().equals("pipe")) {
                assertEquals(Story.HOSTILE, row.get("waker").get("comm").textValue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "plain|plain",
        "a b|a b",
        "a,b|\"a,b\"",
        "say \"x\"|\"say \"\"x\"\"\"",
        "=SUM(A1)|'=SUM(A1)",
        "+1|'+1",
        "-x|'-x",
        "@x|'@x",
        "=a,b|\"'=a,b\"",
        "a=b|a=b"})
    void textsAreQuotedAndFormulasDisarmed(String text, String cell) throws IOException {
        assertEquals("0," + cell + "\r\n", row(text));
    }

    @Test
    void charactersThatATerminalObeysBecomeEscapes() throws IOException {
        assertEquals("0,a\\u000Ab\\u001B[2J\\u007F\\u009B\\u202E\r\n", row("a\nb\u001b[2J\u007f\u009b\u202e"));
        assertEquals("0,'\\u0009=1\r\n", row("\t=1"));
        assertEquals("0,\\uDB40\\uDC41 👍\r\n", row(Character.toString(0xe0041) + " 👍"));
    }

    private static String row(String text) throws IOException {
        StringWriter out = new StringWriter();
        // A first cell, since an empty row has no comma to begin with.
        new CsvRow().clear().number(0).text(text).writeTo(out);
        return out.toString();
    }
}
