package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting for events costs next to nothing. */
@RealKernel
class IdleCostTest {
    private static final int SETTLED_AFTER = 60;
    private static final int SECONDS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(SETTLED_AFTER + SECONDS + 60);

    /**
     * Of a settled ktrace, as it is installed, and in most of its seconds: the JVM's compilers work on what has run often
     * enough, once for each method, and of what runs some ten times a second that is late. With perf the whole machine's switches are
     * read.
     */
    @ParameterizedTest
    @ValueSource(strings = {"perf", "bpf"})
    void anIdleTargetCostsLessThanAHundredthOfACpu(String collector) {
        try (Workload workload = Workload.start("manythreads", "5", "10")) {
            int pid = workload.awaitReady().path("waiterPid").asInt();
            String duration = SETTLED_AFTER + SECONDS + "s";
            List<String> arguments = List.of("-c", collector, "-i", "1s", "-d", duration, "-p", Integer.toString(pid));
            try (Ktrace ktrace = Ktrace.startInstalled(arguments)) {
                assertEquals(0, ktrace.program().exitStatus(PATIENCE), () -> ktrace.program().describe());
                List<JsonNode> settled = ktrace.documents().stream()
                        .filter(document -> document.path("type").asText().equals("interval"))
                        .skip(SETTLED_AFTER).limit(SECONDS).toList();
                double[] shares = settled.stream()
                        .mapToDouble(document -> document.path("self").path("cpuNs").asDouble() / document.path("durationNs").asLong())
                        .sorted().toArray();
                assertTrue(shares[shares.length / 2] < 0.01, () -> Arrays.toString(shares) + " of a CPU: " + settled);
            }
        }
    }
}
