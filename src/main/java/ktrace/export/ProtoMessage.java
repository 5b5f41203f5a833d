package ktrace.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import ktrace.event.Comm;

/**
 * One message in the wire format of protocol buffers, written field by field and then put into another message or a file. Used
 * again and again; allocates only to grow, and for texts. One thread.
 *
 * <p>The few rules of that format are here because protobuf-java reaches into sun.misc.Unsafe, of which Java from 24 on warns on
 * standard error each time it starts.
 *
 * <pre>
 * field   = key value          key = varint(number &lt;&lt; 3 | type)
 * type 0  = varint: seven bits a byte, low ones first, the high bit says that more follow; negative numbers are ten bytes
 * type 1  = eight bytes, little end first
 * type 2  = varint(length), then so many bytes: texts in UTF-8, messages
 * </pre>
 */
final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int MAX_VARINT_BYTES = 10;
    private static final int MAX_KEY_BYTES = 5;

    private byte[] bytes = new byte[256];
    private int size;

    int sizeBytes() {
        return size;
    }

    /** Nothing is in it any more. */
    ProtoMessage clear() {
        size = 0;
        return this;
    }

    /** A field of one of the types int32, int64, uint32, uint64, enum. */
    ProtoMessage number(int field, long value) {
        room(MAX_KEY_BYTES + MAX_VARINT_BYTES);
        key(field, VARINT);
        varint(value);
        return this;
    }

    ProtoMessage bool(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    /** A field of the type fixed64. */
    ProtoMessage fixed64(int field, long value) {
        room(MAX_KEY_BYTES + Long.BYTES);
        key(field, FIXED_64);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    ProtoMessage text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return delimited(field, utf8, utf8.length);
    }

    /** A text of the sixteen bytes of a {@link Comm}; allocates only if they are not all ASCII. */
    ProtoMessage comm(int field, long comm0, long comm1) {
        if (((comm0 | comm1) & 0x8080_8080_8080_8080L) != 0) {
            return text(field, JsonText.wellFormed(Comm.text(comm0, comm1)));
        }
        int length = 0;
        while (length < Comm.SIZE_BYTES && byteOf(comm0, comm1, length) != 0) {
            length++;
        }
        room(MAX_KEY_BYTES + MAX_VARINT_BYTES + length);
        key(field, LENGTH_DELIMITED);
        varint(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = byteOf(comm0, comm1, i);
        }
        return this;
    }

    private static byte byteOf(long comm0, long comm1, int i) {
        return (byte) ((i < Long.BYTES ? comm0 : comm1) >>> Byte.SIZE * (i & 7));
    }

    ProtoMessage message(int field, ProtoMessage nested) {
        return delimited(field, nested.bytes, nested.size);
    }

    private ProtoMessage delimited(int field, byte[] content, int length) {
        room(MAX_KEY_BYTES + MAX_VARINT_BYTES + length);
        key(field, LENGTH_DELIMITED);
        varint(length);
        System.arraycopy(content, 0, bytes, size, length);
        size += length;
        return this;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    private void key(int field, int type) {
        varint((long) field << 3 | type);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
        }
    }
}
