package ktrace.ctf;

/** The text of field declarations in TSDL (CTF 1.8.3, appendix C), as LTTng's metadata writes them. */
public final class Tsdl {
    private static final String NETWORK_16 =
            "\t\tinteger { size = 16; align = 8; signed = 0; encoding = none; base = 10; byte_order = be; }";

    private Tsdl() {
    }

    public static String i32(String name) {
        return integer(32, true, 10) + " _" + name + ";\n";
    }

    public static String u32(String name) {
        return integer(32, false, 10) + " _" + name + ";\n";
    }

    static String x32(String name) {
        return integer(32, false, 16) + " _" + name + ";\n";
    }

    public static String u8(String name) {
        return integer(8, false, 10) + " _" + name + ";\n";
    }

    public static String i64(String name) {
        return integer(64, true, 10) + " _" + name + ";\n";
    }

    public static String u64(String name) {
        return integer(64, false, 10) + " _" + name + ";\n";
    }

    public static String x64(String name) {
        return integer(64, false, 16) + " _" + name + ";\n";
    }

    public static String string(String name) {
        return "\t\tstring _" + name + ";\n";
    }

    /** A {@code comm}: sixteen characters. */
    static String comm(String name) {
        return "\t\tinteger { size = 8; align = 8; signed = 1; encoding = UTF8; base = 10; } _" + name + "[16];\n";
    }

    /** A sequence of 64-bit numbers behind its length, a byte; LTTng calls the length so. */
    static String sequenceX64(String name) {
        return integer(8, false, 10) + " __" + name + "_length;\n" + integer(64, false, 16) + " _" + name + "[ __" + name
                + "_length ];\n";
    }

    /** A sequence of 32-bit numbers behind its length, four bytes. */
    static String sequenceI32(String name) {
        return integer(32, false, 10) + " __" + name + "_length;\n" + integer(32, true, 10) + " _" + name + "[ __" + name
                + "_length ];\n";
    }

    /** A sequence of bytes whose length is another field, of a byte. */
    public static String bytes(String name, String length) {
        return integer(8, false, 16) + " _" + name + "[ _" + length + " ];\n";
    }

    /** A number of 16 bits as networks have it. */
    public static String u16OfNetwork(String name) {
        return NETWORK_16 + " _" + name + ";\n";
    }

    /** A sequence of such numbers behind its length, a byte. */
    public static String sequenceU16OfNetwork(String name) {
        return integer(8, false, 10) + " __" + name + "_length;\n" + NETWORK_16 + " _" + name + "[ __" + name + "_length ];\n";
    }

    /** A sequence of bytes behind its length, a byte. */
    public static String sequenceU8(String name) {
        return integer(8, false, 10) + " __" + name + "_length;\n" + integer(8, false, 10) + " _" + name + "[ __" + name
                + "_length ];\n";
    }

    private static String integer(int bits, boolean signed, int base) {
        return "\t\tinteger { size = " + bits + "; align = 8; signed = " + (signed ? 1 : 0) + "; encoding = none; base = " + base
                + "; }";
    }

    /** The declaration of an event of stream {@code stream}. */
    public static String event(String name, int id, int stream, String fields) {
        return "event {\n\tname = \"" + name + "\";\n\tid = " + id + ";\n\tstream_id = " + stream
                + ";\n\tfields := struct {\n" + fields
                + "\t};\n};\n\n";
    }

    /** A text as it stands between quotes. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(c < ' ' || c > '~' ? '?' : c);
            }
        }
        return quoted.append('"').toString();
    }
}
