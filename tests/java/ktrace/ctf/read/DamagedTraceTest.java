package ktrace.ctf.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ktrace.ctf.CtfException;
import ktrace.event.EventStream;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader meets when a recorder was killed, a disk was full, or somebody means ill. */
class DamagedTraceTest {
    private static final Map<TraceCounter, Long> ONE_DAMAGED = Map.of(TraceCounter.DAMAGED_PACKETS, 1L);
    private static final Map<TraceCounter, Long> ONE_CUT = Map.of(TraceCounter.DAMAGED_PACKETS, 1L, TraceCounter.MALFORMED_RECORDS,
            1L);

    @TempDir
    private Path directory;

    private LttngTrace trace() {
        return new LttngTrace(directory).event(1, "sched_process_exec", "s filename, i32 tid, i32 old_tid").event(2, "other",
                "s text");
    }

    private Path stream() {
        return directory.resolve("channel0_0");
    }

    private LttngTrace threePackets() throws IOException {
        LttngTrace trace = trace();
        for (int i = 0; i < 3; i++) {
            trace.packet("channel0_0", 0, 100 * i, 100 * i + 99).event(100 * i + 1, "sched_process_exec", "/a", i, i)
                    .event(100 * i + 2, "sched_process_exec", "/b", i, i).close();
        }
        trace.write();
        return trace;
    }

    private void reads(int events, Map<TraceCounter, Long> counters) {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (CtfReader reader = CtfReader.open(directory)) {
                List<String> heard = Heard.of(reader);
                assertEquals(events, heard.size(), heard.toString());
                assertEquals(counters, reader.counters().nonZero());
            }
        });
    }

    /** As a disk leaves it that was full from the begin: not a word would be told of it, as of one in which nothing happened. */
    @Test
    void aTraceOfKtracesWithoutAnEventIsRefused() throws IOException {
        Path golden = Path.of("tests/golden/traces/ktrace-0.1");
        try (Stream<Path> files = Files.list(golden)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        try (CtfReader reader = CtfReader.open(directory)) {
            reader.requireKnownEvents();
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> !file.endsWith("metadata")).toList()) {
                Files.write(file, new byte[0]);
            }
        }
        try (CtfReader reader = CtfReader.open(directory)) {
            assertEquals("cannot use the trace " + directory + ": there is no event in it that can be read; it was cut off before the"
                    + " first was written, or damaged", assertThrows(CtfException.class, reader::requireKnownEvents).getMessage());
        }
    }

    @Test
    void aFileCutOffIsReadUpToThere() throws IOException {
        threePackets();
        byte[] whole = Files.readAllBytes(stream());
        int packet = whole.length / 3;
        reads(6, Map.of());
        Files.write(stream(), Arrays.copyOf(whole, 2 * packet));
        reads(4, Map.of());
        Files.write(stream(), Arrays.copyOf(whole, 2 * packet + 30));
        reads(4, ONE_DAMAGED);
        Files.write(stream(), Arrays.copyOf(whole, 2 * packet + 86));
        reads(4, ONE_CUT);
        Files.write(stream(), Arrays.copyOf(whole, 2 * packet + 96));
        reads(5, ONE_CUT);
        Files.write(stream(), new byte[0]);
        reads(0, Map.of());
    }

    /** Somebody records over a trace that is being read. */
    @Test
    void aFileThatIsCutOffWhileItIsReadEndsThere() throws IOException {
        LttngTrace trace = trace();
        String text = "x".repeat(10_000);
        for (int i = 0; i < 100; i++) {
            trace.packet("channel0_0", 0, i, i).event(i, "sched_process_exec", text, i, i).close();
        }
        trace.write();
        try (CtfReader reader = CtfReader.open(directory)) {
            EventStream stream = reader.streams().getFirst();
            stream.refresh();
            stream.take(new TraceEvent());
            byte[] whole = Files.readAllBytes(stream());
            Files.write(stream(), Arrays.copyOf(whole, whole.length / 100 * 50 + 5_000));
            List<String> rest = Heard.of(reader);
            assertEquals(49, rest.size());
            assertEquals(ONE_CUT, reader.counters().nonZero());
        }
    }

    /** A file of sysfs that there is on every machine, and that cannot be read. */
    @Test
    void aFileThatCannotBeReadIsToldInOneLine() throws IOException {
        threePackets();
        Path unreadable = Path.of("/sys/class/net/lo/speed");
        Assumptions.assumeTrue(Files.size(unreadable) > 0, "no file that fails to be read");
        Files.delete(stream());
        Files.createSymbolicLink(stream(), unreadable);
        try (CtfReader reader = CtfReader.open(directory)) {
            String message = assertThrows(CtfException.class, () -> Heard.of(reader)).getMessage();
            assertEquals("cannot read " + stream() + ": Invalid argument", message);
        }
        Files.delete(stream());
    }

    @Test
    void aPacketThatMakesNoSenseDoesNotHideTheNext() throws IOException {
        threePackets();
        byte[] bytes = Files.readAllBytes(stream());
        int packet = bytes.length / 3;
        // The first header of the second packet: an event that is not declared.
        bytes[packet + 76] = 17;
        Files.write(stream(), bytes);
        reads(4, Map.of(TraceCounter.DAMAGED_PACKETS, 1L, TraceCounter.UNKNOWN_RECORDS, 1L));
    }

    @Test
    void aHeaderThatMakesNoSenseEndsTheFile() throws IOException {
        threePackets();
        byte[] bytes = Files.readAllBytes(stream());
        int packet = bytes.length / 3;
        for (int at : new int[] {0, 5, 20}) {
            byte[] damaged = bytes.clone();
            damaged[packet + at] ^= 1;
            Files.write(stream(), damaged);
            // A UUID with one bit changed cannot be told from another trace's.
            reads(2, at == 5 ? Map.of(TraceCounter.OTHER_TRACE, 1L) : ONE_DAMAGED);
        }
    }

    @Test
    void sizesThatLieCostNothing() throws IOException {
        for (long[] sizes : new long[][] {{1L << 62, 1L << 62}, {-8, -8}, {0, 0}, {1 << 20, 64}, {100, 4096},
                {(1L << 40) + 8, 1L << 41},
            {Long.MAX_VALUE - 7, Long.MAX_VALUE - 7}, {2000, 2001}}) {
            LttngTrace trace = trace();
            trace.packet("channel0_0", 0, 0, 99).event(1, "sched_process_exec", "/a", 1, 1).close(sizes[0], sizes[1]).write();
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                try (CtfReader reader = CtfReader.open(directory)) {
                    assertTrue(Heard.of(reader).size() <= 3, "the padding is an event of id 0 at most");
                    assertEquals(1, reader.counters().get(TraceCounter.DAMAGED_PACKETS), Arrays.toString(sizes));
                }
            });
        }
    }

    @Test
    void anEventLargerThanAWindowIsReadWhole() throws IOException {
        LttngTrace trace = trace();
        LttngTrace.Packet packet = trace.packet("channel0_0", 0, 0, 99);
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 5; i++) {
            packet.event(i, "other", large).event(i, "sched_process_exec", "/" + large, i, i);
        }
        packet.close().write();
        List<String> heard = Heard.of(directory);
        assertEquals(5, heard.size());
        assertEquals("4 cpu0 SCHED_PROCESS_EXEC 4 was 4 /" + large, heard.get(4));
    }

    @Test
    void aTraceWithoutStreamsHasNothingInIt() throws IOException {
        Files.writeString(directory.resolve("metadata"), "/* CTF 1.8 */ env { ktrace_version = \"1\"; };");
        for (String name : new String[] {"cpu_0", "discoveries"}) {
            Files.write(directory.resolve(name), new byte[100]);
        }
        try (CtfReader reader = CtfReader.open(directory)) {
            assertEquals(List.of(), Heard.of(reader));
        }
    }

    @Test
    void wrongUseIsToldInOneLine() throws IOException {
        says(directory.resolve("none"), "there is no such directory");
        says(directory, "there is no file metadata in it, nor below it");
        Files.writeString(directory.resolve("plain"), "");
        says(directory.resolve("plain"), "it is no directory");
        Path kernel = Files.createDirectories(directory.resolve("a/b/kernel"));
        Files.writeString(kernel.resolve("metadata"), "/* CTF 1.8 */ env { domain = \"ust\"; };");
        says(directory, "it is a trace of the domain ust, and ktrace reads traces of the kernel");
        Files.writeString(kernel.resolve("metadata"), "/* CTF 1.8 */ env { domain = kernel }");
        says(directory, kernel + "/metadata: line 1: ';' expected, not '}'");
        Files.createDirectories(directory.resolve("c"));
        Files.writeString(directory.resolve("c/metadata"), "");
        Files.createDirectories(directory.resolve("d/kernel"));
        Files.writeString(directory.resolve("d/kernel/metadata"), "");
        says(directory, "there are several below it; name one, such as " + kernel);
    }

    private static void says(Path trace, String what) {
        String message = assertThrows(CtfException.class, () -> CtfReader.open(trace).close()).getMessage();
        assertTrue(message.contains(what) && !message.contains("\n"), message);
    }

    @Test
    void aTraceIsFoundInAnyDirectoryAboveIt() throws IOException {
        LttngTrace trace = new LttngTrace(directory.resolve("auto-1/kernel")).event(1, "sched_process_exec",
                "s filename, i32 tid, i32 old_tid");
        trace.packet("c_0", 0, 0, 9).event(1, "sched_process_exec", "/a", 1, 1).close().write();
        for (String from : new String[] {"", "auto-1", "auto-1/kernel"}) {
            assertEquals(1, Heard.of(directory.resolve(from)).size());
        }
    }
}
