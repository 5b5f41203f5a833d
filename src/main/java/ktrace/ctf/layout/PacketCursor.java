package ktrace.ctf.layout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The place in a packet up to which it has been read, and the registers that hold what was read of an event. A register holds an
 * integer; a text takes two, its first byte in {@link #data} and its length.
 *
 * <p>{@link #data} holds a window of the packet. Everything that reads asks {@link #require} first, which throws
 * {@link EndOfWindow} when that goes beyond {@link #limitBits}; so nothing outside the packet's content is ever touched. Positions
 * are bits from the window's begin.
 *
 * <p>Used by one thread; reading allocates nothing.
 */
public final class PacketCursor {
    static final VarHandle SHORT_LE = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    public static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** What was asked for is not in the window: the event goes on behind it, or claims more than its packet has. No stack trace. */
    public static final class EndOfWindow extends RuntimeException {
        private static final long serialVersionUID = 1;

        private EndOfWindow() {
            super("beyond the end of the packet", null, false, false);
        }
    }

    /** Something that no window makes readable. No stack trace. */
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Malformed(String what) {
            super(what, null, false, false);
        }
    }

    private static final EndOfWindow END_OF_WINDOW = new EndOfWindow();

    public byte[] data = new byte[0];
    public long positionBits;
    /** Where the packet begins, which alignment is counted from; below 0 when the window has moved on. */
    public long originBits;
    /** End of what may be read: of the packet's content, or of the window. */
    public long limitBits;
    public long[] registers = new long[RegisterMap.FIRST_FREE];
    /** The packet's clock, in ticks: grows with each timestamp read. */
    public long clockTicks;
    /**
     * How many more elements of arrays, and the like, may be visited in this packet: bounds the time that a hostile one can take.
     */
    public long elementsLeft;

    /** Makes room for registers up to {@code count}. */
    public void reserveRegisters(int count) {
        if (count > registers.length) {
            registers = Arrays.copyOf(registers, count);
        }
    }

    void align(int alignBits) {
        positionBits = originBits + (positionBits - originBits + alignBits - 1 & -alignBits);
    }

    /** Makes sure that {@code bits} more may be read. */
    void require(long bits) {
        if (bits > limitBits - positionBits) {
            throw END_OF_WINDOW;
        }
    }

    /** Steps over {@code bits}. */
    void skip(long bits) {
        require(bits);
        positionBits += bits;
    }

    /** Pays for what takes time and need not take bits. */
    public void work(long elements) {
        elementsLeft -= elements;
        if (elementsLeft < 0) {
            throw new Malformed("more elements than a packet of its size can hold");
        }
    }

    /** Sets the clock forward to the next time whose last {@code bits} bits are {@code value}. */
    void tick(long value, int bits) {
        if (bits == 64) {
            clockTicks = value;
            return;
        }
        long mask = (1L << bits) - 1;
        long ticks = clockTicks & ~mask | value & mask;
        clockTicks = (value & mask) < (clockTicks & mask) ? ticks + mask + 1 : ticks;
    }

    /**
     * An integer at any bit. Little endian counts bits from the lowest of each byte, big endian from the highest (CTF 1.8, 4.1.5).
     */
    long integer(int bits, boolean bigEndian, boolean signed) {
        require(bits);
        long value = bigEndian ? bigEndian(bits) : littleEndian(bits);
        positionBits += bits;
        return signed ? value << 64 - bits >> 64 - bits : value;
    }

    private long littleEndian(int bits) {
        long value = 0;
        int done = 0;
        while (done < bits) {
            long at = positionBits + done;
            int inByte = (int) (at & 7);
            int take = Math.min(8 - inByte, bits - done);
            long part = (data[(int) (at >>> 3)] & 0xff) >>> inByte & (1 << take) - 1;
            value |= part << done;
            done += take;
        }
        return value;
    }

    private long bigEndian(int bits) {
        long value = 0;
        int done = 0;
        while (done < bits) {
            long at = positionBits + done;
            int inByte = (int) (at & 7);
            int take = Math.min(8 - inByte, bits - done);
            long part = (data[(int) (at >>> 3)] & 0xff) >>> 8 - inByte - take & (1 << take) - 1;
            value = value << take | part;
            done += take;
        }
        return value;
    }
}
