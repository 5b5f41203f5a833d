package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Things that come and go as fast as a program can make them, at default options: nothing is lost where a plain loop of as many
 * calls loses nothing, what is gone is forgotten, and the trace ends when it is to end.
 */
@RealKernel
class StormTest {
    private static final double A_STORM = 20_000;

    @ParameterizedTest
    @ValueSource(strings = {"epollstorm nested", "epollstorm dup", "epollstorm closed-first", "futexstorm private",
        "futexstorm shared", "futexstorm shared --mappings 60000", "futexstorm processes", "fdstorm each", "fdstorm fifo",
        "fdstorm rights --descriptors 12", "fdstorm rights --descriptors 500"})
    void whatIsGoneIsForgotten(String command) {
        try (Workload workload = start(command)) {
            long[] pids = pids(workload);
            StormRun run = withstood(pids);
            assertAll(() -> run.assertNothingLost(pids.length), run::assertEndedInTime, run::assertFlat);
        }
    }

    /** Of the processes, one by its place, waits all the time, for what is not new or cannot be mistaken. */
    @ParameterizedTest
    @CsvSource({"epollstorm plain, 1, pipe, read, true", "futexstorm waiters, 0, futex, futex, true",
        "fdstorm tcp, 0, tcp, accept4, false"})
    void whoeverWaitsInItIsToldForWhat(String command, int waiter, String kind, String syscall, boolean confirmed) {
        try (Workload workload = start(command)) {
            long[] pids = pids(workload);
            StormRun run = withstood(pids);
            assertAll(() -> run.assertNothingLost(pids.length), run::assertEndedInTime, run::assertFlat,
                    () -> run.assertNamed(pids[waiter], kind, syscall, confirmed));
        }
    }

    /** The processes that come with it are told of, each, in the end. */
    @Test
    void setsThatChildrenAndProgramsInherit() {
        try (Workload workload = start("epollstorm inherited")) {
            StormRun run = withstood(pids(workload));
            assertAll(() -> run.assertNothingLost(1), run::assertEndedInTime, run::assertFlatButForTheEnded);
        }
    }

    private static StormRun withstood(long[] pids) {
        StormRun run = StormRun.at(pids);
        assertTrue(run.eventsPerSecond() > A_STORM, () -> "it was no storm: " + run);
        return run;
    }

    private static Workload start(String command) {
        String[] words = command.split(" ");
        return Workload.startApart(words[0], Arrays.copyOfRange(words, 1, words.length));
    }

    private static long[] pids(Workload workload) {
        return workload.awaitReady().path("pids").valueStream().mapToLong(JsonNode::asLong).toArray();
    }
}
