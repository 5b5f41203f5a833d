package ktrace.ctf;

import java.nio.charset.StandardCharsets;
import ktrace.ctf.FieldType.IntegerType;

/** Makes objects of what a register describes; allocates, for rare events. */
final class TextRegister {
    private TextRegister() {
    }

    /** A text, up to its first 0. Bytes that are no UTF-8 become U+FFFD. */
    static String text(PacketCursor cursor, int register) {
        int start = (int) cursor.registers[register];
        int length = (int) cursor.registers[register + 1];
        int end = 0;
        while (end < length && cursor.data[start + end] != 0) {
            end++;
        }
        return new String(cursor.data, start, end, StandardCharsets.UTF_8);
    }

    /** The integers of an array or sequence. */
    static long[] list(PacketCursor cursor, int register, FieldType type) {
        IntegerType element = switch (type) {
            case FieldType.ArrayType(IntegerType integer, int length) -> integer;
            case FieldType.SequenceType(IntegerType integer, java.util.List<String> length) -> integer;
            case null, default -> null;
        };
        if (element == null) {
            return new long[0];
        }
        long[] values = new long[(int) cursor.registers[register + 1]];
        long after = cursor.positionBits;
        cursor.positionBits = cursor.registers[register];
        for (int i = 0; i < values.length; i++) {
            cursor.align(element.alignBits());
            values[i] = cursor.integer(element.sizeBits(), element.bigEndian(), element.signed());
        }
        cursor.positionBits = after;
        return values;
    }
}
