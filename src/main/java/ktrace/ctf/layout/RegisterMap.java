package ktrace.ctf.layout;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which fields of a structure somebody wants to know, and the registers of a {@link PacketCursor} they go to. Registers below
 * {@link #FIRST_FREE} are given out here; those above belong to tags and lengths that the layout itself needs.
 */
public final class RegisterMap {
    public static final int EVENT_ID = 0;
    public static final int MAGIC = 1;
    public static final int STREAM_ID = 2;
    public static final int BEGIN = 3;
    public static final int END = 4;
    public static final int CONTENT_BITS = 5;
    public static final int PACKET_BITS = 6;
    public static final int SEQUENCE_NUMBER = 7;
    public static final int DISCARDED = 8;
    public static final int CPU = 9;
    /** A text: two registers. */
    public static final int UUID = 10;
    public static final int PID = 12;
    public static final int TID = 13;
    public static final int VTID = 14;
    public static final int VPID = 15;
    /** First of those for the fields of an event. */
    static final int FIELDS = 16;
    static final int FIRST_FREE = 64;

    public static final RegisterMap NONE = new RegisterMap();

    /**
     * How a field can be had. A text takes a register for its first byte and one for its length, a list for first bit and count.
     */
    public enum Form {
        NUMBER(1), TEXT(2), LIST(2);

        private final int registers;

        Form(int registers) {
            this.registers = registers;
        }
    }

    record Wanted(int register, Form form) {
    }

    private final Map<String, Wanted> wanted = new HashMap<>();
    private int next = FIELDS;

    /** Wants a field, by its name without leading underscore, in a certain register. */
    public RegisterMap put(String name, int register, Form form) {
        wanted.put(name, new Wanted(register, form));
        return this;
    }

    /** Wants an integer or enumeration; gives its register. */
    public int number(String name) {
        return add(name, Form.NUMBER);
    }

    /** Wants a string, or an array or sequence of characters. */
    public int text(String name) {
        return add(name, Form.TEXT);
    }

    /** Wants an array or a sequence of integers. */
    public int list(String name) {
        return add(name, Form.LIST);
    }

    private int add(String name, Form form) {
        int register = next;
        next += form.registers;
        if (next > FIRST_FREE) {
            throw new IllegalStateException("no register left for " + name);
        }
        put(name, register, form);
        return register;
    }

    /** Null when nobody wants it. */
    Wanted of(String plainName) {
        return wanted.get(plainName);
    }

    /** The registers of all wanted fields but those named. */
    public int[] registersExcept(Set<String> found) {
        return wanted.entrySet().stream().filter(entry -> !found.contains(entry.getKey())).map(Map.Entry::getValue)
                .flatMapToInt(want -> IntStream.range(want.register, want.register + want.form.registers)).toArray();
    }
}
