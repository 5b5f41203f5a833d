package ktrace.ctf.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.mapping.Architecture;
import ktrace.ctf.mapping.CpuState;
import ktrace.ctf.mapping.EventMapping;
import ktrace.ctf.mapping.EventMappings;
import ktrace.ctf.read.LttngTrace.Alignment;
import ktrace.ctf.tsdl.MetadataText;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TsdlParser;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.system.family.Families;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same traces as babeltrace2 reads them, event by event, and as it writes them again. */
class BabeltraceTest {
    private static final Pattern LINE = Pattern.compile("\\[(\\d+)\\.(\\d{9})\\] (?:\\S+ )?(?<name>\\S+): .*");
    private static final Path BABELTRACE = Path.of("/usr/bin/babeltrace2");

    @TempDir
    private Path directory;

    @BeforeEach
    void babeltraceIsThere() {
        Assumptions.assumeTrue(Files.isExecutable(BABELTRACE), "there is no " + BABELTRACE
                + " to compare with: apt-get install babeltrace2");
    }

    static Stream<Arguments> layouts() {
        return LttngLayoutsTest.layouts();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void bothReadTheSame(boolean bigEndian, Alignment alignment, boolean largeHeader) throws Exception {
        Path trace = write(bigEndian, alignment, largeHeader);
        List<String> theirs = new ArrayList<>();
        for (String line : babeltrace("--clock-seconds", "--no-delta", "--names=none", trace.toString())) {
            Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            theirs.add(matcher.group(1) + matcher.group(2) + " " + matcher.group("name"));
        }
        assertEquals(3 * 200 * 5, theirs.size());
        assertEquals(theirs.stream().sorted().toList(), all(trace).stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void whatBabeltraceWroteIsTheSameTrace(boolean bigEndian, Alignment alignment, boolean largeHeader) throws Exception {
        Path trace = write(bigEndian, alignment, largeHeader);
        Path converted = directory.resolve("converted");
        babeltrace("--output-format=ctf", "--output=" + converted, trace.toString());
        List<String> original = Heard.of(trace);
        assertTrue(original.size() > 3 * 200 * 3, original.size() + " events");
        assertEquals(original, Heard.of(converted));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void arithmeticOfClocksIsTheSame(boolean bigEndian, Alignment alignment, boolean largeHeader) throws Exception {
        LttngTrace trace = new LttngTrace(directory.resolve("clock"), bigEndian, alignment, largeHeader, "").clock(2_399_999_999L,
                1L << 40)
                .event(1, "sched_process_exit", "c16 comm, i32 tid, i32 prio");
        long ticks = 1L << 52;
        LttngTrace.Packet packet = trace.packet("c_0", 0, ticks, ticks + (1L << 40));
        for (int i = 0; i < 100; i++) {
            ticks += (long) i * i * i * i * 977;
            packet.event(ticks, "sched_process_exit", "a", i, 0);
        }
        Path written = packet.close().write();
        List<Long> theirs = new ArrayList<>();
        for (String line : babeltrace("--clock-seconds", "--no-delta", "--names=none", written.toString())) {
            Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            theirs.add(Long.parseLong(matcher.group(1) + matcher.group(2)));
        }
        try (CtfReader reader = CtfReader.open(written)) {
            List<String> ours = Heard.of(reader);
            assertEquals(theirs.size(), ours.size());
            for (int i = 0; i < ours.size(); i++) {
                long timeNs = Long.parseLong(ours.get(i).split(" ")[0]) + reader.realtimeOffsetNs();
                assertTrue(Math.abs(timeNs - theirs.get(i)) <= 1, "both round to nanoseconds: " + timeNs + ", " + theirs.get(i));
            }
        }
    }

    private Path write(boolean bigEndian, Alignment alignment, boolean largeHeader) throws IOException {
        LttngTrace trace = new LttngTrace(directory.resolve("trace"), bigEndian, alignment, largeHeader, "i32 tid, i32 pid")
                .env("tracer_minor", 9)
                .event(0, "sched_switch", "c16 prev_comm, i32 prev_tid, i32 prev_prio, i64 prev_state, c16 next_comm, i32"
                + " next_tid, "
                        + "i32 next_prio")
                .event(30, "syscall_entry_openat", "i32 dfd, s filename, i32 flags, u16 mode")
                .event(70_000, "syscall_exit_openat", "i64 ret")
                .event(7, "sched_process_fork", "c16 parent_comm, i32 parent_tid, i32 parent_pid, c16 child_comm, i32 child_tid, "
                        + "q32 vtids, i32 child_pid")
                .event(8, "odd_bits", "u3 three, i13 thirteen, u47 fortyseven, s text");
        for (int cpu = 0; cpu < 3; cpu++) {
            long time = 10_000_000_000L + cpu;
            for (int n = 0; n < 4; n++) {
                LttngTrace.Packet packet = trace.packet("channel0_" + cpu, cpu, time, time + 50L * 5_000_000_000L);
                for (int i = 0; i < 50; i++) {
                    time += i % 10 == 9 ? 4_000_000_000L : 100;
                    packet.event(time, "sched_switch", i, 7, "a", i, 2, 1L, "b", 4, 5)
                            .event(time + 1, "syscall_entry_openat", i, 7, -100, "/etc/" + i, 0, 0)
                            .event(time + 2, "odd_bits", i, 7, i, -i, 1L << 46 | i, "x".repeat(i))
                            .event(time + 3, "syscall_exit_openat", i, 7, (long) -i)
                            .event(time + 4, "sched_process_fork", i, 7, "a", i, 7, "b", i + 1, new int[i % 4], i + 1);
                }
                packet.close();
                time += 5_000_000_000L * 50;
            }
        }
        return trace.write();
    }

    /** Time since 1970 and name of every event, those included that ktrace has no use for. */
    private static List<String> all(Path trace) {
        TraceMetadata metadata = TsdlParser.parse(MetadataText.of(new TraceFiles(trace).metadata()));
        EventMappings mappings = new EventMappings(metadata, Architecture.of(metadata, null), Families.ALL::kind);
        TickClock clock = TickClock.of(metadata.clocks());
        Map<Long, StreamLayout> layouts = new LinkedHashMap<>();
        metadata.streams().values().forEach(stream -> layouts.put(stream.id(), new StreamLayout(metadata, stream, Named::new)));
        List<String> lines = new ArrayList<>();
        TraceEvent event = new TraceEvent();
        TraceCounters counters = new TraceCounters();
        for (Path file : new TraceFiles(trace).streams()) {
            try (CtfStream stream = new CtfStream(file, metadata, layouts, clock, mappings, counters, 0)) {
                stream.refresh();
                while (stream.nextTimeNs() != EventStream.NOTHING) {
                    stream.take(event);
                    lines.add(event.timeNs + clock.offsetNs() + " " + event.payload);
                }
            }
        }
        assertEquals(Map.of(), counters.nonZero());
        return lines;
    }

    private static final class Named extends EventMapping {
        private final String name;

        Named(TraceMetadata.EventClass event) {
            name = event.name();
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.END;
            slot.payload = name;
            return false;
        }
    }

    private List<String> babeltrace(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(BABELTRACE.toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        assertEquals("", Files.readString(err).lines().limit(3).reduce("", String::concat), "it warns of nothing");
        assertEquals(0, process.waitFor());
        return Files.readAllLines(out, StandardCharsets.UTF_8);
    }
}
