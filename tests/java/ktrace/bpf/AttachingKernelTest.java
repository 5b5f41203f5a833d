package ktrace.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ktrace.ReadyWorkload;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.linux.Processes;
import ktrace.linux.SyscallTable;
import ktrace.tracefs.TraceFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every thread that there is, and every one that is born meanwhile. */
@Tag("kernel")
@Timeout(60)
class AttachingKernelTest {
    private static final int GETPPID = SyscallTable.current().number("getppid");
    private static final int THREADS = 3000;

    @BeforeEach
    void needsRootTypesAndWorkloads() {
        assumeTrue(Processes.geteuid() == 0, "needs root, to load programs");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "needs a kernel with BTF");
        assumeTrue(Files.isExecutable(Path.of("target/workloads/births")), "needs the workloads: make -C tests/workloads");
    }

    private static BpfCollector attach(ReadyWorkload workload) {
        return new BpfCollector(TraceFs.open(notice -> { }), new BpfTarget(List.of(workload.pid()), false, true, false), 0);
    }

    /** They make their calls when all of them are there: one that was missed would be missing with all of its ten. */
    @RepeatedTest(5)
    void noThreadIsMissedWhoeverIsBornMeanwhile(RepetitionInfo repetition) throws Exception {
        try (ReadyWorkload workload = ReadyWorkload.start("births", "20000")) {
            workload.awaitBlockedInRead();
            workload.go();
            long before = 0;
            while (before < 50L * repetition.getCurrentRepetition()) {
                Thread.sleep(1);
                before = threads(workload);
            }
            try (BpfCollector collector = attach(workload)) {
                long after = threads(workload);
                assertTrue(after > before, "born while ktrace attached, of " + after + ": " + (after - before));
                workload.go();
                long seen = 0;
                while (workload.runs()) {
                    collector.await(1_000_000);
                    seen += getppids(collector);
                }
                collector.stop();
                seen += getppids(collector);
                collector.countLost();
                long made = Long.parseLong(workload.line().replaceAll(".*\"calls\":(\\d+).*", "$1"));
                long lost = collector.counters().get(TraceCounter.LOST_SYSCALLS);
                assertTrue(seen <= made && seen + lost >= made, "made " + made + ", seen " + seen + ", lost " + lost);
            }
        }
    }

    private static long threads(ReadyWorkload workload) {
        return new File("/proc/" + workload.pid() + "/task").list().length;
    }

    /** How many have returned, of what is in the rings. */
    private static long getppids(BpfCollector collector) {
        TraceEvent event = new TraceEvent();
        long count = 0;
        for (BpfStream stream : collector.streams()) {
            stream.refresh();
            while (stream.nextTimeNs() != BpfStream.NOTHING) {
                stream.take(event);
                count += event.type == EventType.SYS_EXIT && event.number == GETPPID ? 1 : 0;
            }
            stream.release();
        }
        return count;
    }

    @Test
    void thousandsOfThreadsTakeNoDescriptorsAndLittleTime() throws Exception {
        try (ReadyWorkload few = ReadyWorkload.start("manythreads", "1", "1");
                ReadyWorkload many = ReadyWorkload.start("manythreads", Integer.toString(THREADS), "1")) {
            attach(few).close();
            long before = descriptors();
            long startNs = System.nanoTime();
            try (BpfCollector collector = attach(many)) {
                long tookNs = System.nanoTime() - startNs;
                assertTrue(descriptors() - before < 100, before + " descriptors before, then " + descriptors());
                assertTrue(tookNs < TimeUnit.SECONDS.toNanos(1), "it took " + tookNs);
                collector.stop();
            }
            assertEquals(before, descriptors());
        }
    }

    private static long descriptors() {
        return new File("/proc/self/fd").list().length;
    }
}
