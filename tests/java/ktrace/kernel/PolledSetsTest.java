package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sets of poll(2) and select(2) that perf does not show are read from the waiter's memory while it waits, if that is long: the
 * waiter makes no call that would tell otherwise what it has polled for.
 */
@RealKernel
class PolledSetsTest {
    private static final String COUNT = "20";
    private static final String MS = "100";

    @ParameterizedTest
    @ValueSource(strings = {"poll-logging", "ppoll-logging", "select-logging", "pselect-logging", "resolver", "python", "database"})
    void aLongWaitIsNamed(String mode) throws Exception {
        List<String> command = List.of(Workload.program("poll").toString(), mode, "--count", COUNT, "--ms", MS);
        try (Ktrace ktrace = Ktrace.traceCommand("perf", command)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            Measured measured = new Measured(ktrace.program().documents().getFirst());
            List<JsonNode> rows = measured.rows(ktrace.finalDocument());
            long namedNs = FinalDocument.sum(rows.stream().filter(row -> row.path("evidence").asText().equals("object")).toList(),
                    "totalNs");
            // Whoever answers may come too late, as long as the machine is busy.
            assertTrue(namedNs > measured.waitedNs() / 2, () -> measured.waitedNs() + " ns, and of these are proved: " + rows
                    + "\nof all waits " + ktrace.finalDocument().waits(measured.waiterPid(), row -> true));
        }
    }
}
