package ktrace.export;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of protocol buffers taken apart, by the rules of the wire format alone: knows nothing of how ktrace writes it. Fails on
 * whatever is not well-formed: a length beyond the end, a varint that goes on, a type that does not exist.
 */
public final class WireMessage {
    /** A field: {@code value} is a Long, or a byte[]. */
    record Field(int number, Object value) {
    }

    private final List<Field> fields = new ArrayList<>();

    private WireMessage(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            int[] next = {at};
            long key = varint(bytes, next);
            int number = (int) (key >>> 3);
            check(number > 0, "a field's number is 0");
            switch ((int) (key & 7)) {
                case 0 -> fields.add(new Field(number, varint(bytes, next)));
                case 1 -> {
                    check(bytes.length - next[0] >= 8, "a fixed64 beyond the end");
                    long value = 0;
                    for (int i = 7; i >= 0; i--) {
                        value = value << 8 | bytes[next[0] + i] & 0xff;
                    }
                    next[0] += 8;
                    fields.add(new Field(number, value));
                }
                case 2 -> {
                    long length = varint(bytes, next);
                    check(length >= 0 && length <= bytes.length - next[0], "field " + number + " is longer than its message");
                    byte[] content = java.util.Arrays.copyOfRange(bytes, next[0], next[0] + (int) length);
                    next[0] += (int) length;
                    fields.add(new Field(number, content));
                }
                default -> check(false, "no such wire type: " + (key & 7));
            }
            at = next[0];
        }
    }

    public static WireMessage of(byte[] bytes) {
        return new WireMessage(bytes);
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            check(at[0] < bytes.length, "a varint beyond the end");
            byte b = bytes[at[0]++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new AssertionError("a varint of more than ten bytes");
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new AssertionError(otherwise);
        }
    }

    public boolean has(int number) {
        return fields.stream().anyMatch(field -> field.number == number);
    }

    /** The one number in a field. */
    public long number(int number) {
        List<Long> values = numbers(number);
        check(values.size() == 1, "field " + number + " is there " + values.size() + " times");
        return values.getFirst();
    }

    public List<Long> numbers(int number) {
        return fields.stream().filter(field -> field.number == number).map(field -> (Long) field.value).toList();
    }

    /** The one text in a field; it must be UTF-8. */
    public String text(int number) {
        List<byte[]> values = bytes(number);
        check(values.size() == 1, "field " + number + " is there " + values.size() + " times");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(values.getFirst())).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("field " + number + " is no UTF-8", e);
        }
    }

    /** The one message in a field. */
    public WireMessage message(int number) {
        List<WireMessage> messages = messages(number);
        check(messages.size() == 1, "field " + number + " is there " + messages.size() + " times");
        return messages.getFirst();
    }

    public List<WireMessage> messages(int number) {
        return bytes(number).stream().map(WireMessage::new).toList();
    }

    private List<byte[]> bytes(int number) {
        return fields.stream().filter(field -> field.number == number).map(field -> (byte[]) field.value).toList();
    }

    /** The numbers of all fields, in order. */
    List<Integer> fieldNumbers() {
        return fields.stream().map(Field::number).toList();
    }
}
