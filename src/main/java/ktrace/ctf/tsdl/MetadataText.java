package ktrace.ctf.tsdl;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import ktrace.ctf.CtfException;

/**
 * Gets the TSDL text out of a metadata file. That is the text itself, or packets of it (CTF 1.8, 7.1), each of which begins
 *
 * <pre>
 *  0  u32 magic 0x75D11D57     tells the byte order of this header
 *  4  u8[16] uuid
 * 20  u32 checksum
 * 24  u32 content_size, bits   header and text
 * 28  u32 packet_size, bits    to the begin of the next packet
 * 32  u8 compression, encryption, checksum_scheme    0: none
 * 35  u8 major, minor          1, 8, or 2, 0
 * </pre>
 */
public final class MetadataText {
    private static final int MAGIC = 0x75D11D57;
    private static final int HEADER_BYTES = 37;

    private MetadataText() {
    }

    /** @throws CtfException when it is neither, or the text is in a form that ktrace does not read */
    public static String of(byte[] file) {
        if (file.length >= 4) {
            ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.getInt(0) == MAGIC) {
                return unpacked(bytes);
            }
            if (Integer.reverseBytes(bytes.getInt(0)) == MAGIC) {
                return unpacked(bytes.order(ByteOrder.BIG_ENDIAN));
            }
        }
        return new String(file, StandardCharsets.UTF_8);
    }

    private static String unpacked(ByteBuffer bytes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int at = 0;
        while (bytes.limit() - at >= HEADER_BYTES) {
            if (bytes.getInt(at) != MAGIC) {
                throw new CtfException("byte " + at + " should begin a packet of metadata, and does not");
            }
            long contentBytes = (bytes.getInt(at + 24) & 0xffffffffL) / 8;
            long packetBytes = (bytes.getInt(at + 28) & 0xffffffffL) / 8;
            if (contentBytes < HEADER_BYTES || packetBytes < contentBytes || packetBytes > bytes.limit() - at) {
                throw new CtfException("the packet at byte " + at + " says " + contentBytes + " bytes in " + packetBytes
                        + " of " + (bytes.limit() - at));
            }
            if ((bytes.get(at + 32) | bytes.get(at + 33)) != 0) {
                throw new CtfException("it is compressed or encrypted");
            }
            if ((bytes.get(at + 35) != 1 || bytes.get(at + 36) != 8) && bytes.get(at + 35) != 2) {
                throw new CtfException("it is of CTF " + bytes.get(at + 35) + "." + bytes.get(at + 36)
                        + ", and ktrace reads CTF 1.8 and 2");
            }
            text.write(bytes.array(), at + HEADER_BYTES, (int) contentBytes - HEADER_BYTES);
            at += (int) packetBytes;
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
