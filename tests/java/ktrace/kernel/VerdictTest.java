package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs of which it is known who is to blame. */
@RealKernel
class VerdictTest {

    /** Where several want to compute, it may be that the one to blame has no CPU for most of the time. */
    @ParameterizedTest
    @CsvSource({"stage0, stage0, computes queue", "stage1, stage1, computes queue", "stage2, stage2, computes queue",
        "chain, back, computes queue", "lock, holder, sleeps"})
    void whoIsToBlameIsNamed(String mode, String part, String causes) {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("slow", mode));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode verdict = ktrace.finalDocument().json().path("verdict");
            JsonNode bottleneck = verdict.path("bottleneck");
            JsonNode parts = ktrace.program().documents().getLast();
            assertEquals(parts.path(part).asInt(), bottleneck.path("pid").asInt(), verdict::toPrettyString);
            assertEquals(part, bottleneck.path("comm").asText());
            assertTrue(List.of(causes.split(" ")).contains(bottleneck.path("cause").asText()), bottleneck::toPrettyString);
            assertTrue(bottleneck.path("share").asDouble() > 0.5, bottleneck::toPrettyString);
            assertExplained(ktrace.finalDocument());
        }
    }

    /** The time of each process is explained once, to the nanosecond. */
    private static void assertExplained(FinalDocument document) {
        Map<Integer, Long> observed = document.json().path("processes").valueStream().collect(Collectors.toMap(
                process -> process.path("pid").asInt(), process -> {
                    JsonNode states = process.path("states");
                    return states.path("runningNs").asLong() + states.path("runnableNs").asLong() + states.path("blockedNs").asLong()
                            + states.path("unknownNs").asLong();
                }));
        Map<Integer, Long> explained = document.json().path("verdict").path("why").valueStream().collect(Collectors.toMap(
                why -> why.path("pid").asInt(), why -> FinalDocument.sum(why.path("shares").valueStream().toList(), "ns")));
        assertEquals(observed, explained);
        document.json().path("processes").forEach(process -> process.path("waits").forEach(wait -> assertEquals(
                wait.path("totalNs").asLong(), FinalDocument.sum(wait.path("because").valueStream().toList(), "ns"), wait::toString)));
    }
}
