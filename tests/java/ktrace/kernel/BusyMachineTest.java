package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines on which others want the CPUs all the time, or start programs all the time. */
@RealKernel
class BusyMachineTest {
    private static final int LOAD = 8;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int RUNS = 5;

    private record Ran(long javaNs, long untilTracingNs, long untilEndNs, long tracedNs) {
    }

    /** While the machine is not busy yet. */
    @BeforeAll
    static void install() {
        Installed.command();
    }

    /**
     * A trace of a second begins a second after its Java is there, and has ended, with its document, 0.3 s after its time. How long
     * Java itself takes there is seen from one that only tells ktrace's version. In the middle of some runs: in any of them another may
     * have the CPU when it is to end.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTraceOfASecondIsOneAtLoadEight(boolean wholeSystem) {
        List<RunningProgram> others = new ArrayList<>();
        try (Workload target = Workload.start("manythreads", "20", "50")) {
            String pid = target.awaitReady().path("waiterPid").asText();
            IntStream.range(0, LOAD).forEach(i -> others.add(RunningProgram.start(List.of("sh", "-c", "while :; do :; done"))));
            List<Ran> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                runs.add(run(wholeSystem ? List.of("-a") : List.of("-p", pid)));
            }
            String told = runs.toString();
            assertAll(() -> assertTrue(median(runs, run -> run.untilTracingNs - run.javaNs) < SECOND.toNanos(), told),
                    () -> runs.forEach(run -> assertTrue(run.tracedNs >= SECOND.minusMillis(10).toNanos(), told)),
                    () -> assertTrue(median(runs, Ran::untilEndNs) < SECOND.plusMillis(300).toNanos(), told));
        } finally {
            others.forEach(RunningProgram::close);
        }
    }

    private static Ran run(List<String> scope) {
        long javaNs = timeOf(Ktrace.startInstalled(List.of("--version")));
        List<String> arguments = new ArrayList<>(List.of("-d", "1s"));
        arguments.addAll(scope);
        long startedNs = System.nanoTime();
        try (Ktrace ktrace = Ktrace.startInstalled(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            long endedNs = System.nanoTime();
            JsonNode document = ktrace.finalDocument().json();
            long startNs = document.path("startNs").asLong();
            return new Ran(javaNs, startNs - startedNs, endedNs - startNs, document.path("durationNs").asLong());
        }
    }

    private static long median(List<Ran> runs, ToLongFunction<Ran> value) {
        return runs.stream().mapToLong(value).sorted().skip(RUNS / 2).findFirst().orElseThrow();
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
