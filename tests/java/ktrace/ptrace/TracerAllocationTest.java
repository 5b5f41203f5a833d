package ktrace.ptrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tracer's thread allocates nothing for a stop whose text is not wanted, however many threads stop. */
@Tag("kernel")
class TracerAllocationTest {
    private static final Path WORKLOAD = Path.of("target", "workloads", "getppid").toAbsolutePath();
    private static final int WARM_UP_EVENTS = 40_000;
    private static final int EVENTS = 100_000;
    /** Java puts an object down when it compiles, once. */
    private static final int TIMES = 5;

    @Test
    void aStopAllocatesNothing() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(WORKLOAD), "needs the workloads: make -C tests/workloads");
        // One thread is waited for as any; of forty each is asked.
        for (int threads : new int[] {1, 40}) {
            int target = orphan(threads);
            try (PtraceCollector collector = new PtraceCollector(new PtraceTarget(List.of(target), true, null, false))) {
                take(collector, WARM_UP_EVENTS);
                long least = Long.MAX_VALUE;
                for (int i = 0; i < TIMES && least > 0; i++) {
                    long before = allocatedByTracer();
                    take(collector, EVENTS);
                    least = Math.min(least, allocatedByTracer() - before);
                }
                assertEquals(0, least, "bytes for " + EVENTS + " events of " + threads + " threads");
                collector.stop();
            } finally {
                new ProcessBuilder("kill", "-KILL", Integer.toString(target)).start().waitFor();
            }
        }
    }

    /**
     * No child of this JVM, which would wait for it as well and take its stops for exits. All its threads exist, so that none
     * is created while it is traced.
     */
    private static int orphan(int threads) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "\"$0\" 1000000000 --threads " + threads
                + " > /dev/null 2>&1 < /dev/null & echo $!", WORKLOAD.toString()).start();
        int pid;
        try (var reader = shell.inputReader()) {
            pid = Integer.parseInt(reader.readLine());
        }
        long giveUpNs = System.nanoTime() + 60_000_000_000L;
        while (tasks(pid) < threads) {
            assertTrue(System.nanoTime() < giveUpNs, "the target does not start its threads");
            Thread.sleep(1);
        }
        return pid;
    }

    private static long tasks(int pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.count();
        }
    }

    private static void take(PtraceCollector collector, int events) {
        EventStream stream = collector.streams().getFirst();
        TraceEvent event = new TraceEvent();
        int taken = 0;
        long giveUpNs = System.nanoTime() + 60_000_000_000L;
        while (taken < events) {
            assertTrue(System.nanoTime() < giveUpNs, () -> "the target makes no calls");
            collector.await(1_000_000);
            stream.refresh();
            for (; stream.nextTimeNs() != EventStream.NOTHING; taken++) {
                stream.take(event);
                assertTrue(event.type == EventType.SYS_ENTER || event.type == EventType.SYS_EXIT, event.type::toString);
            }
            stream.release();
        }
    }

    private static long allocatedByTracer() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("ktrace-tracer")) {
                return threads.getThreadAllocatedBytes(thread.threadId());
            }
        }
        throw new AssertionError("no tracer runs");
    }
}
