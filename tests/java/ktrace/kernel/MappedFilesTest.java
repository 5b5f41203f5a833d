package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who touches a page of a mapped file that is not in memory, or writes one back, waits for that file. */
@RealKernel
@ParameterizedClass
@MethodSource("ktrace.kernel.LiveCollectors#names")
class MappedFilesTest {
    @Parameter
    private String collector;

    private List<JsonNode> rows(String mode, Predicate<JsonNode> wanted) {
        try (Ktrace ktrace = Ktrace.traceCommand(collector, Workload.command("plain", mode, "--count", "60", "--ms", "5"))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode told = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            List<JsonNode> rows = document.waits(told.path("waiterPid").asInt(), wanted);
            String file = told.path("object").asText();
            long ofFile = FinalDocument.sum(rows.stream().filter(row -> row.path("kind").asText().equals("disk")
                    && row.path("object").asText().equals(file)).toList(), "totalNs");
            assertTrue(ofFile > 0 && ofFile >= 0.95 * FinalDocument.sum(rows, "totalNs"), () -> "not all of " + file + ": " + rows);
            return rows;
        }
    }

    @Test
    void aPageThatIsNotInMemory() {
        List<JsonNode> rows = rows("fault", row -> row.path("syscall").isNull()
                && (row.path("kind").asText().equals("disk") || row.path("object").asText().equals("(page fault)")));
        assertTrue(FinalDocument.sum(rows, "count") >= 55, rows::toString);
    }

    @Test
    void aPageThatIsWrittenBack() {
        rows("msync", row -> row.path("syscall").asText().equals("msync"));
    }
}
