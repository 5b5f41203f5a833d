package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import ktrace.ctf.write.Packets.Packet;
import org.junit.jupiter.api.Test;

/** The bytes of packets, taken apart by hand by the layout in the specification of CTF 1.8. */
class PacketWriterTest {
    private static final int ID = 5;
    private static final int EXTENDED = 777;
    private static final long TIME = 0x1234_5678_9abc_def0L;
    private static final long WRAP = 1L << 27;
    private static final byte[] UUID = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int PACKET_BYTES = 256 << 10;

    private final Packets packets = new Packets();
    private final PacketWriter writer = new PacketWriter(packets, "cpu_3", UUID, 3);

    private void event(long timeNs, int value) {
        writer.begin(ID, EXTENDED, timeNs, 4);
        writer.i32(value);
    }

    @Test
    void theHeaderOfAPacketInAStreamOfACpu() {
        event(TIME, 1);
        event(TIME + 10, 2);
        writer.flush(0);
        Packet packet = packets.all.getFirst();
        ByteBuffer bytes = packet.bytes();
        assertEquals("cpu_3", packet.file());
        assertEquals(0xc1fc1fc1, bytes.getInt(0));
        for (int i = 0; i < UUID.length; i++) {
            assertEquals(UUID[i], bytes.get(4 + i));
        }
        assertEquals(0, bytes.getInt(20), "stream_id");
        assertEquals(3, bytes.getLong(24), "stream_instance_id");
        assertEquals(TIME, packet.timestampBegin());
        assertEquals(TIME + 10, packet.timestampEnd());
        assertEquals((84 + 2 * 8) * 8, packet.contentBits());
        assertEquals(104 * 8, packet.packetBits(), "padded to whole words");
        assertEquals(104, bytes.capacity());
        assertEquals(0, packet.sequence());
        assertEquals(0, packet.discarded());
        assertEquals(3, bytes.getInt(80), "cpu_id");
    }

    @Test
    void aCompactHeaderIsIdAndTwentySevenBitsOfTime() {
        event(TIME, 0x01020304);
        writer.flush(0);
        ByteBuffer events = packets.all.getFirst().events();
        int header = events.getInt();
        assertEquals(ID, header & 31);
        assertEquals(TIME & WRAP - 1, header >>> 5);
        assertEquals(0x01020304, events.getInt());
        assertFalse(events.hasRemaining());
    }

    @Test
    void anExtendedHeaderForWhoHasNoCompactId() {
        writer.begin(EventIds.COMPACT, EXTENDED, TIME, 8);
        writer.i64(-2);
        writer.flush(0);
        ByteBuffer events = packets.all.getFirst().events();
        assertEquals(31, events.get());
        assertEquals(EXTENDED, events.getInt());
        assertEquals(TIME, events.getLong());
        assertEquals(-2, events.getLong());
        assertFalse(events.hasRemaining());
    }

    /** A reader adds one turn of the 27 bits when they went down: one turn is told by them, two are not. */
    @Test
    void whatTwentySevenBitsCannotTellIsWrittenInFull() {
        event(TIME, 0);
        event(TIME + WRAP - 1, 1);
        event(TIME + WRAP - 1 + WRAP, 2);
        event(TIME + 2 * WRAP, 3);
        writer.flush(0);
        ByteBuffer events = packets.all.getFirst().events();
        events.getInt();
        assertEquals(0, events.getInt());
        assertEquals(TIME + WRAP - 1 & WRAP - 1, events.getInt() >>> 5, "a turn less one");
        assertEquals(1, events.getInt());
        assertEquals(31, events.get(), "a whole turn later");
        assertEquals(EXTENDED, events.getInt());
        assertEquals(TIME + 2 * WRAP - 1, events.getLong());
        assertEquals(2, events.getInt());
        assertEquals(ID, events.getInt() & 31, "counted from the one before, not from the packet's begin");
        assertEquals(3, events.getInt());
        assertFalse(events.hasRemaining());
    }

    /** A packet speaks of all the time since the one before; its first event is counted from there. */
    @Test
    void aPacketBeginsWhereTheOneBeforeEnded() {
        event(TIME, 0);
        writer.flush(TIME + 3);
        event(TIME + WRAP, 1);
        writer.flush(0);
        event(TIME + 6 * WRAP, 2);
        writer.flush(0);
        Packet second = packets.all.get(1);
        assertEquals(TIME + 3, second.timestampBegin());
        assertEquals(ID | (int) (TIME + WRAP << 5), second.events().getInt());
        assertEquals(1, second.sequence());
        Packet third = packets.all.get(2);
        assertEquals(TIME + WRAP, third.timestampBegin());
        assertEquals(31, third.events().get(), "27 bits are too few from there");
        assertEquals(TIME + 6 * WRAP, third.bytes().getLong(Packets.HEADER + 5));
    }

    @Test
    void anEventThatDoesNotFitBeginsThePacketAfter() {
        int each = 4 + 4;
        int written = 0;
        while (packets.all.isEmpty()) {
            event(TIME + written, written);
            written++;
        }
        writer.flush(0);
        Packet full = packets.all.getFirst();
        assertTrue(full.bytes().capacity() <= PACKET_BYTES);
        assertTrue(full.bytes().capacity() > PACKET_BYTES - 64, "full to the last event: " + full.bytes().capacity());
        int inFirst = (int) ((full.contentBits() / 8 - 84) / each);
        assertEquals(written - 1, inFirst);
        Packet next = packets.all.get(1);
        assertEquals(full.timestampEnd(), next.timestampBegin());
        assertEquals(TIME + inFirst - 1, full.timestampEnd());
        ByteBuffer events = next.events();
        events.getInt();
        assertEquals(inFirst, events.getInt());
    }

    @Test
    void anEventLargerThanAPacketGetsAPacketOfItsSize() {
        event(TIME, 7);
        byte[] text = "x".repeat(3 * PACKET_BYTES).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        writer.begin(EventIds.COMPACT, EXTENDED, TIME + 1, text.length + 1);
        writer.text(text);
        event(TIME + 2, 8);
        writer.flush(0);
        assertEquals(3, packets.all.size());
        Packet large = packets.all.get(1);
        assertEquals((84L + 13 + text.length + 1) * 8, large.contentBits());
        assertEquals(0, large.bytes().capacity() % 8);
        assertEquals(3, large.bytes().getInt(80), "the constants of the header went along");
        assertEquals(3, large.bytes().getLong(24));
        assertEquals('x', large.bytes().get(84 + 13 + text.length - 1));
        assertEquals(0, large.bytes().get(84 + 13 + text.length));
        assertEquals(TIME + 2, packets.all.get(2).timestampEnd());
    }

    @Test
    void nothingToTellIsNoPacket() {
        writer.flush(0);
        assertTrue(packets.all.isEmpty());
        event(TIME, 0);
        writer.flush(0);
        writer.flush(TIME + 1);
        assertEquals(1, packets.all.size());
    }

    @Test
    void lossIsCumulativeAndTheEndTellsWhatNoPacketHasTold() {
        event(TIME, 0);
        writer.flush(0);
        writer.discard(3);
        writer.discard(4);
        event(TIME + 1, 1);
        writer.flush(0);
        writer.discardedInAll(10);
        writer.end(TIME + 9);
        assertEquals(java.util.List.of(0L, 7L, 10L), packets.all.stream().map(Packet::discarded).toList());
        Packet last = packets.all.getLast();
        assertEquals(84 * 8, last.contentBits(), "an empty one");
        assertEquals(88 * 8, last.packetBits());
        assertEquals(TIME + 1, last.timestampBegin());
        assertEquals(TIME + 9, last.timestampEnd());
        assertEquals(2, last.sequence());
    }

    /** What all streams cover is what readers look at: from the begin of the trace to its end, whenever events came. */
    @Test
    void aStreamCoversTheWholeTrace() {
        writer.startAt(TIME - 5 * WRAP);
        event(TIME, 0);
        writer.flush(TIME + 100);
        writer.end(TIME + 300);
        assertEquals(3, packets.all.size());
        assertBegins(packets.all.getFirst(), TIME - 5 * WRAP);
        Packet first = packets.all.get(1);
        assertEquals(TIME - 5 * WRAP, first.timestampBegin());
        assertEquals(31, first.events().get(), "counted from the packet's begin, 27 bits are too few");
        assertEquals(TIME, first.bytes().getLong(Packets.HEADER + 5));
        assertEquals(TIME + 100, first.timestampEnd());
        Packet last = packets.all.getLast();
        assertEquals(Packets.HEADER * 8, last.contentBits());
        assertEquals(TIME + 100, last.timestampBegin());
        assertEquals(TIME + 300, last.timestampEnd());
    }

    @Test
    void aStreamWithoutEventsCoversItAsWell() {
        writer.startAt(TIME);
        writer.flush(TIME + 100);
        writer.end(TIME + 300);
        assertEquals(2, packets.all.size());
        assertBegins(packets.all.getFirst(), TIME);
        assertEquals(TIME, packets.all.getLast().timestampBegin());
        assertEquals(TIME + 300, packets.all.getLast().timestampEnd());
        assertEquals(Packets.HEADER * 8, packets.all.getLast().contentBits());
    }

    /** From the first packet on readers count what was lost. */
    private static void assertBegins(Packet packet, long timeNs) {
        assertEquals(timeNs, packet.timestampBegin());
        assertEquals(timeNs, packet.timestampEnd());
        assertEquals(Packets.HEADER * 8, packet.contentBits());
        assertEquals(0, packet.discarded());
    }

    @Test
    void whatIsLostBeforeTheFirstEventIsCountedByAllReaders() {
        writer.startAt(TIME);
        writer.discard(7);
        event(TIME + 5, 0);
        writer.end(TIME + 9);
        assertEquals(java.util.List.of(0L, 7L), packets.all.stream().map(Packet::discarded).toList());
    }

    @Test
    void lossNeverShrinks() {
        writer.discard(5);
        event(TIME, 0);
        writer.discardedInAll(2);
        writer.end(TIME + 1);
        assertEquals(1, packets.all.size());
        assertEquals(5, packets.all.getFirst().discarded());
    }
}
