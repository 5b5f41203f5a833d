package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ktrace.ReadyWorkload;
import ktrace.linux.Processes;
import ktrace.tracefs.TraceFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the running kernel: somebody who makes calls at full speed, and somebody who sleeps. */
@Tag("kernel")
class CallCensusKernelTest {
    private static final long TIME_NS = TimeUnit.MILLISECONDS.toNanos(100);

    @BeforeEach
    void needsRootAndWorkloads() {
        assumeTrue(Processes.geteuid() == 0, "needs root, to count the calls of all");
        assumeTrue(Files.isExecutable(Path.of("target/workloads/getppid")), "needs the workloads: make -C tests/workloads");
    }

    @Test
    void callsAreThoseOfTheTargetOrOfOthers() throws Exception {
        TraceFs tracefs = TraceFs.open(notice -> { });
        try (ReadyWorkload sleeper = ReadyWorkload.start("getppid", "1", "--wait-go");
                ReadyWorkload caller = ReadyWorkload.start("getppid", "1000000000", "--threads", "2", "--wait-go")) {
            sleeper.awaitBlockedInRead();
            caller.awaitBlockedInRead();
            caller.go();
            CallCensus beside = CallCensus.take(tracefs, List.of(sleeper.pid()), TIME_NS).orElseThrow();
            CallCensus of = CallCensus.take(tracefs, List.of(caller.pid()), TIME_NS).orElseThrow();
            assertEquals(0, beside.targets());
            assertTrue(beside.others() > 1000, beside::toString);
            assertTrue(of.targets() > 1000, of::toString);
            assertTrue(of.timeNs() >= TIME_NS && !of.isForPerf(), of::toString);
        }
    }

    @Test
    void whoIsGoneIsNotCounted() throws Exception {
        int pid;
        try (ReadyWorkload gone = ReadyWorkload.start("getppid", "1", "--wait-go")) {
            pid = gone.pid();
        }
        assertTrue(CallCensus.take(TraceFs.open(notice -> { }), List.of(pid), TIME_NS).isEmpty());
    }
}
