package ktrace.ctf.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import ktrace.Golden;
import ktrace.ctf.read.CtfReader;
import ktrace.ctf.read.Heard;
import ktrace.ctf.read.LttngTrace;
import ktrace.ctf.read.LttngTrace.Alignment;
import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Traces as they were written once, byte by byte: what a reader of today reads, one of tomorrow has to read as well. They are
 * written anew with the texts, see {@link Golden}; but a trace of a released ktrace must stay.
 */
class GoldenTraceTest {
    private static final Path TRACES = Path.of("tests/golden/traces");

    /** With what was asked in a stream of its own. Nobody writes such a trace any more. */
    @Test
    void ofKtrace01() throws IOException {
        assertReads("ktrace-0.1");
    }

    @Test
    void ofKtrace() throws IOException {
        Assumptions.assumeTrue(Abi.current() == Abi.X86_64,
                "the writer's table is that of this machine, and the trace is of x86-64");
        Path trace = TRACES.resolve("ktrace-0.2");
        if (writing()) {
            clear(trace);
            EventSink writer = new RecordedFiles(trace).writer(0, 1, 5);
            RandomEvents random = new RandomEvents(3);
            for (int i = 0; i < 120; i++) {
                writer.onEvent(random.next());
            }
            writer.onEvent(random.end());
        }
        assertReads("ktrace-0.2");
    }

    private static void assertReads(String name) throws IOException {
        StringBuilder text = new StringBuilder();
        TraceEvent event = new TraceEvent();
        try (CtfReader reader = CtfReader.open(TRACES.resolve(name))) {
            text.append(reader.name()).append(' ').append(reader.realtimeOffsetNs()).append('\n');
            for (EventStream stream : reader.streams()) {
                stream.refresh();
                while (stream.nextTimeNs() != EventStream.NOTHING) {
                    stream.take(event);
                    text.append(RoundTripTest.exact(event)).append('\n');
                }
            }
            text.append(reader.counters().nonZero()).append('\n');
        }
        Golden.assertMatches("traces/" + name + ".txt", text.toString());
    }

    @Test
    void ofLttngOnPowerpc() throws IOException {
        Path trace = TRACES.resolve("lttng-2.9-be");
        if (writing()) {
            clear(trace);
            LttngTrace lttng = new LttngTrace(trace, true, Alignment.NATURAL, false, "i32 tid, i32 pid").env("tracer_minor", 9)
                    .env("kernel_release", "4.4.0")
                    .event(0, "sched_switch", "c16 prev_comm, i32 prev_tid, i32 prev_prio, i64 prev_state, c16 next_comm, i32"
                    + " next_tid, "
                            + "i32 next_prio")
                    .event(1, "syscall_entry_openat", "i32 dfd, s filename, i32 flags, u16 mode")
                    .event(900, "syscall_exit_openat", "i64 ret")
                    .event(3, "sched_process_fork",
                    "c16 parent_comm, i32 parent_tid, i32 parent_pid, c16 child_comm, i32 child_tid, "
                            + "q32 vtids, i32 child_pid")
                    .event(4, "kmem_kmalloc", "u64 ptr");
            for (int n = 0; n < 2; n++) {
                lttng.packet("channel0_3", 3, 1_000 * n, 1_000 * n + 999, n, 3 * n)
                        .event(1_000 * n + 1, "sched_switch", 1, 1, "a", 1, 20, 1026L, "b", 4, 25)
                        .event(1_000 * n + 2, "syscall_entry_openat", 4, 4, -100, "/etc/passwd", 0x80000, 0)
                        .event(1_000 * n + 3, "kmem_kmalloc", 4, 4, 5)
                        .event(1_000 * n + 4, "syscall_exit_openat", 4, 4, -13L)
                        .event(1_000 * n + 5, "sched_process_fork", 4, 4, "b", 4, 4, "b", 6, new int[] {6, 2}, 4).close();
            }
            lttng.write();
        }
        try (CtfReader reader = CtfReader.open(trace)) {
            Golden.assertMatches("traces/lttng-2.9-be.txt", String.join("\n", Heard.of(reader)) + "\n" + reader.counters().nonZero()
                    + "\n");
        }
    }

    private static boolean writing() {
        return "write".equals(System.getProperty("golden"));
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(directory);
    }
}
