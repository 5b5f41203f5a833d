package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines on which others want the CPUs all the time, or start programs all the time. */
@RealKernel
class BusyMachineTest {
    private static final int LOAD = 8;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /**
     * A trace of a second begins a second after its Java is there, and has ended, with its document, 0.3 s after its time. How long
     * Java itself takes there is seen from one that only tells ktrace's version.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTraceOfASecondIsOneAtLoadEight(boolean wholeSystem) {
        List<RunningProgram> others = new ArrayList<>();
        try (Workload target = Workload.start("manythreads", "20", "50")) {
            String pid = target.awaitReady().path("waiterPid").asText();
            IntStream.range(0, LOAD).forEach(i -> others.add(RunningProgram.start(List.of("sh", "-c", "while :; do :; done"))));
            long javaNs = timeOf(Ktrace.start(List.of("--version")));
            List<String> arguments = new ArrayList<>(List.of("-d", "1s"));
            arguments.addAll(wholeSystem ? List.of("-a") : List.of("-p", pid));
            long startedNs = System.nanoTime();
            try (Ktrace ktrace = Ktrace.startAsLaunched(arguments)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                long endedNs = System.nanoTime();
                JsonNode document = ktrace.finalDocument().json();
                Duration untilTracing = Duration.ofNanos(document.path("startNs").asLong() - startedNs);
                Duration untilEnd = Duration.ofNanos(endedNs - document.path("startNs").asLong());
                Duration traced = Duration.ofNanos(document.path("durationNs").asLong());
                String told = "Java takes %d ms; tracing after %d ms, ended %d ms later, %d ms of them traced".formatted(
                        javaNs / 1_000_000, untilTracing.toMillis(), untilEnd.toMillis(), traced.toMillis());
                assertAll(() -> assertTrue(untilTracing.compareTo(SECOND.plusNanos(javaNs)) < 0, told),
                        () -> assertTrue(traced.compareTo(SECOND.minusMillis(10)) >= 0, told),
                        () -> assertTrue(untilEnd.compareTo(SECOND.plusMillis(300)) < 0, told));
            }
        } finally {
            others.forEach(RunningProgram::close);
        }
    }

    private static long timeOf(Ktrace started) {
        long startedNs = System.nanoTime();
        try (Ktrace ktrace = started) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            return System.nanoTime() - startedNs;
        }
    }

    @Test
    void aStormOfForksOnTheWholeMachine() {
        try (Workload forks = Workload.start("churn", "--forks", "1000000000")) {
            StormRun run = StormRun.onWholeSystem(forks.program().pid());
            assertTrue(forks.program().isAlive() && run.document().calls("getppid") > 10_000, () -> "it was no storm: " + run);
            assertAll(() -> run.assertNothingLost(1), run::assertEndedInTime, run::assertSmall);
        }
    }
}
