package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/**
 * Records that a Linux 6.18 really wrote (tests/golden/ring-6.18.bin, made by {@link GoldenRing}) against what they mean, one line
 * each. The layouts are those of tests/formats/6.18.
 */
class GoldenRingTest {
    @Test
    void aRealRingIsReadAsItWasWritten() throws IOException {
        byte[] records = Files.readAllBytes(Path.of("tests/golden/ring-6.18.bin"));
        assertEquals(Files.readAllLines(Path.of("tests/golden/ring-6.18.txt")), lines(records, 0));
    }

    /** In a ring of 4 KiB, where real records of all sizes wrap at places of all kinds, the same comes out. */
    @Test
    void whereverItBegins() throws IOException {
        byte[] records = Files.readAllBytes(Path.of("tests/golden/ring-6.18.bin"));
        List<String> expected = Files.readAllLines(Path.of("tests/golden/ring-6.18.txt"));
        for (int start = 8; start < 4096; start += 8) {
            assertEquals(expected, lines(records, start));
        }
    }

    static List<String> lines(byte[] records, int start) {
        FakeRing ring = new FakeRing(4096, start);
        List<String> lines = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(records).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            byte[] record = new byte[bytes.getShort(bytes.position() + 6)];
            bytes.get(record);
            if (!ring.write(record)) {
                take(ring, lines);
                ring.write(record);
            }
        }
        take(ring, lines);
        assertEquals(0, ring.count(TraceCounter.MALFORMED_RECORDS) + ring.count(TraceCounter.UNKNOWN_RECORDS));
        return lines;
    }

    private static void take(FakeRing ring, List<String> lines) {
        ring.stream.refresh();
        while (ring.hasNext()) {
            lines.add(line(ring.take()));
        }
        ring.stream.release();
    }

    private static String line(TraceEvent e) {
        String fields = switch (e.type) {
            case SYS_ENTER -> e.number + " " + List.of(e.arg0, e.arg1, e.arg2, e.arg3, e.arg4, e.arg5);
            case SYS_EXIT -> e.number + " = " + e.result;
            case SCHED_SWITCH -> "state " + e.number + " to " + e.otherTid + " " + comm(e);
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> "wakes " + e.otherTid + " on " + e.arg0;
            case SCHED_MIGRATE_TASK -> "moves " + e.otherTid + " from " + e.arg0 + " to " + e.arg1;
            case TASK_NEWTASK -> "bears " + e.otherTid + " flags " + e.number + " " + comm(e);
            case TASK_RENAME -> "is " + comm(e);
            case SCHED_PROCESS_EXEC -> "was " + e.otherTid + " runs " + e.payload;
            default -> "";
        };
        return (e.timeNs + " " + e.type + " " + e.tid + " of " + e.tgid + " flags " + e.contextFlags + " " + fields).strip();
    }

    private static String comm(TraceEvent event) {
        byte[] bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(event.comm0).putLong(event.comm1).array();
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8).replaceFirst("\0(?s).*", "");
    }
}
