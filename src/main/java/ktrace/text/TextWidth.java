package ktrace.text;

/**
 * How many columns text takes on a terminal, for text that {@link Escaper} has let through: East Asian wide characters and emoji
 * take two, combining marks none, everything else one.
 */
public final class TextWidth {
    /** Ranges of East Asian Width W and F (Unicode Standard Annex 11), first and last; unassigned gaps are inside. */
    private static final int[] WIDE = {
        0x1100, 0x115f, 0x2329, 0x232a, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xa960, 0xa97c, 0xac00, 0xd7a3, 0xf900, 0xfaff,
        0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18aff, 0x1b000, 0x1b2ff,
        0x20000, 0x2fffd, 0x30000, 0x3fffd};

    private TextWidth() {
    }

    public static int of(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        if (isCombining(codePoint)) {
            return 0;
        }
        return isWide(codePoint) ? 2 : 1;
    }

    public static int of(String text) {
        int columns = 0;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            columns += of(c);
            i += Character.charCount(c);
        }
        return columns;
    }

    /** The first part of {@code text} that fits into {@code columns}, with its combining marks. */
    public static String head(String text, int columns) {
        int used = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (used + of(c) > columns) {
                break;
            }
            used += of(c);
            i += Character.charCount(c);
        }
        return text.substring(0, i);
    }

    /** The last part of {@code text} that fits into {@code columns}; begins with no combining mark. */
    public static String tail(String text, int columns) {
        int used = 0;
        int i = text.length();
        int start = i;
        while (i > 0) {
            int c = text.codePointBefore(i);
            if (used + of(c) > columns) {
                break;
            }
            used += of(c);
            i -= Character.charCount(c);
            start = of(c) == 0 ? start : i;
        }
        return text.substring(start);
    }

    /** The text, or what fits of it with {@code ellipsis} at its end. */
    public static String cut(String text, int columns, String ellipsis) {
        if (of(text) <= columns) {
            return text;
        }
        return columns < ellipsis.length() ? head(text, columns) : head(text, columns - ellipsis.length()) + ellipsis;
    }

    /** The text, or its begin and its end with {@code ellipsis} between: what tells objects apart is often at the end. */
    public static String cutMiddle(String text, int columns, String ellipsis) {
        if (of(text) <= columns) {
            return text;
        }
        int rest = columns - ellipsis.length();
        if (rest < 2) {
            return cut(text, columns, ellipsis);
        }
        return head(text, rest / 2) + ellipsis + tail(text, rest - rest / 2);
    }

    static boolean isCombining(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean isWide(int codePoint) {
        for (int i = 0; i < WIDE.length; i += 2) {
            if (codePoint < WIDE[i]) {
                break;
            }
            if (codePoint <= WIDE[i + 1]) {
                return true;
            }
        }
        return Character.isEmojiPresentation(codePoint);
    }
}
