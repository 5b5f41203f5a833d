package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/**
 * A writer that keeps to the kernel's half of the protocol and a reader with ours, at full speed on two threads and a ring so
 * small that it is full or empty most of the time. Every field of a record tells its number: a record read before it was
 * written whole, or overwritten before it was read, shows.
 */
class RingProtocolTest {
    private static final int RECORDS = 400_000;

    @Test
    void noRecordIsTornLostOrReadTwice() {
        for (int ringBytes : new int[] {512, 4096, 1 << 16}) {
            FakeRing ring = new FakeRing(ringBytes);
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(ring));
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> read(ring));
            writer.join();
            assertEquals(ring.head(), ring.tail());
        }
    }

    private static void write(FakeRing ring) {
        byte[] record = RecordBytes.sysEnter(1, 1, 1);
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(record).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (long i = 1; i <= RECORDS; i++) {
            bytes.putLong(RecordDecoder.SAMPLE_TIME, i);
            bytes.putInt(RecordDecoder.RAW_DATA + 4, (int) i);
            for (int field = 8; field < 64; field += 8) {
                bytes.putLong(RecordDecoder.RAW_DATA + field, i);
            }
            while (!ring.write(record)) {
                Thread.onSpinWait();
            }
        }
    }

    private static void read(FakeRing ring) {
        TraceEvent event = new TraceEvent();
        long expected = 1;
        while (expected <= RECORDS) {
            ring.stream.refresh();
            while (ring.hasNext()) {
                ring.stream.take(event);
                long all = event.timeNs | event.tid | event.number | event.arg0 | event.arg1 | event.arg2 | event.arg3
                        | event.arg4 | event.arg5;
                long each = event.timeNs & event.tid & event.number & event.arg0 & event.arg1 & event.arg2 & event.arg3
                        & event.arg4 & event.arg5;
                if (all != expected || each != expected) {
                    throw new AssertionError("record " + expected + " has " + all + " and " + each);
                }
                expected++;
                // Give room back in the middle of a round too: the writer then writes right behind the reader.
                if ((expected & 3) == 0) {
                    ring.stream.release();
                }
            }
            ring.stream.release();
        }
    }
}
