package ktrace.ctf.layout;

import static ktrace.ctf.layout.PacketCursor.INT_LE;
import static ktrace.ctf.layout.PacketCursor.LONG_LE;

import ktrace.ctf.tsdl.FieldType;
import ktrace.ctf.tsdl.FieldType.EnumType;
import ktrace.ctf.tsdl.FieldType.IntegerType;
import ktrace.ctf.tsdl.FieldType.StructType;
import ktrace.ctf.tsdl.FieldType.VariantType;

/**
 * LTTng's {@code struct event_header_compact} in little endian on byte boundaries, which begins nearly every event there is, read
 * at one go:
 *
 * <pre>
 *  0  u32: id in the lowest 5 bits, time in the other 27    id 0 to 30
 *  0  u8: 31 in the lowest 5 bits, then u32 id, u64 time    any id
 * </pre>
 */
final class CompactHeader implements FieldReader {
    private static final int EXTENDED = 31;
    private static final int EXTENDED_BITS = 13 * 8;

    @Override
    public void read(PacketCursor cursor) {
        cursor.align(8);
        cursor.require(32);
        int at = (int) (cursor.positionBits >>> 3);
        int word = (int) INT_LE.get(cursor.data, at);
        int id = word & EXTENDED;
        if (id != EXTENDED) {
            cursor.registers[RegisterMap.EVENT_ID] = id;
            cursor.tick(word >>> 5, 27);
            cursor.positionBits += 32;
            return;
        }
        cursor.require(EXTENDED_BITS);
        cursor.registers[RegisterMap.EVENT_ID] = (int) INT_LE.get(cursor.data, at + 1) & 0xffffffffL;
        cursor.clockTicks = (long) LONG_LE.get(cursor.data, at + 5);
        cursor.positionBits += EXTENDED_BITS;
    }

    /** Whether a header has exactly this layout. */
    static boolean fits(StructType header) {
        return header.alignBits() == 8 && header.fields().size() == 2
                && header.fields().get(0).type() instanceof EnumType id && isId(id)
                && header.fields().get(1).type() instanceof VariantType variant
                && variant.tag() != null && variant.tag().size() == 1
                && variant.tag().getFirst().equals(header.fields().get(0).name())
                && variant.options().size() == 2
                && (variant.selector() == null || variant.selector().equals(id.ranges()))
                && variant.options().get(0).type() instanceof StructType compact
                && variant.options().get(0).name().equals("compact") && compact.alignBits() == 1 && compact.fields().size() == 1
                && isTime(compact.fields().get(0).type(), 27, 1)
                && variant.options().get(1).type() instanceof StructType extended
                && variant.options().get(1).name().equals("extended") && extended.alignBits() == 8 && extended.fields().size() == 2
                && extended.fields().get(0).type() instanceof IntegerType number && is(number, 32, 8)
                && extended.fields().get(0).name().equals("id")
                && isTime(extended.fields().get(1).type(), 64, 8);
    }

    private static boolean isId(EnumType id) {
        return is(id.container(), 5, 1) && id.ranges().size() == 2
                && id.ranges().get(0).equals(new EnumType.Range("compact", 0, 30))
                && id.ranges().get(1).equals(new EnumType.Range("extended", 31, 31));
    }

    private static boolean isTime(FieldType type, int bits, int align) {
        return type instanceof IntegerType integer && is(integer, bits, align) && integer.clock() != null;
    }

    private static boolean is(IntegerType integer, int bits, int align) {
        return integer.sizeBits() == bits && integer.alignBits() == align && !integer.bigEndian() && !integer.signed();
    }
}
