package ktrace.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes that were read from the caller, little end first as on all machines that ktrace runs on.
 *
 * @param array may be longer than {@code length}
 * @param length how many bytes there are
 * @param wordBytes the size of the caller's {@code long}
 */
public record Bytes(byte[] array, int length, int wordBytes) {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    public int u8(int offset) {
        return array[offset] & 0xff;
    }

    public int u16(int offset) {
        return (short) SHORT.get(array, offset) & 0xffff;
    }

    /** Big end first, as addresses and ports of the internet are. */
    public int port(int offset) {
        return u8(offset) << 8 | u8(offset + 1);
    }

    public int i32(int offset) {
        return (int) INT.get(array, offset);
    }

    public long u32(int offset) {
        return i32(offset) & 0xffff_ffffL;
    }

    public long i64(int offset) {
        return (long) LONG.get(array, offset);
    }

    /** An {@code unsigned long} or a pointer of the caller's. */
    public long word(int offset) {
        return wordBytes == 4 ? u32(offset) : i64(offset);
    }

    /** A {@code long} of the caller's. */
    public long signedWord(int offset) {
        return wordBytes == 4 ? i32(offset) : i64(offset);
    }
}
