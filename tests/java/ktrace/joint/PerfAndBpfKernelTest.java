package ktrace.joint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ktrace.ReadyWorkload;
import ktrace.RingTally;
import ktrace.bpf.kernel.BpfException;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.linux.Processes;
import ktrace.tracefs.TraceFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both halves on the running kernel, with programs of tests/workloads; drained by hand, so that it can be late. */
@Tag("kernel")
@Timeout(120)
class PerfAndBpfKernelTest {
    @BeforeEach
    void needsRootTypesAndWorkloads() {
        assumeTrue(Processes.geteuid() == 0, "needs root, to load programs");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "needs a kernel with BTF");
        assumeTrue(Files.isExecutable(Path.of("target/workloads/getppid")), "needs the workloads: make -C tests/workloads");
    }

    private static PerfAndBpf open(int pid, long ringBytes) {
        return PerfAndBpf.open(TraceFs.open(notice -> { }), List.of(pid), false, true, false, ringBytes, notice -> { });
    }

    private static PerfAndBpf attach(ReadyWorkload workload, long ringBytes) {
        workload.awaitBlockedInRead();
        return open(workload.pid(), ringBytes);
    }

    @Test
    void aMillionCallsAreAllSeen() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1000000", "--wait-go");
                PerfAndBpf collector = attach(workload, 0)) {
            RingTally tally = RingTally.follow(workload, collector);
            assertEquals(1_000_000, tally.enters());
            assertEquals(Map.of(workload.pid(), 1_000_000L), tally.getppids());
            for (TraceCounter counter : List.of(TraceCounter.LOST_EVENTS, TraceCounter.MALFORMED_RECORDS,
                    TraceCounter.UNKNOWN_RECORDS, TraceCounter.UNRECORDED)) {
                assertEquals(0, collector.counters().get(counter), counter::toString);
            }
        }
    }

    /** The same program with room for everything, and with almost none and a reader that comes now and then. */
    @Test
    void seenAndLostMakeTheTruthToTheEvent() throws Exception {
        List<Long> totals = new ArrayList<>();
        for (long ringBytes : new long[] {32 << 20, 16 << 10, 64 << 10}) {
            try (ReadyWorkload workload = ReadyWorkload.start("getppid", "100000", "--wait-go");
                    PerfAndBpf collector = attach(workload, ringBytes)) {
                RingTally tally = RingTally.followLate(workload, collector);
                long lost = collector.counters().get(TraceCounter.LOST_SYSCALLS);
                totals.add(tally.syscallEvents() + lost);
                assertEquals(ringBytes > 1 << 20, lost == 0, "ring " + ringBytes);
                long all = collector.counters().get(TraceCounter.LOST_EVENTS);
                assertEquals(lost + collector.counters().get(TraceCounter.LOST_SCHED), all);
                assertEquals(all, collector.lostOnCpu().values().stream().mapToLong(count -> count).sum());
            }
        }
        // The calls, and the few before and after the loop, which depend on the C library.
        long truth = totals.getFirst();
        assertTrue(truth >= 200_003 && truth < 200_100, totals::toString);
        assertEquals(List.of(truth, truth, truth), totals);
    }

    /** Their births are told by one, their calls by the other. */
    @Test
    void whoIsBornIsFollowedByBoth() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("churn", "--forks", "300", "--execs", "100", "--threads", "300",
                "--wait-go"); PerfAndBpf collector = attach(workload, 0)) {
            RingTally tally = RingTally.follow(workload, collector);
            assertEquals(0, collector.counters().get(TraceCounter.LOST_EVENTS));
            assertEquals(7000, tally.exits());
            assertEquals(7000, tally.enters());
            assertTrue(tally.events(EventType.TASK_NEWTASK) >= 700, tally::toString);
            assertTrue(tally.events(EventType.SCHED_PROCESS_EXIT) >= 700, tally::toString);
            assertTrue(tally.events(EventType.SCHED_PROCESS_EXEC) >= 100, tally::toString);
        }
    }

    /** While others switch as fast as they can. */
    @Test
    void whatDoesNotConcernTheTargetStaysInTheKernel() throws Exception {
        try (ReadyWorkload target = ReadyWorkload.start("getppid", "1", "--wait-go"); PerfAndBpf collector = attach(target, 0)) {
            Process others = new ProcessBuilder("target/workloads/pingpong", "pipe", "20000")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertEquals(0, others.waitFor());
            RingTally tally = new RingTally();
            tally.drainStopped(collector);
            assertTrue(tally.events(EventType.SCHED_SWITCH) < 1000, tally::toString);
            assertEquals(0, tally.syscallEvents(), tally::toString);
            assertTrue(target.runs());
        }
    }

    /** One half begins and ends before the other; what only one tells is not given, and nobody's loss. */
    @Test
    void bothBeginAndEndAtOnce() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1000000000", "--threads", "2", "--wait-go")) {
            workload.awaitBlockedInRead();
            workload.go();
            try (PerfAndBpf collector = open(workload.pid(), 32 << 20)) {
                Thread.sleep(50);
                collector.stop();
                TraceEvent event = new TraceEvent();
                long first = Long.MAX_VALUE;
                long last = 0;
                for (EventStream stream : collector.streams()) {
                    stream.refresh();
                    while (stream.nextTimeNs() != EventStream.NOTHING) {
                        stream.take(event);
                        first = Math.min(first, event.timeNs);
                        last = Math.max(last, event.timeNs);
                    }
                }
                collector.countLost();
                assertTrue(first >= collector.startNs() && last <= collector.endNs(), first + " to " + last + " in "
                        + collector.startNs() + " to " + collector.endNs());
                assertEquals(0, collector.counters().get(TraceCounter.LOST_EVENTS));
            }
        }
    }

    @Test
    void nothingStaysOpenOfEitherWhoeverOfThemFails() throws Exception {
        int pid;
        long before;
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1", "--wait-go")) {
            pid = workload.pid();
            attach(workload, 0).close();
            before = descriptors();
            attach(workload, 0).close();
            assertEquals(before, descriptors());
        }
        before = descriptors();
        String message = assertThrows(BpfException.class, () -> open(pid, 0)).getMessage();
        assertTrue(message.contains(Integer.toString(pid)) && !message.contains("\n"), message);
        assertThrows(RuntimeException.class, () -> PerfAndBpf.open(new TraceFs(Path.of("/nonexistent")),
                List.of((int) ProcessHandle.current().pid()), false, true, false, 0, notice -> { }));
        assertEquals(before, descriptors());
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
