package ktrace.ctf.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import ktrace.ctf.write.RecordedFiles;
import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.perf.ReplayRing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading allocates for a trace, not for its events, and holds no more of a long one than of a short one. */
class ReadAllocationTest {
    private static final int EVENTS = 200_000;
    private static final int MOST_BYTES = 64 << 10;

    @TempDir
    private Path directory;

    @Test
    void eventsOfKtrace() {
        EventSink writer = new RecordedFiles(directory).writer(0);
        ReplayRing ring = new ReplayRing(0, 256 << 10, 1_000_000_000);
        TraceEvent event = new TraceEvent();
        for (int i = 0; i < EVENTS; ) {
            ring.fill();
            EventStream events = ring.events();
            events.refresh();
            while (events.nextTimeNs() != EventStream.NOTHING) {
                events.take(event);
                writer.onEvent(event);
                i++;
            }
            events.release();
        }
        event.type = EventType.END;
        event.cpu = -1;
        writer.onEvent(event);
        assertReadsWithoutAllocation(4);
    }

    @Test
    void eventsOfLttng() throws IOException {
        LttngTrace trace = new LttngTrace(directory, true, LttngTrace.Alignment.BITS, true, "")
                .event(0, "sched_switch", "c16 prev_comm, i32 prev_tid, i32 prev_prio, i64 prev_state, c16 next_comm, i32"
                + " next_tid, "
                        + "i32 next_prio")
                .event(1, "syscall_entry_openat", "i32 dfd, s filename, i32 flags, u16 mode")
                .event(2, "exit_syscall", "i64 ret")
                .event(3, "sched_process_fork", "c16 parent_comm, i32 parent_tid, i32 parent_pid, c16 child_comm, i32 child_tid, "
                        + "q32 vtids, i32 child_pid")
                .event(4, "kmem_kmalloc", "u64 ptr");
        for (int n = 0; n < 40; n++) {
            LttngTrace.Packet packet = trace.packet("channel0_0", 0, n * 1_000_000, n * 1_000_000 + 999_999);
            for (int i = 0; i < 500; i++) {
                long time = n * 1_000_000 + i * 10;
                packet.event(time, "sched_switch", "a", 1, 2, 3L, "b", 4, 5).event(time + 1, "syscall_entry_openat", -100,
                        "/etc/passwd", 0, 0)
                        .event(time + 2, "kmem_kmalloc", 5).event(time + 3, "exit_syscall", 3L)
                        .event(time + 4, "sched_process_fork", "a", 1, 1, "b", 2, new int[] {2, 1}, 2);
            }
            packet.close();
        }
        trace.write();
        assertReadsWithoutAllocation(4);
    }

    private void assertReadsWithoutAllocation(int types) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        TraceEvent event = new TraceEvent();
        boolean[] seen = new boolean[EventType.values().length];
        for (int round = 0; round < 2; round++) {
            try (CtfReader reader = CtfReader.open(directory)) {
                EventStream stream = reader.streams().getFirst();
                stream.refresh();
                long before = 0;
                int read = 0;
                for (; stream.nextTimeNs() != EventStream.NOTHING; read++) {
                    if (read == 20_000) {
                        before = threads.getCurrentThreadAllocatedBytes();
                    }
                    stream.take(event);
                    seen[event.type.ordinal()] = true;
                }
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertTrue(read >= 80_000, read + " events");
                assertTrue(allocated < MOST_BYTES, (read - 20_000) + " events allocated " + allocated);
                assertEquals(java.util.Map.of(), reader.counters().nonZero());
            }
        }
        long typesSeen = java.util.stream.IntStream.range(0, seen.length).filter(i -> seen[i]).count();
        assertTrue(typesSeen >= types, "only " + typesSeen + " types of events");
    }
}
