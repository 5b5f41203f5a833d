package ktrace.ctf.write;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What a writer handed on, in its order, to be taken apart by hand. */
final class Packets implements PacketSink {
    static final int HEADER = 84;

    final List<Packet> all = new ArrayList<>();
    final StringBuilder metadata = new StringBuilder();

    /**
     * One packet.
     *
     * @param declared how long the metadata was when it came
     */
    record Packet(String file, ByteBuffer bytes, int declared) {
        long timestampBegin() {
            return bytes.getLong(32);
        }

        long timestampEnd() {
            return bytes.getLong(40);
        }

        long contentBits() {
            return bytes.getLong(48);
        }

        long packetBits() {
            return bytes.getLong(56);
        }

        long sequence() {
            return bytes.getLong(64);
        }

        long discarded() {
            return bytes.getLong(72);
        }

        /** The place of the first event. */
        ByteBuffer events() {
            return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(HEADER).limit((int) (contentBits() / Byte.SIZE));
        }
    }

    @Override
    public void metadata(String text) {
        metadata.append(text);
    }

    @Override
    public void packet(String file, MemorySegment packet, long sizeBytes) {
        byte[] copy = packet.asSlice(0, sizeBytes).toArray(ValueLayout.JAVA_BYTE);
        all.add(new Packet(file, ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN), metadata.length()));
    }

    List<Packet> of(String file) {
        return all.stream().filter(packet -> packet.file().equals(file)).toList();
    }
}
