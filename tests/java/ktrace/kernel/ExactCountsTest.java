package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of a fast loop is seen; and waiting for events costs next to nothing. */
@RealKernel
@ParameterizedClass
@MethodSource("ktrace.kernel.LiveCollectors#names")
class ExactCountsTest {
    private static final long MILLION = 1_000_000;

    @Parameter
    private String collector;

    @Test
    void aMillionCallsAtFullSpeedAreAllSeen() {
        try (Ktrace ktrace = Ktrace.traceCommand(collector, Workload.command("getppid", Long.toString(MILLION)))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            assertEquals(0, document.json().path("lost").asLong());
            assertEquals(MILLION, document.calls("getppid"));
            document.assertLaws();
        }
    }

    @Test
    void fiveHundredThreadsAndTwoThousandDescriptorsAreAttachedToQuickly() {
        try (Workload workload = Workload.start("manythreads", "500", "2000")) {
            int pid = workload.awaitReady().path("waiterPid").asInt();
            long startNs = System.nanoTime(); // CLOCK_MONOTONIC on Linux, as in the document
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "-i", "100ms"), pid)) {
                FinalDocument document = ktrace.interrupt().finalDocument();
                long tookNs = document.json().path("startNs").asLong() - startNs;
                assertEquals(500, document.process(pid).path("threads").size());
                document.assertLaws();
                assertTrue(tookNs < 2_000_000_000, () -> "attaching took " + tookNs / 1_000_000 + " ms, the JVM's start included");
            }
            assertTrue(workload.program().isAlive(), "it runs on");
        }
    }

    /**
     * Of a settled ktrace, and in most of its seconds: at first and now and then the JVM's compilers work on what has run often enough,
     * once for each method. The whole machine's switches are read with it.
     */
    @Test
    void anIdleTargetCostsLessThanAHundredthOfACpu() {
        assumeFalse(collector.equals("perf+bpf"), "reads no more than bpf, in the rounds of perf");
        try (Workload workload = Workload.start("manythreads", "5", "10")) {
            int pid = workload.awaitReady().path("waiterPid").asInt();
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "-i", "1s", "-d", "52s"), pid)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                List<JsonNode> settled = ktrace.documents().stream()
                        .filter(document -> document.path("type").asText().equals("interval")).skip(40).toList();
                double[] shares = settled.stream()
                        .mapToDouble(document -> document.path("self").path("cpuNs").asDouble() / document.path("durationNs").asLong())
                        .sorted().toArray();
                assertTrue(shares[shares.length / 2] < 0.01, () -> Arrays.toString(shares) + " of a CPU: " + settled);
            }
        }
    }
}
