package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of a fast loop is seen, and many threads are attached to quickly. */
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
}
