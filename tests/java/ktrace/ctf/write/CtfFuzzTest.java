package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ktrace.analysis.shard.ProcessShard;
import ktrace.ctf.CtfException;
import ktrace.ctf.read.CtfReader;
import ktrace.ctf.read.Heard;
import ktrace.ctf.read.LttngTrace;
import ktrace.ctf.read.LttngTrace.Alignment;
import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.facts.Questions;
import ktrace.linux.Errno;
import ktrace.pipeline.Replay;
import ktrace.system.SystemTracker;
import ktrace.system.Targets;
import ktrace.system.family.Families;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Traces damaged at random: bits flipped, files cut, pieces moved and doubled, and words of the metadata exchanged. Whatever comes,
 * it is read or refused in one line, soon, and without taking room that the files do not have.
 */
class CtfFuzzTest {
    private static final int ROUNDS = 2_000;
    /** Windows, the tables of a trace, and what texts take. */
    private static final long MOST_BYTES = 192L << 20;
    private static final long MOST_NS = 2_000_000_000L;
    private static final String[] WORDS = {"struct", "variant", "<id>", "{", "}", ";", "64", "1", "-1", "4294967295",
            "18446744073709551615",
        "integer", "size", "align", "string", "enum", ":", "[", "]", "_id", "event", "fields", ":=", "typealias", "typedef", "\"",
        "/*", "uint64_t", "stream_id", "...", "map", "0x7fffffffffffffff", "byte_order = be"};

    @TempDir
    private Path directory;

    private static void build(Path directory, int shape) throws IOException {
        LttngTrace trace = new LttngTrace(directory, shape == 1, Alignment.values()[shape % 3], shape == 2, shape == 0 ? ""
                : "i32 tid, i32 pid")
                .env("tracer_minor", 9)
                .event(3, "sched_switch", "c16 prev_comm, i32 prev_tid, i32 prev_prio, i64 prev_state, c16 next_comm, i32"
                + " next_tid, "
                        + "i32 next_prio")
                .event(1000, "syscall_entry_openat", "i32 dfd, s filename, i32 flags, u16 mode")
                .event(6, "syscall_exit_openat", "i64 ret")
                .event(7, "sched_process_fork", "c16 parent_comm, i32 parent_tid, i32 parent_pid, c16 child_comm, i32 child_tid, "
                        + "q32 vtids, i32 child_pid")
                .event(8, "lttng_statedump_process_state",
                "i32 tid, i32 pid, i32 ppid, c16 name, i32 status, u64 file_table_address")
                .event(9, "lttng_statedump_file_descriptor", "u64 file_table_address, i32 fd, u32 flags, s filename")
                .event(10, "syscall_entry_unknown", "i32 id, q64 args");
        for (int cpu = 0; cpu < 2; cpu++) {
            for (int i = 0; i < 3; i++) {
                LttngTrace.Packet packet = trace.packet("cpu_" + cpu, cpu, 1_000 * i, 1_000 * i + 900, i, i);
                for (int n = 0; n < 4; n++) {
                    long time = 1_000 * i + 10 * n;
                    event(packet, shape, time, "lttng_statedump_process_state", 7 + n, 7, 1, "bash", 5, 0xffff888000001000L);
                    event(packet, shape, time + 1, "lttng_statedump_file_descriptor", 0xffff888000001000L, n, 1, "pipe:[81]");
                    event(packet, shape, time + 2, "sched_switch", "a", 1, 2, 3L, "b", 4, 5);
                    event(packet, shape, time + 3, "syscall_entry_openat", -100, "/etc/passwd", 0, 0);
                    event(packet, shape, time + 4, "syscall_exit_openat", 3L);
                    event(packet, shape, time + 5, "sched_process_fork", "a", 1, 1, "b", 2, new int[] {2, 1}, 2);
                    event(packet, shape, time + 6, "syscall_entry_unknown", 999, new int[] {1, 2, 3, 4, 5, 6});
                }
                packet.close();
            }
        }
        trace.write();
    }

    private static void event(LttngTrace.Packet packet, int shape, long time, String name, Object... values) {
        Object[] all = values;
        if (shape != 0) {
            all = new Object[values.length + 2];
            all[0] = 7;
            all[1] = 7;
            System.arraycopy(values, 0, all, 2, values.length);
        }
        packet.event(time, name, all);
    }

    private static void buildKtrace(Path directory) {
        RecordedFiles files = new RecordedFiles(directory);
        EventSink writer = files.writer(0, 1);
        RandomEvents random = new RandomEvents(11);
        for (int i = 0; i < 300; i++) {
            writer.onEvent(random.next());
        }
        writer.onEvent(random.end());
    }

    @Test
    void anyDamageIsReadOrRefused() throws IOException {
        int refused = fuzz(directory, 42, ROUNDS);
        assertTrue(refused > ROUNDS / 20, "metadata were hardly damaged: " + refused);
        assertTrue(refused < ROUNDS * 19 / 20, "hardly a stream was read: " + refused);
    }

    /** Gives how many traces were refused. */
    static int fuzz(Path directory, long seed, int rounds) throws IOException {
        Random random = new Random(seed);
        TraceEvent event = new TraceEvent();
        int refused = 0;
        for (int shape = 0; shape < 4; shape++) {
            Path whole = Files.createDirectories(directory.resolve("whole" + shape));
            if (shape == 3) {
                buildKtrace(whole);
            } else {
                build(whole, shape);
            }
            Path victim = Files.createDirectories(directory.resolve("victim" + shape));
            String[] names = {"metadata", "cpu_0", "cpu_1"};
            for (int round = 0; round < rounds / 4; round++) {
                for (String name : names) {
                    byte[] bytes = Files.readAllBytes(whole.resolve(name));
                    boolean hit = random.nextInt(3) > 0;
                    Files.write(victim.resolve(name), !hit ? bytes
                            : name.equals("metadata") && random.nextBoolean() ? otherWords(bytes, random) : damaged(bytes, random));
                }
                refused += read(victim, event, round % 8 == 0, shape + "/" + round);
            }
        }
        return refused;
    }

    /** Reads all there is; gives 1 when it was refused. */
    private static int read(Path trace, TraceEvent event, boolean replayed, String which) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long started = threads.getCurrentThreadCpuTime();
        int refused = 0;
        try (CtfReader reader = CtfReader.open(trace)) {
            for (EventStream stream : reader.streams()) {
                stream.refresh();
                for (int n = 0; stream.nextTimeNs() != EventStream.NOTHING; n++) {
                    assertTrue(n < 1_000_000, which + ": no end of events");
                    stream.take(event);
                }
            }
            reader.countLost();
            if (replayed) {
                replay(trace);
            }
        } catch (CtfException e) {
            refused = 1;
            assertFalse(e.getMessage().contains("\n") || e.getMessage().length() > 500, which + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(which + ": " + e, e);
        }
        long took = threads.getCurrentThreadCpuTime() - started;
        assertTrue(took < MOST_NS, which + " took " + took / 1_000_000 + " ms of CPU time");
        long bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
        assertTrue(bytes < MOST_BYTES, which + " allocated " + bytes);
        return refused;
    }

    /** The stages behind the reader stand whatever it makes of a trace. */
    private static void replay(Path trace) {
        try (CtfReader reader = CtfReader.open(trace)) {
            TraceCounters counters = new TraceCounters();
            SystemTracker tracker = new SystemTracker(Targets.everything(-1), Families.ALL, Questions.unheard(),
                    reader.syscalls()::find, counters);
            ProcessShard shard = new ProcessShard(reader.syscalls()::name, Errno::name, counters, snapshot -> { });
            new Replay(reader, tracker, List.of(shard)).run();
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> {
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            case 2 -> {
                int length = random.nextInt(Math.min(64, damaged.length));
                System.arraycopy(bytes, random.nextInt(bytes.length - length), damaged, random.nextInt(bytes.length - length),
                        length);
            }
            case 3 -> {
                int at = random.nextInt(damaged.length);
                Arrays.fill(damaged, at, Math.min(damaged.length, at + random.nextInt(1, 17)),
                        (byte) (random.nextBoolean() ? 0 : -1));
            }
            default -> {
                int from = random.nextInt(bytes.length);
                int to = random.nextInt(bytes.length);
                damaged = Arrays.copyOf(Arrays.copyOf(bytes, to), to + bytes.length - from);
                System.arraycopy(bytes, from, damaged, to, bytes.length - from);
            }
        }
        return damaged;
    }

    private static byte[] otherWords(byte[] bytes, Random random) {
        String[] words = new String(bytes, StandardCharsets.UTF_8).split("(?<=\\s)|(?=\\s)");
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(words.length);
            words[at] = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> words[random.nextInt(words.length)];
                case 2 -> words[at].replaceAll("[0-9]+", random.nextBoolean() ? "64" : "4294967295");
                default -> WORDS[random.nextInt(WORDS.length)];
            };
        }
        return String.join("", words).getBytes(StandardCharsets.UTF_8);
    }

    /** What the fuzzing starts from is sound, or it would test little. */
    @Test
    void theSeedsAreReadWholly() throws IOException {
        for (int shape = 0; shape < 3; shape++) {
            Path seed = directory.resolve("sound" + shape);
            build(seed, shape);
            try (CtfReader reader = CtfReader.open(seed)) {
                assertEquals(2 * 3 * 4 * 7, Heard.of(reader).stream().filter(line -> !line.contains("EVENTS_LOST")
                        && !line.contains("PROCESS_STATE"))
                        .count());
                assertEquals(0, reader.counters().nonZero().size());
            }
        }
    }
}
