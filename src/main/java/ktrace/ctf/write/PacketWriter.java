package ktrace.ctf.write;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Puts events into the packets of one file, and hands each packet on when it is full or asked for.
 *
 * <pre>
 *   0  u32 magic           20  u32 stream_id           32  u64 timestamp_begin    56  u64 packet_size (bits)
 *   4  u8  uuid[16]        24  u64 stream_instance_id  40  u64 timestamp_end      64  u64 packet_seq_num
 *                                                      48  u64 content_size (bits)72  u64 events_discarded
 *  80  u32 cpu_id, in streams of CPUs only; then events:
 *
 *  compact   u32: id in the low 5 bits (0 to 30), low 27 bits of the time above them
 *  extended  u8: 31, u32 id, u64 time
 * </pre>
 *
 * Everything is little-endian and byte-aligned, as LTTng writes on x86. One thread; allocates nothing, but where one event is
 * larger than a packet.
 */
final class PacketWriter {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAGIC = 0xc1fc1fc1;
    private static final int PACKET_BYTES = 256 << 10;
    private static final int CPU_ID = 80;
    private static final int HEADER_BYTES = CPU_ID + Integer.BYTES;
    /** There is one stream, with a file for each CPU. */
    private static final int STREAM = 0;
    private static final int COMPACT_IDS = 31;
    private static final int TIME_BITS = 27;
    /** The longest event header, and the filling at the end of a packet. */
    private static final int SLACK_BYTES = 13 + 8;

    private final PacketSink sink;
    private final String file;
    private final Arena arena = Arena.ofAuto();
    private MemorySegment packet = arena.allocate(PACKET_BYTES, 8);
    private long at;
    private boolean open;
    private long lastTimeNs;
    /** Since when the stream has nothing to tell that is not told yet. */
    private long toldUntilNs = Long.MAX_VALUE;
    private long sequence;
    private long eventsInPacket;
    private long missing;
    private long discarded;

    /** @param cpu whose events these are */
    PacketWriter(PacketSink sink, String file, byte[] uuid, int cpu) {
        this.sink = sink;
        this.file = file;
        writeConstants(packet, uuid, cpu);
    }

    private static void writeConstants(MemorySegment packet, byte[] uuid, int cpu) {
        packet.set(INT, 0, MAGIC);
        MemorySegment.copy(uuid, 0, packet, JAVA_BYTE, 4, uuid.length);
        packet.set(INT, 20, STREAM);
        packet.set(LONG, 24, cpu);
        packet.set(INT, CPU_ID, cpu);
    }

    /**
     * Begins an event: makes room for it, and writes its header.
     *
     * @param id below 31: written compactly
     * @param extendedId what the event goes by where its time needs all bits
     * @param fieldBytes what will follow
     */
    void begin(int id, int extendedId, long timeNs, long fieldBytes) {
        if (open && at + fieldBytes + SLACK_BYTES > packet.byteSize()) {
            flush();
        }
        if (!open) {
            openPacket(timeNs, fieldBytes);
        }
        if (id < COMPACT_IDS && timeNs - lastTimeNs < 1L << TIME_BITS) {
            packet.set(INT, at, id | (int) timeNs << Integer.SIZE - TIME_BITS);
            at += Integer.BYTES;
        } else {
            packet.set(JAVA_BYTE, at, (byte) COMPACT_IDS);
            packet.set(INT, at + 1, extendedId);
            packet.set(LONG, at + 5, timeNs);
            at += 13;
        }
        lastTimeNs = timeNs;
        eventsInPacket++;
    }

    /** No event may be told of with an earlier time. */
    long lastTimeNs() {
        return lastTimeNs;
    }

    private void openPacket(long timeNs, long fieldBytes) {
        long needed = HEADER_BYTES + fieldBytes + SLACK_BYTES;
        if (needed > packet.byteSize()) {
            packet = arena.allocate(needed, 8).copyFrom(packet.asSlice(0, HEADER_BYTES));
        }
        open = true;
        at = HEADER_BYTES;
        lastTimeNs = Math.min(timeNs, toldUntilNs);
        packet.set(LONG, 32, lastTimeNs);
    }

    /**
     * The stream begins: its first packet holds nothing but the time, and that nothing was lost until then. Readers count what was
     * lost from packet to packet, and so know nothing of what the first one says.
     */
    void startAt(long timeNs) {
        toldUntilNs = timeNs;
        openPacket(timeNs, 0);
        flush();
    }

    void u8(int value) {
        packet.set(JAVA_BYTE, at, (byte) value);
        at++;
    }

    void i32(int value) {
        packet.set(INT, at, value);
        at += Integer.BYTES;
    }

    void i64(long value) {
        packet.set(LONG, at, value);
        at += Long.BYTES;
    }

    /** A string with its zero. */
    void text(byte[] utf8) {
        bytes(utf8, 0, utf8.length);
        u8(0);
    }

    void bytes(byte[] from, int offset, int length) {
        MemorySegment.copy(from, offset, packet, JAVA_BYTE, at, length);
        at += length;
    }

    /** More events of this stream were lost; the next packet tells. */
    void discard(long events) {
        discarded += events;
    }

    /** How many were lost in all is known now. */
    void discardedInAll(long events) {
        discarded = Math.max(discarded, events);
    }

    /** How many events were in packets that could not be kept. */
    long missing() {
        return missing;
    }

    /** Hands the packet on, if there is anything to tell; no event up to {@code timeNs} can follow. */
    void flush(long timeNs) {
        if (open) {
            lastTimeNs = Math.max(lastTimeNs, timeNs);
            flush();
        }
    }

    private void flush() {
        long content = at;
        while (at % Long.BYTES != 0) {
            u8(0);
        }
        packet.set(LONG, 40, lastTimeNs);
        packet.set(LONG, 48, content * Byte.SIZE);
        packet.set(LONG, 56, at * Byte.SIZE);
        packet.set(LONG, 64, sequence++);
        packet.set(LONG, 72, discarded);
        sink.packet(file, packet, at);
        missing += sink.isBroken() ? eventsInPacket : 0;
        eventsInPacket = 0;
        toldUntilNs = lastTimeNs;
        open = false;
    }

    /**
     * The stream ends: what is left is handed on, and how many were lost. All streams end at the same time, since readers look at
     * the time that all have in common.
     */
    void end(long timeNs) {
        if (!open) {
            openPacket(timeNs, 0);
        }
        flush(timeNs);
    }
}
