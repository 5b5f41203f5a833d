package ktrace.text;

import java.util.Locale;

/** Characters that a terminal would obey, and those without a shape, such as turn the direction of writing: in no place raw. */
public final class Unseen {
    private Unseen() {
    }

    public static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** {@code \}{@code u202E}, as JSON has it: beyond the first plane two of them. */
    public static String escaped(int codePoint) {
        StringBuilder escape = new StringBuilder();
        for (char unit : Character.toChars(codePoint)) {
            escape.append(String.format(Locale.ROOT, "\\u%04X", (int) unit));
        }
        return escape.toString();
    }
}
