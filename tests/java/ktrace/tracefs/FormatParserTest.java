package ktrace.tracefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatParserTest {
    private static final Path FORMATS = Path.of("tests/formats");

    static Stream<Path> formats() throws IOException {
        try (Stream<Path> files = Files.walk(FORMATS)) {
            return files.filter(file -> file.endsWith("format")).toList().stream();
        }
    }

    private static TracepointFormat read(String tracepoint) throws IOException {
        return FormatParser.parse(Files.readString(FORMATS.resolve("6.18").resolve(tracepoint).resolve("format")), tracepoint);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void readsEveryFieldOfEveryKernelsFile(Path file) throws IOException {
        String text = Files.readString(file);
        TracepointFormat format = FormatParser.parse(text, file.toString());
        assertEquals(file.getParent().getFileName().toString(), format.name());
        assertEquals(text.lines().filter(line -> line.contains("field:")).count(), format.fields().size());
        // All of them begin with the header that include/linux/trace_events.h gives every record (struct trace_entry).
        assertEquals(0, format.require("common_type", 2).offset());
        assertEquals(2, format.require("common_flags", 1).offset());
        assertEquals(4, format.require("common_pid", 4).offset());
    }

    @Test
    void knowsNumbersArraysAndLocations() throws IOException {
        TracepointFormat enter = read("raw_syscalls/sys_enter");
        assertEquals(new TracepointFormat.Field("id", "long", 8, 8, true, false), enter.find("id"));
        assertEquals(new TracepointFormat.Field("args", "unsigned long[6]", 16, 48, false, false), enter.find("args"));
        TracepointFormat exec = read("sched/sched_process_exec");
        assertEquals(new TracepointFormat.Field("filename", "__data_loc char[]", 8, 4, false, true), exec.find("filename"));
        assertFalse(exec.find("old_pid").dataLocation());
        assertEquals("char[16]", read("sched/sched_switch").find("next_comm").type());
    }

    @Test
    void sayWhatIsMissing() throws IOException {
        TracepointFormat enter = read("raw_syscalls/sys_enter");
        assertNull(enter.find("nothing"));
        assertTrue(assertThrows(TracepointException.class, () -> enter.require("nothing", 4)).getMessage()
                .contains("nothing is not there"));
        assertTrue(assertThrows(TracepointException.class, () -> enter.require("id", 16)).getMessage()
                .contains("8 bytes instead of 16"));
    }

    /** The oldest files carry no {@code signed}; pointers and user annotations stand in declarations of system calls. */
    @Test
    void readsDeclarationsOfOtherShapes() {
        TracepointFormat format = FormatParser.parse("""
                name: odd
                ID: 65535
                format:
                \tfield:unsigned short common_type;\toffset:0;\tsize:2;
                \tfield:int __attribute__((user)) * parent_tidptr;\toffset:32;\tsize:8;\tsigned:0;
                \tfield:const char *name;\toffset:40;\tsize:8;\tsigned:0;
                \tfield:__data_loc char[] comm;\toffset:48;\tsize:4;\tsigned:1;
                """, "odd");
        assertEquals(65535, format.id());
        assertEquals(List.of("common_type", "parent_tidptr", "name", "comm"),
                format.fields().stream().map(TracepointFormat.Field::name).toList());
        assertEquals(40, format.find("name").offset());
        assertFalse(format.find("common_type").signed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "name: x\nID: 3\n", "name: x\n field:int a; offset:0; size:4; signed:1;\n",
        "ID: 3\n field:int a; offset:0; size:4; signed:1;\n", "name: x\nID: 70000\n field:int a; offset:0; size:4;\n",
        "name: x\nID: -1\n field:int a; offset:0; size:4;\n", "name: x\nID: 3\n field:int a; offset:-4; size:4;\n",
        "name: x\nID: 3\n field:int; offset:0; size:4;\n", "name: x\nID: 99999999999\n field:int a; offset:0; size:4;\n"})
    void refusesWhatIsNoFormat(String text) {
        assertTrue(assertThrows(TracepointException.class, () -> FormatParser.parse(text, "FILE")).getMessage().contains("FILE"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyTruncationAndRandomDamageGivesAResultOrATracepointException(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            parse(new String(whole, 0, length, StandardCharsets.UTF_8));
        }
        Random random = new Random(file.toString().hashCode());
        for (int round = 0; round < 2_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            parse(new String(damaged, StandardCharsets.ISO_8859_1));
        }
        byte[] noise = new byte[2_000];
        for (int round = 0; round < 200; round++) {
            random.nextBytes(noise);
            parse(new String(noise, StandardCharsets.ISO_8859_1));
        }
    }

    private static void parse(String text) {
        try {
            TracepointFormat format = FormatParser.parse(text, "FILE");
            assertTrue(format.id() >= 0 && format.id() <= 0xffff && !format.fields().isEmpty());
            for (TracepointFormat.Field field : format.fields()) {
                assertTrue(field.offset() >= 0 && field.sizeBytes() >= 0);
            }
        } catch (TracepointException e) {
            assertTrue(e.getMessage().contains("FILE"), e::getMessage);
        }
    }
}
