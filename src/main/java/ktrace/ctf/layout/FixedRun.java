package ktrace.ctf.layout;

import static ktrace.ctf.layout.PacketCursor.INT_LE;
import static ktrace.ctf.layout.PacketCursor.LONG_LE;
import static ktrace.ctf.layout.PacketCursor.SHORT_LE;

import java.util.Arrays;

/**
 * Neighbouring fields of fixed sizes: their places were worked out when the layout was compiled, so that one check covers all of
 * them, and those that nobody wants cost nothing. This is what most of a kernel's events consist of.
 */
final class FixedRun implements FieldReader {
    /** How a field is loaded; those of more than a byte come in both orders. */
    static final int U8 = 0;
    static final int S8 = 1;
    static final int U16 = 2;
    static final int S16 = 3;
    static final int U32 = 4;
    static final int S32 = 5;
    static final int X64 = 6;
    /** Added to one of the above. */
    static final int BIG_ENDIAN = 8;
    static final int TEXT = 16;
    static final int LIST = 17;

    private final int alignBits;
    private final long sizeBits;
    private final int[] loads;
    private final int[] offsets;
    private final int[] registers;
    private final int[] lengths;

    private FixedRun(int alignBits, long sizeBits, int[] loads, int[] offsets, int[] registers, int[] lengths) {
        this.alignBits = alignBits;
        this.sizeBits = sizeBits;
        this.loads = loads;
        this.offsets = offsets;
        this.registers = registers;
        this.lengths = lengths;
    }

    @Override
    public void read(PacketCursor cursor) {
        cursor.align(alignBits);
        cursor.require(sizeBits);
        byte[] data = cursor.data;
        long[] into = cursor.registers;
        int base = (int) (cursor.positionBits >>> 3);
        for (int i = 0; i < loads.length; i++) {
            int at = base + offsets[i];
            int register = registers[i];
            into[register] = switch (loads[i]) {
                case U8, U8 + BIG_ENDIAN -> data[at] & 0xff;
                case S8, S8 + BIG_ENDIAN -> data[at];
                case U16 -> (short) SHORT_LE.get(data, at) & 0xffff;
                case S16 -> (short) SHORT_LE.get(data, at);
                case U32 -> (int) INT_LE.get(data, at) & 0xffffffffL;
                case S32 -> (int) INT_LE.get(data, at);
                case X64 -> (long) LONG_LE.get(data, at);
                case U16 + BIG_ENDIAN -> Short.reverseBytes((short) SHORT_LE.get(data, at)) & 0xffff;
                case S16 + BIG_ENDIAN -> Short.reverseBytes((short) SHORT_LE.get(data, at));
                case U32 + BIG_ENDIAN -> Integer.reverseBytes((int) INT_LE.get(data, at)) & 0xffffffffL;
                case S32 + BIG_ENDIAN -> Integer.reverseBytes((int) INT_LE.get(data, at));
                case X64 + BIG_ENDIAN -> Long.reverseBytes((long) LONG_LE.get(data, at));
                case TEXT -> {
                    into[register + 1] = lengths[i];
                    yield at;
                }
                default -> {
                    into[register + 1] = lengths[i];
                    yield at * 8L;
                }
            };
        }
        cursor.positionBits += sizeBits;
    }

    /** Collects fields as long as their places are fixed relative to the first. */
    static final class Builder {
        /** Offsets stay far within an int, and a longer run is no use: it would not fit into a window. */
        private static final long MOST_BITS = 1L << 30;

        private int alignBits;
        private long sizeBits;
        private int count;
        private int[] loads = new int[8];
        private int[] offsets = new int[8];
        private int[] registers = new int[8];
        private int[] lengths = new int[8];
        private boolean empty = true;

        boolean isEmpty() {
            return empty;
        }

        /** Whether a field can follow what is there. */
        boolean takes(long bits, int align) {
            return bits <= MOST_BITS && (empty || align <= alignBits && sizeBits + bits + align <= MOST_BITS);
        }

        /** Whether a field that follows begins at a byte. */
        boolean endsAtByte(int align) {
            return empty ? align >= 8 : alignBits >= 8 && after(align) % 8 == 0;
        }

        private long after(int align) {
            return (sizeBits + align - 1) & -(long) align;
        }

        /** @param structAlign alignment that is known to hold where the run begins */
        void add(long bits, int align, int structAlign, int load, int register, int length) {
            if (empty) {
                empty = false;
                alignBits = Math.max(align, structAlign);
            }
            long offset = after(align);
            sizeBits = offset + bits;
            if (register < 0) {
                return;
            }
            if (count == loads.length) {
                loads = Arrays.copyOf(loads, 2 * count);
                offsets = Arrays.copyOf(offsets, 2 * count);
                registers = Arrays.copyOf(registers, 2 * count);
                lengths = Arrays.copyOf(lengths, 2 * count);
            }
            loads[count] = load;
            offsets[count] = (int) (offset / 8);
            registers[count] = register;
            lengths[count] = length;
            count++;
        }

        FixedRun build() {
            return new FixedRun(alignBits, sizeBits, Arrays.copyOf(loads, count), Arrays.copyOf(offsets, count),
                    Arrays.copyOf(registers, count), Arrays.copyOf(lengths, count));
        }
    }
}
