package ktrace.ctf.layout;

import java.util.Arrays;
import java.util.List;
import ktrace.ctf.tsdl.FieldType;
import ktrace.ctf.tsdl.FieldType.IntegerType;
import ktrace.text.RawText;

/** Makes objects of what a register describes; allocates, for rare events. */
public final class TextRegister {
    private TextRegister() {
    }

    /** A text, up to its first 0. */
    public static String text(PacketCursor cursor, int register) {
        int start = (int) cursor.registers[register];
        int length = (int) cursor.registers[register + 1];
        int end = 0;
        while (end < length && cursor.data[start + end] != 0) {
            end++;
        }
        return RawText.of(cursor.data, start, end);
    }

    /** The integers of an array or sequence. */
    public static long[] list(PacketCursor cursor, int register, FieldType type) {
        IntegerType element = element(type);
        long[] values = new long[element == null ? 0 : (int) cursor.registers[register + 1]];
        fill(cursor, register, element, values);
        return values;
    }

    /** The type of what an array or sequence of integers holds, else null. */
    public static IntegerType element(FieldType type) {
        return switch (type) {
            case FieldType.ArrayType(IntegerType integer, int length) -> integer;
            case FieldType.SequenceType(IntegerType integer, List<String> length) -> integer;
            case null, default -> null;
        };
    }

    /** Fills {@code values} with the first integers of an array or sequence, and with 0 where it has no more. */
    public static void fill(PacketCursor cursor, int register, IntegerType element, long[] values) {
        int count = element == null ? 0 : (int) Math.min(values.length, cursor.registers[register + 1]);
        long after = cursor.positionBits;
        cursor.positionBits = cursor.registers[register];
        for (int i = 0; i < count; i++) {
            cursor.align(element.alignBits());
            values[i] = cursor.integer(element.sizeBits(), element.bigEndian(), element.signed());
        }
        cursor.positionBits = after;
        Arrays.fill(values, count, values.length, 0);
    }
}
