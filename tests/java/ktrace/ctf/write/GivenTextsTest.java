package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ktrace.ctf.read.CtfReader;
import ktrace.decode.ArgumentTexts;
import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls were given, written and read back: the very bytes, and what could not be read is not there. */
class GivenTextsTest {
    @TempDir
    private Path directory;
    private long timeNs = 1_000_000_000;

    private TraceEvent call(String name, ArgumentTexts texts, long... arguments) {
        TraceEvent event = new TraceEvent();
        event.type = EventType.SYS_ENTER;
        event.timeNs = ++timeNs;
        event.tid = 7;
        event.tgid = 7;
        event.number = SyscallTable.current().number(name);
        long[] all = java.util.Arrays.copyOf(arguments, 6);
        event.arg0 = all[0];
        event.arg1 = all[1];
        event.arg2 = all[2];
        event.arg3 = all[3];
        event.arg4 = all[4];
        event.arg5 = all[5];
        event.payload = texts;
        return event;
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<TraceEvent> writtenAndRead(List<TraceEvent> events) {
        EventSink writer = new RecordedFiles(directory).writerOfTexts(0);
        events.forEach(writer::onEvent);
        TraceEvent end = new TraceEvent();
        end.become(EventType.END, ++timeNs, new WindowFacts(1, 2, 3, java.util.Map.of()));
        writer.onEvent(end);
        List<TraceEvent> read = new ArrayList<>();
        try (CtfReader reader = CtfReader.open(directory)) {
            EventStream stream = reader.streams().getFirst();
            stream.refresh();
            while (stream.nextTimeNs() != EventStream.NOTHING) {
                TraceEvent event = new TraceEvent();
                stream.take(event);
                if (event.type == EventType.SYS_ENTER) {
                    read.add(event);
                }
            }
            assertEquals(java.util.Map.of(), reader.counters().nonZero());
        }
        return read;
    }

    @Test
    void whatWasReadComesBackByteForByte() {
        byte[] every = new byte[255];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) (i + 1);
        }
        byte[] inet = bytes("\2\0\0P\177\0\0\1\0\0\0\0\0\0\0\0");
        byte[] inet6 = java.util.Arrays.copyOf(bytes("\12\0\1\273"), 28);
        List<TraceEvent> events = List.of(
                call("openat", new ArgumentTexts(null, bytes("/etc/passwd")), -100, 0x7000, 1, 2),
                call("openat", new ArgumentTexts(null, every), -100, 0x7000, 1, 2),
                call("openat", new ArgumentTexts(null, bytes("")), -100, 0x7000, 1, 2),
                call("openat", null, -100, 0x7000, 1, 2),
                call("openat", new ArgumentTexts(null, bytes("x".repeat(4096))), -100, 0x7000, 1, 2),
                call("stat", new ArgumentTexts(bytes("a"), null), 0x7000, 0x8000),
                call("stat", null, 0, 0x8000),
                call("renameat", new ArgumentTexts(null, bytes("old"), null, bytes("new")), 3, 0x7000, 4, 0x8000),
                call("renameat", new ArgumentTexts(null, null, null, bytes("new")), 3, 0x7000, 4, 0x8000),
                call("renameat", new ArgumentTexts(null, bytes("old"), null, null), 3, 0x7000, 4, 0x8000),
                call("connect", new ArgumentTexts(null, inet), 3, 0x7000, 16),
                call("connect", new ArgumentTexts(null, inet6), 3, 0x7000, 28),
                call("connect", new ArgumentTexts(null, bytes("\1\0/tmp/socket")), 3, 0x7000, 13),
                call("connect", new ArgumentTexts(null, bytes("\2")), 3, 0x7000, 1),
                call("connect", null, 3, 0x7000, 16),
                call("read", null, 3, 0x7000, 16));
        List<TraceEvent> read = writtenAndRead(events);
        assertEquals(events.size(), read.size());
        for (int i = 0; i < events.size(); i++) {
            assertEquals(RoundTripTest.exact(events.get(i)), RoundTripTest.exact(read.get(i)));
            ArgumentTexts given = events.get(i).payload instanceof ArgumentTexts texts ? texts : new ArgumentTexts();
            ArgumentTexts found = read.get(i).payload instanceof ArgumentTexts texts ? texts : new ArgumentTexts();
            for (int argument = 0; argument < 6; argument++) {
                org.junit.jupiter.api.Assertions.assertArrayEquals(given.of(argument), found.of(argument), "call " + i);
            }
        }
    }

    /** LTTng's names, first; behind them where the text lies, and whether it was read. */
    @Test
    void theFieldsAreThoseOfLttngAndWhatKtraceAdds() throws IOException {
        writtenAndRead(List.of(call("renameat", null, 3, 0x7000, 4, 0x8000), call("connect", null, 3, 0x7000, 16)));
        String metadata = Files.readString(directory.resolve("metadata")).replaceAll("integer \\{[^}]*\\}", "integer");
        assertTrue(metadata.contains("""
                \t\tinteger _olddfd;
                \t\tstring _oldname;
                \t\tinteger _newdfd;
                \t\tstring _newname;
                \t\tinteger _oldname_address;
                \t\tinteger _newname_address;
                \t\tinteger _oldname_read;
                \t\tinteger _newname_read;
                """), metadata);
        assertTrue(metadata.contains("""
                \t\tinteger _fd;
                \t\tinteger _uservaddr;
                \t\tinteger _addrlen;
                \t\tinteger _uservaddr_read;
                \t\tinteger _uservaddr_bytes[ _uservaddr_read ];
                \t\tinteger _family;
                \t\tinteger _dport;
                \t\tinteger __v4addr_length;
                \t\tinteger _v4addr[ __v4addr_length ];
                """), metadata);
    }

    /** A trace of a collector that reads nothing has nothing of it. */
    @Test
    void withoutACollectorThatReadsThereIsNothingNew() throws IOException {
        RecordedFiles files = new RecordedFiles(directory);
        EventSink writer = files.writer(0);
        writer.onEvent(call("openat", null, -100, 0x7000, 1, 2));
        TraceEvent end = new TraceEvent();
        end.become(EventType.END, ++timeNs, new WindowFacts(1, 2, 3, java.util.Map.of()));
        writer.onEvent(end);
        String metadata = Files.readString(directory.resolve("metadata"));
        assertTrue(metadata.contains("_filename_address") && !metadata.contains("_filename_read"), metadata);
    }
}
