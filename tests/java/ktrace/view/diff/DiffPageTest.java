package ktrace.view.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import ktrace.Golden;
import ktrace.diff.Comparison;
import ktrace.diff.ComparisonTest;
import ktrace.export.JsonDiff;
import ktrace.story.Alphabet;
import ktrace.view.screen.Line;
import org.junit.jupiter.api.Test;

class DiffPageTest {
    private static final Comparison SLOWER = Comparison.of(ComparisonTest.pipeline("/tmp/before: stages", 1, 600, 1),
            ComparisonTest.pipeline("/tmp/a\u001b[2Jfter: stages", 2, 600, 2));
    private static final Comparison ALIKE = Comparison.of(ComparisonTest.pipeline("/tmp/before", 1, 600, 1),
            ComparisonTest.pipeline("/tmp/after", 2, 600, 1));

    private static String text(Comparison comparison, Alphabet alphabet, boolean all, int width) {
        List<Line> lines = new DiffPage(comparison, alphabet, 0, all).lines(width);
        lines.forEach(line -> assertTrue(line.width() <= width, line.plain()));
        return lines.stream().map(line -> line.plain() + "\n").collect(Collectors.joining());
    }

    @Test
    void text() throws IOException {
        Golden.assertMatches("diff-slower-80.txt", text(SLOWER, Alphabet.UNICODE, false, 80));
        Golden.assertMatches("diff-slower-120.txt", text(SLOWER, Alphabet.UNICODE, true, 120));
        Golden.assertMatches("diff-alike-80.txt", text(ALIKE, Alphabet.UNICODE, false, 80));
    }

    @Test
    void inAsciiAndOnNarrowScreens() {
        String text = text(SLOWER, Alphabet.ASCII, true, 60);
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f), text);
    }

    @Test
    void json() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonDiff.write(out, SLOWER, "1");
        JsonNode json = new ObjectMapper().readTree(out.toByteArray());
        assertEquals("diff", json.path("type").asText());
        assertEquals("mann-whitney", json.path("test").path("name").asText());
        assertTrue(json.path("worse").asBoolean());
        assertEquals(SLOWER.changes().size(), json.path("changes").size());
        JsonNode worst = json.path("changes").path(0);
        assertEquals(List.of("call", "stage2", "read", "true"), List.of(worst.path("kind").asText(), worst.path("comm").asText(),
                worst.path("syscall").asText(), worst.path("standsOut").asText()));
        assertTrue(worst.path("pOfLength").asDouble() < 0.05 && worst.path("b").path("meanNs").asLong() > 1_500_000, worst::toString);
    }
}
