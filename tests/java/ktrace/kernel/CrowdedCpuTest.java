package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who has the CPU that a thread is ready to run on, none of whom is traced: by their own account of CPU time. */
@RealKernel
class CrowdedCpuTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @MethodSource("ktrace.kernel.LiveCollectors#names")
    void whoHasTheCpuIsKnownForAsLongAsItHasIt(String collector) {
        try (RunningProgram crowd = RunningProgram.start(Workload.command("crowded"))) {
            JsonNode ready = crowd.awaitDocument("ready", PATIENCE);
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", collector), ready.path("pid").asLong())) {
                crowd.writeLine("go");
                JsonNode told = crowd.awaitDocument("workload", PATIENCE);
                JsonNode document = ktrace.interrupt().finalDocument().json();
                JsonNode why = document.path("verdict").path("why").valueStream()
                        .filter(one -> one.path("pid").asInt() == ready.path("pid").asInt()).findFirst().orElseThrow();
                long byHogNs = why.path("shares").valueStream()
                        .filter(share -> share.path("runner").path("pid").asInt() == ready.path("hog").asInt())
                        .mapToLong(share -> share.path("ns").asLong()).sum();
                long outsideNs = document.path("durationNs").asLong() - told.path("wallNs").asLong();
                long hogNs = told.path("hogNs").asLong();
                // The target is ready all the time, and the trace longer than what was measured.
                assertTrue(byHogNs >= 0.95 * hogNs && byHogNs <= 1.05 * hogNs + outsideNs,
                        () -> byHogNs + " of " + hogNs + "\n" + why.toPrettyString());
                assertEquals(0, document.path("lost").asLong());
            }
        }
    }
}
