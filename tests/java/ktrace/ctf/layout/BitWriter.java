package ktrace.ctf.layout;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts integers of any number of bits one after the other, as CTF 1.8 lays them out; bit by bit, so that it is easy to believe. */
public final class BitWriter {
    private final boolean bigEndian;
    private byte[] bytes = new byte[64];
    private long bits;

    public BitWriter(boolean bigEndian) {
        this.bigEndian = bigEndian;
    }

    public BitWriter align(int alignBits) {
        while (bits % alignBits != 0) {
            bit(0);
        }
        return this;
    }

    public BitWriter put(long value, int size) {
        for (int i = 0; i < size; i++) {
            bit((int) (value >>> (bigEndian ? size - 1 - i : i)) & 1);
        }
        return this;
    }

    public BitWriter put(long value, int size, int alignBits) {
        return align(alignBits).put(value, size);
    }

    /** So many bytes, filled up with zeros. */
    public BitWriter text(String text, int length) {
        align(8);
        byte[] encoded = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), length);
        for (byte b : encoded) {
            put(b, 8);
        }
        return this;
    }

    public BitWriter string(String text) {
        return text(text, text.getBytes(StandardCharsets.UTF_8).length + 1);
    }

    public long bits() {
        return bits;
    }

    /** Overwrites what stands at a byte. */
    public void patch(int at, long value, int size) {
        BitWriter patch = new BitWriter(bigEndian).put(value, size);
        System.arraycopy(patch.bytes, 0, bytes, at, size / 8);
    }

    public byte[] bytes() {
        return Arrays.copyOf(bytes, (int) ((bits + 7) / 8));
    }

    private void bit(int bit) {
        int at = (int) (bits / 8);
        if (at == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * at);
        }
        int shift = bigEndian ? 7 - (int) (bits % 8) : (int) (bits % 8);
        bytes[at] |= (byte) (bit << shift);
        bits++;
    }
}
