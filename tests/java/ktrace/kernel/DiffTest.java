package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs of a program of which one stage was made slower in the second: it is named first. */
@RealKernel
class DiffTest {
    private static final String ROUNDS = "200";

    @TempDir
    private Path directory;

    private String record(String mode) {
        Path trace = directory.resolve(mode);
        List<String> arguments = new ArrayList<>(List.of("record", "-o", trace.toString(), "--"));
        arguments.addAll(Workload.command("slow", mode));
        arguments.add(ROUNDS);
        try (Ktrace record = Ktrace.start(arguments)) {
            assertEquals(0, record.awaitExit(), () -> record.program().describe());
        }
        return trace.toString();
    }

    private static JsonNode diff(int status, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("diff", "--json", "--exit-code"));
        all.addAll(List.of(arguments));
        try (Ktrace diff = Ktrace.start(all)) {
            assertEquals(status, diff.awaitExit(), () -> diff.program().describe());
            return new ObjectMapper().readTree(diff.program().stdout());
        }
    }

    private static JsonNode first(JsonNode diff, String kind, Predicate<JsonNode> which) {
        return diff.path("changes").valueStream().filter(c -> c.path("kind").asText().equals(kind)).filter(which).findFirst()
                .orElseThrow(() -> new AssertionError(diff.toPrettyString()));
    }

    @Test
    void theStageThatGotSlowerIsNamedFirst() throws IOException {
        String even = record("even");
        JsonNode diff = diff(3, even, record("stage1"));
        JsonNode cause = first(diff, "cause", c -> c.path("worse").asBoolean());
        assertEquals("stage1", cause.path("comm").asText(), diff::toPrettyString);
        JsonNode wait = first(diff, "wait", c -> c.path("standsOut").asBoolean());
        assertEquals("stage1", wait.path("waker").asText(), diff::toPrettyString);
        assertTrue(wait.path("worse").asBoolean() && wait.path("pOfLength").asDouble() < 0.05, wait::toPrettyString);

        JsonNode itself = diff(0, even, even);
        assertFalse(itself.path("worse").asBoolean());
        itself.path("changes").forEach(change -> assertFalse(change.path("standsOut").asBoolean(), change::toPrettyString));
    }
}
