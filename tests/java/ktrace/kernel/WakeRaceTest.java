package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wake-ups that the kernel records before the switch of the thread that they wake. */
@RealKernel
class WakeRaceTest {
    private static final int ROUNDS = 20_000;
    /** Of the time waited, in parts of a whole. */
    private static final double MOST_WITHOUT_WAKER = 0.0001;

    @ParameterizedTest
    @ValueSource(strings = {"futex", "pipe"})
    void everyWaitHasItsWaker(String mode) {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("pingpong", mode, String.valueOf(ROUNDS)));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            assertEquals(0, document.json().path("lost").asLong());
            int pid = ktrace.program().documents().getLast().path("pid").asInt();
            List<JsonNode> waits = document.waits(pid, row -> row.path("syscall").asText().equals(mode.equals("futex") ? "futex" : "read"));
            List<JsonNode> nobody = waits.stream().filter(row -> row.path("evidence").asText().equals("none")).toList();
            assertTrue(FinalDocument.sum(waits, "count") >= ROUNDS, waits::toString);
            assertTrue(FinalDocument.sum(nobody, "totalNs") <= MOST_WITHOUT_WAKER * FinalDocument.sum(waits, "totalNs"), waits::toString);
            document.assertLaws();
        }
    }
}
