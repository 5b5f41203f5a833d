package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ktrace.ReadyWorkload;
import ktrace.RingTally;
import ktrace.event.TraceCounter;
import ktrace.linux.Processes;
import ktrace.tracefs.TraceFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The collector on the running kernel, with tests/workloads/getppid and manythreads; drained by hand, so that it can be late. */
@Tag("kernel")
@Timeout(120)
class PerfCollectorKernelTest {
    @BeforeEach
    void needsRootAndWorkloads() {
        assumeTrue(Processes.geteuid() == 0, "needs root, for events on whole CPUs");
        assumeTrue(Files.isExecutable(Path.of("target/workloads/getppid")), "needs the workloads: make -C tests/workloads");
    }

    private static PerfCollector attach(ReadyWorkload workload, long ringBytes) {
        workload.awaitBlockedInRead();
        List<String> notices = new ArrayList<>();
        PerfTarget target = new PerfTarget(List.of(workload.pid()), false, true, false);
        return new PerfCollector(TraceFs.open(notices::add), target, ringBytes, notices::add);
    }

    @Test
    void aMillionCallsAreAllSeen() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1000000", "--wait-go");
                PerfCollector collector = attach(workload, 0)) {
            RingTally tally = RingTally.follow(workload, collector);
            assertEquals(1_000_000, tally.enters());
            assertEquals(Map.of(workload.pid(), 1_000_000L), tally.getppids());
            assertEquals(ProcessHandle.current().pid(), tally.last());
            assertEquals(0, collector.counters().get(TraceCounter.LOST_SYSCALLS));
            assertEquals(0, collector.counters().get(TraceCounter.MALFORMED_RECORDS));
            assertEquals(0, collector.counters().get(TraceCounter.UNKNOWN_RECORDS));
        }
    }

    /**
     * The same program with room for everything, and with almost none and a reader that comes now and then: it makes the same
     * calls each time, so not one event may be missing from the sum.
     */
    @Test
    void seenAndLostMakeTheTruthToTheEvent() throws Exception {
        List<Long> totals = new ArrayList<>();
        for (long ringBytes : new long[] {32 << 20, 4 << 10, 16 << 10, 64 << 10}) {
            try (ReadyWorkload workload = ReadyWorkload.start("getppid", "100000", "--wait-go");
                    PerfCollector collector = attach(workload, ringBytes)) {
                RingTally tally = RingTally.followLate(workload, collector);
                totals.add(tally.syscallEvents() + collector.counters().get(TraceCounter.LOST_SYSCALLS));
                assertEquals(ringBytes > 1 << 20, collector.counters().get(TraceCounter.LOST_SYSCALLS) == 0, "ring " + ringBytes);
            }
        }
        // The calls, and the few before and after the loop, which depend on the C library.
        long truth = totals.getFirst();
        assertTrue(truth >= 200_003 && truth < 200_100, totals::toString);
        assertEquals(List.of(truth, truth, truth, truth), totals);
    }

    /**
     * An event is written some time after its own time was taken. What comes of it later than the beginning of a round may not be
     * there yet when the round is read, however long the reading waits: so no time after that is complete before the next round.
     */
    @Test
    void aRoundIsCompleteUntilItBeganAndNoFurther() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1", "--wait-go");
                PerfCollector collector = attach(workload, 0)) {
            assertTrue(collector.completeUntilNs() < collector.startNs(), "no round has begun");
            for (int round = 0; round < 3; round++) {
                long beforeNs = System.nanoTime();
                collector.await(1_000_000);
                long completeNs = collector.completeUntilNs();
                assertTrue(completeNs >= beforeNs, "a round begins with each wait");
                assertTrue(completeNs <= System.nanoTime() - 100_000, "what was being written then is there by now");
                Thread.sleep(5);
                assertEquals(completeNs, collector.completeUntilNs(), "time goes by, and no round has begun");
            }
            collector.stop();
            assertTrue(collector.completeUntilNs() > System.nanoTime(), "nothing comes any more");
        }
    }

    @Test
    void attachingToFiveHundredThreadsTakesLessThanTwoSeconds() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("manythreads", "500", "2000")) {
            long[] millis = new long[3];
            for (int i = 0; i < millis.length; i++) {
                long startNs = System.nanoTime();
                PerfCollector collector = attach(workload, 0);
                millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                collector.stop();
                collector.close();
            }
            Arrays.sort(millis);
            assertTrue(millis[1] < 2000, "milliseconds: " + Arrays.toString(millis));
        }
    }

    @Test
    void aProcessThatIsGoneIsSaidInOneLine() throws Exception {
        int pid;
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1", "--wait-go")) {
            pid = workload.pid();
        }
        PerfTarget target = new PerfTarget(List.of(pid), false, true, false);
        String message = assertThrows(PerfException.class,
                () -> new PerfCollector(TraceFs.open(notice -> { }), target, 0, notice -> { })).getMessage();
        assertTrue(message.contains(Integer.toString(pid)) && !message.contains("\n"), message);
    }
}
