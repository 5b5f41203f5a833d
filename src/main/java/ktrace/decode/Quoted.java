package ktrace.decode;

import ktrace.text.RawText;

/** Bytes as a string literal of C, in printable ASCII: what is none stands as {@code \n} or, as short as it can, in octal. */
public final class Quoted {
    private Quoted() {
    }

    /**
     * Appends bytes without the quotes.
     *
     * @param next the byte behind them, when it will be shown as well; else -1
     */
    public static void append(StringBuilder out, byte[] bytes, int from, int to, int next) {
        for (int i = from; i < to; i++) {
            append(out, bytes[i] & 0xff, i + 1 < to ? bytes[i + 1] : next, false);
        }
    }

    /** Appends a name that stands in angle brackets: these are escaped, too. */
    public static void appendName(StringBuilder out, String name) {
        byte[] bytes = RawText.bytes(name);
        for (int i = 0; i < bytes.length; i++) {
            append(out, bytes[i] & 0xff, i + 1 < bytes.length ? bytes[i + 1] : -1, true);
        }
    }

    private static void append(StringBuilder out, int c, int next, boolean bracketsToo) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 0x0b -> out.append("\\v");
            default -> {
                if (c >= ' ' && c < 0x7f && !(bracketsToo && (c == '<' || c == '>'))) {
                    out.append((char) c);
                } else {
                    octal(out, c, next >= '0' && next <= '7');
                }
            }
        }
    }

    /** {@code \\x0a}, as bytes without any meaning as text are shown. */
    public static void hex(StringBuilder out, int c) {
        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
    }

    /** Two or one digits would run into a digit behind them. */
    private static void octal(StringBuilder out, int c, boolean whole) {
        out.append('\\');
        if (whole || c >= 0100) {
            out.append((char) ('0' + (c >> 6)));
        }
        if (whole || c >= 010) {
            out.append((char) ('0' + (c >> 3 & 7)));
        }
        out.append((char) ('0' + (c & 7)));
    }
}
