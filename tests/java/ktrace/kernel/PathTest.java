package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Critical paths of programs of which it is known on whom their time goes. */
@RealKernel
class PathTest {
    private static final double RIGHT = 0.95;

    @TempDir
    Path scratch;

    /**
     * Of a pipeline the stages work side by side, and what a command waits for one of them is its work as well: only the chain without
     * bounds is the slow one's alone. That another process had no CPU for a while is nobody's doing, and not counted.
     */
    @ParameterizedTest
    @CsvSource({"stage0, stage0, computes queue, ''", "stage1, stage1, computes queue, --unbounded", "stage2, stage2, computes queue, --unbounded",
        "chain, back, computes queue, ''", "chain, back, computes queue, --unbounded", "lock, holder, sleeps, ''"})
    void thePathIsThatOfWhoeverIsToBlame(String mode, String part, String causes, String option) {
        String trace = scratch.resolve("trace").toString();
        List<String> record = new ArrayList<>(List.of("record", "-o", trace, "--"));
        record.addAll(Workload.command("slow", mode));
        JsonNode parts;
        try (Ktrace ktrace = Ktrace.start(record)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            parts = ktrace.program().documents().getLast();
        }
        List<String> arguments = new ArrayList<>(List.of("path", trace, "--json", "--stretches"));
        if (!option.isEmpty()) {
            arguments.add(option);
        }
        try (Ktrace ktrace = Ktrace.start(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode path = ktrace.program().documents().getLast();
            assertWhole(path);
            assertEquals(parts.path("pid").asInt(), path.path("of").path("tid").asInt(), path::toString);
            assertRight(path.path("shares"), parts.path(part).asInt(), List.of(causes.split(" ")));
        }
    }

    private static void assertRight(JsonNode shares, int pid, List<String> causes) {
        long rightNs = 0;
        long wrongNs = 0;
        for (JsonNode share : shares) {
            boolean isRight = share.path("pid").asInt() == pid && causes.contains(share.path("cause").asText());
            if (isRight) {
                rightNs += share.path("ns").asLong();
            } else if (!share.path("cause").asText().equals("queue")) {
                wrongNs += share.path("ns").asLong();
            }
        }
        assertTrue(rightNs >= RIGHT * (rightNs + wrongNs), shares::toPrettyString);
    }

    /** One stretch follows the other, and the sums are theirs. */
    private static void assertWhole(JsonNode path) {
        long atNs = path.path("fromNs").asLong();
        for (JsonNode stretch : path.path("stretches")) {
            assertEquals(atNs, stretch.path("fromNs").asLong());
            atNs = stretch.path("toNs").asLong();
        }
        assertEquals(path.path("toNs").asLong(), atNs);
        assertEquals(atNs - path.path("fromNs").asLong(), FinalDocument.sum(path.path("shares").valueStream().toList(), "ns"));
    }
}
