package ktrace.ctf.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ktrace.event.TraceCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces that are sound, and made so that every byte of them costs as much time as can be. Without bounds these take hours. */
class HostileTraceTest {
    private static final int BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private CtfReader open(String declarations, String fields) throws IOException {
        Files.writeString(directory.resolve("metadata"), "/* CTF 1.8 */ typealias integer { size = 8; } := u8;" + declarations
                + "stream { id = 0; }; event { name = e; stream_id = 0; fields := struct { " + fields + " }; };");
        Files.write(directory.resolve("stream"), new byte[BYTES]);
        return CtfReader.open(directory);
    }

    private static String times(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining());
    }

    private void endsSoon(String declarations, String fields, boolean sound) {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (CtfReader reader = open(declarations, fields)) {
                assertEquals(0, Heard.of(reader).size());
                assertEquals(sound ? 0 : 1, reader.counters().get(TraceCounter.DAMAGED_PACKETS));
            }
        });
    }

    @Test
    void eventsOfAByte() {
        endsSoon("", "u8 x;", true);
    }

    @Test
    void eventsOfNoBits() {
        endsSoon("", "struct { } x;", false);
        endsSoon("", "", false);
    }

    @Test
    void manyFieldsOfNoBits() {
        endsSoon("struct none { };", "u8 x; " + times(200_000, i -> "struct none f" + i + ";"), false);
        endsSoon("struct none { }; struct many { " + times(200_000, i -> "struct none f" + i + ";") + " };",
                "u8 n; string s[n]; u8 x; "
                + "struct { struct many m; string s; } y[4];", false);
    }

    @Test
    void manyNamesForATag() {
        endsSoon("enum names : u8 { " + times(20_000, i -> "n" + i + " = 7, ") + " last = 0 };",
                "enum names tag; variant <tag> { struct { } last; " + times(20_000, i -> "u8 n" + i + "; ") + " } v;", false);
    }

    /** Each variant clears what only some of its choices fill; the last event is cut off. */
    @Test
    void manyChoicesThatAreReferredTo() {
        endsSoon("enum names : u8 { last = 0 };", "enum names tag; " + times(30_000, i -> "variant <tag> { u8 last; } v" + i + "; ")
                + " u8 x[v0.last];", false);
    }

    @Test
    void aStringWithoutEnd() throws IOException {
        Files.writeString(directory.resolve("metadata"), "/* CTF 1.8 */ stream { id = 0; }; event { name = e; stream_id = 0; "
                + "fields := struct { string x; }; };");
        byte[] bytes = new byte[40 << 20];
        java.util.Arrays.fill(bytes, (byte) 'x');
        Files.write(directory.resolve("stream"), bytes);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (CtfReader reader = CtfReader.open(directory)) {
                assertEquals(0, Heard.of(reader).size());
                assertEquals(1, reader.counters().get(TraceCounter.DAMAGED_PACKETS));
            }
        });
    }

    /** A window is read once for all the packets in it. */
    @Test
    void packetsOfAByte() throws IOException {
        Files.writeString(directory.resolve("metadata"),
                "/* CTF 1.8 */ typealias integer { size = 4; align = 1; } := u4; stream { id = 0; "
                + "packet.context := struct { integer { size = 6; align = 1; } packet_size; integer { size = 2; align = 1; } x; };"
                + " };"
                + "event { name = sched_process_exit; stream_id = 0; fields := struct { u4 tid; }; };");
        byte[] bytes = new byte[BYTES / 4];
        java.util.Arrays.fill(bytes, (byte) 16);
        Files.write(directory.resolve("stream"), bytes);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (CtfReader reader = CtfReader.open(directory)) {
                int events = Heard.of(reader).size();
                assertEquals(bytes.length, events, "two events of four bits for each packet of two bytes");
                assertTrue(reader.counters().nonZero().isEmpty(), reader.counters().nonZero().toString());
            }
        });
    }
}
