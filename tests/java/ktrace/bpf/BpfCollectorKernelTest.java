package ktrace.bpf;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ktrace.ReadyWorkload;
import ktrace.RingTally;
import ktrace.bpf.kernel.BpfException;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.linux.Processes;
import ktrace.linux.SyscallTable;
import ktrace.tracefs.TraceFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The collector on the running kernel, with programs of tests/workloads; drained by hand, so that it can be late. */
@Tag("kernel")
@Timeout(120)
class BpfCollectorKernelTest {
    @BeforeEach
    void needsRootTypesAndWorkloads() {
        assumeTrue(Processes.geteuid() == 0, "needs root, to load programs");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "needs a kernel with BTF");
        assumeTrue(Files.isExecutable(Path.of("target/workloads/getppid")), "needs the workloads: make -C tests/workloads");
    }

    private static BpfCollector attach(ReadyWorkload workload, long ringBytes) {
        workload.awaitBlockedInRead();
        return new BpfCollector(TraceFs.open(notice -> { }), new BpfTarget(List.of(workload.pid()), false, true, false), ringBytes);
    }

    @Test
    void aMillionCallsAtFullSpeedAreAllSeen() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1000000", "--wait-go");
                BpfCollector collector = attach(workload, 0)) {
            RingTally tally = RingTally.follow(workload, collector);
            assertEquals(0, collector.counters().get(TraceCounter.LOST_EVENTS));
            assertEquals(1_000_000, tally.enters());
            assertEquals(Map.of(workload.pid(), 1_000_000L), tally.getppids());
            assertEquals(ProcessHandle.current().pid(), tally.last());
            assertEquals(0, collector.counters().get(TraceCounter.LOST_EVENTS));
            assertEquals(0, collector.counters().get(TraceCounter.MALFORMED_RECORDS));
        }
    }

    /** Calls one after the other share what is said of them: a ring of the default size holds a million, however late its reader. */
    @Test
    void aMillionCallsFindRoomBeforeAnyIsRead() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1000000", "--wait-go");
                BpfCollector collector = attach(workload, 32 << 20)) {
            RingTally tally = RingTally.followInTheEnd(workload, collector);
            assertEquals(0, collector.counters().get(TraceCounter.LOST_EVENTS));
            assertEquals(1_000_000, tally.enters());
            assertEquals(Map.of(workload.pid(), 1_000_000L), tally.getppids());
            assertEquals(ProcessHandle.current().pid(), tally.last());
        }
    }

    /** On threads that come in turn on few CPUs: whose each is stays clear. */
    @Test
    void callsOfManyThreadsAreEachItsOwn() throws Exception {
        int threads = 8;
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "100000", "--threads", Integer.toString(threads), "--wait-go");
                BpfCollector collector = attach(workload, 32 << 20)) {
            RingTally tally = RingTally.followInTheEnd(workload, collector);
            assertEquals(0, collector.counters().get(TraceCounter.LOST_EVENTS));
            assertEquals(threads, tally.getppids().size(), tally.getppids()::toString);
            assertTrue(tally.getppids().values().stream().allMatch(calls -> calls == 100_000), tally.getppids()::toString);
        }
    }

    /**
     * The same program with room for everything, and with almost none and a reader that comes now and then: it makes the same
     * calls each time, so not one event may be missing from the sum.
     */
    @Test
    void seenAndLostMakeTheTruthToTheEvent() throws Exception {
        List<Long> totals = new ArrayList<>();
        for (long ringBytes : new long[] {32 << 20, 16 << 10, 32 << 10, 64 << 10}) {
            try (ReadyWorkload workload = ReadyWorkload.start("getppid", "100000", "--wait-go");
                    BpfCollector collector = attach(workload, ringBytes)) {
                RingTally tally = RingTally.followLate(workload, collector);
                long lost = collector.counters().get(TraceCounter.LOST_EVENTS);
                totals.add(tally.syscallEvents() + collector.counters().get(TraceCounter.LOST_SYSCALLS));
                assertEquals(ringBytes > 1 << 20, lost == 0, "ring " + ringBytes);
                assertEquals(lost, collector.lostOnCpu().values().stream().mapToLong(count -> count).sum());
                assertTrue(tally.lost() <= lost, "told on the way: " + tally.lost() + " of " + lost);
            }
        }
        // The calls, and the few before and after the loop, which depend on the C library.
        long truth = totals.getFirst();
        assertTrue(truth >= 200_003 && truth < 200_100, totals::toString);
        assertEquals(List.of(truth, truth, truth, truth), totals);
    }

    /** Its children's, its threads' and those of programs that it becomes; each ten of them, and each child its own. */
    @Test
    void whoIsBornIsFollowedByTheKernel() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("churn", "--forks", "300", "--execs", "100", "--threads", "300",
                "--wait-go"); BpfCollector collector = attach(workload, 0)) {
            RingTally tally = RingTally.follow(workload, collector);
            assertEquals(0, collector.counters().get(TraceCounter.LOST_EVENTS));
            assertEquals(7000, tally.exits());
            assertEquals(7000, tally.enters());
            assertTrue(tally.getppids().values().stream().allMatch(calls -> calls % 10 == 0), tally.getppids()::toString);
            assertTrue(tally.events(EventType.TASK_NEWTASK) >= 700, tally::toString);
            assertTrue(tally.events(EventType.SCHED_PROCESS_EXIT) >= 700, tally::toString);
            assertTrue(tally.events(EventType.SCHED_PROCESS_EXEC) >= 100, tally::toString);
        }
    }

    /**
     * Long calls in which nothing else happens on their CPU: what is told as complete is, though the kernel writes a call when it
     * returns.
     */
    @Test
    void aCallThatGoesOnIsToldWhenItHasBegun() throws Exception {
        int sizeBytes = 128 << 20;
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        long read = SyscallTable.current().number("read");
        ByteBuffer buffer = ByteBuffer.allocateDirect(sizeBytes);
        try (BpfCollector collector = new BpfCollector(TraceFs.open(notice -> { }),
                new BpfTarget(List.of(pid), false, true, false), 0); FileChannel zero = FileChannel.open(Path.of("/dev/zero"))) {
            Thread reader = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 30; i++) {
                    assertEquals(sizeBytes, assertDoesNotThrow(() -> zero.read(buffer.clear())));
                }
            });
            TraceEvent event = new TraceEvent();
            long completeNs = 0;
            int begun = 0;
            int late = 0;
            while (begun < 30) {
                collector.await(1_000_000);
                long untilNs = collector.completeUntilNs();
                for (BpfStream stream : collector.streams()) {
                    stream.refresh();
                    while (stream.nextTimeNs() != BpfStream.NOTHING) {
                        stream.take(event);
                        if (event.type == EventType.SYS_ENTER && event.number == read && event.arg2 == sizeBytes) {
                            begun++;
                            late += event.timeNs <= completeNs ? 1 : 0;
                        }
                    }
                    stream.release();
                }
                completeNs = Math.max(completeNs, untilNs);
            }
            reader.join();
            // Where a virtual CPU stands still between a call's time and its record.
            assertTrue(late <= 2, late + " of " + begun);
        }
    }

    /** Attached while threads come and go: each that is born from then on is seen, with all its calls. */
    @Test
    void noThreadIsMissedThatIsBornWhileKtraceAttaches() throws Exception {
        for (int round = 0; round < 5; round++) {
            try (ReadyWorkload workload = ReadyWorkload.start("churn", "--forks", "0", "--execs", "0", "--threads", "100000",
                    "--wait-go")) {
                workload.awaitBlockedInRead();
                workload.go();
                Thread.sleep(20 + 3L * round);
                try (BpfCollector collector = new BpfCollector(TraceFs.open(notice -> { }),
                        new BpfTarget(List.of(workload.pid()), false, true, false), 0)) {
                    RingTally tally = new RingTally();
                    while (tally.birthsBy(workload.pid()) < 100) {
                        collector.await(1_000_000);
                        tally.drain(collector);
                    }
                    collector.stop();
                    tally.drain(collector);
                    long births = tally.birthsBy(workload.pid());
                    // All but those that were in the middle of them when it began, and when it ended.
                    long whole = tally.getppids().values().stream().filter(calls -> calls % 10 == 0).count();
                    assertTrue(whole >= tally.getppids().size() - 2, tally.getppids()::toString);
                    assertTrue(Math.abs(births - tally.getppids().size()) <= 3, births + " born, seen " + tally.getppids().size());
                }
            }
        }
    }

    /** While others switch as fast as they can. */
    @Test
    void switchesOfOthersStayInTheKernel() throws Exception {
        try (ReadyWorkload target = ReadyWorkload.start("getppid", "1", "--wait-go"); BpfCollector collector = attach(target, 0)) {
            Process others = new ProcessBuilder("target/workloads/pingpong", "pipe", "20000")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertEquals(0, others.waitFor());
            collector.stop();
            RingTally tally = new RingTally();
            tally.drain(collector);
            assertTrue(tally.events(EventType.SCHED_SWITCH) < 1000, tally::toString);
            assertTrue(target.runs());
        }
    }

    @Test
    void attachingToFiveHundredThreadsTakesNoDescriptorsForThem() throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("manythreads", "500", "2000")) {
            long before = descriptors();
            long startNs = System.nanoTime();
            try (BpfCollector collector = attach(workload, 0)) {
                long tookNs = System.nanoTime() - startNs;
                assertTrue(descriptors() - before < 100, before + " descriptors before, then " + descriptors());
                assertTrue(tookNs < TimeUnit.SECONDS.toNanos(2), "it took " + tookNs);
                collector.stop();
            }
            assertEquals(before, descriptors());
        }
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void aProcessThatIsGoneIsSaidInOneLine() throws Exception {
        int pid;
        try (ReadyWorkload workload = ReadyWorkload.start("getppid", "1", "--wait-go")) {
            pid = workload.pid();
        }
        BpfTarget target = new BpfTarget(List.of(pid), false, true, false);
        String message = assertThrows(BpfException.class, () -> new BpfCollector(TraceFs.open(notice -> { }), target, 0))
                .getMessage();
        assertTrue(message.contains(Integer.toString(pid)) && !message.contains("\n"), message);
    }
}
