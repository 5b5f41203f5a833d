package ktrace.text;

import java.util.Locale;

/**
 * Makes text that comes from a traced process fit for a terminal: what the terminal would obey, hide or measure otherwise than
 * ktrace does is shown as an escape in the style of C ({@code \x1b}, {@code \n}, {@code \u202e}). What comes out is one line of
 * printable characters. Any thread.
 */
public final class Escaper {
    /** More marks on one letter than any script needs would cover the lines above it. */
    private static final int MAX_MARKS = 2;

    /** A backslash becomes two: what comes out can be told from every other text. */
    public static final Escaper UNICODE = new Escaper(false, true);
    /** Escapes everything beyond ASCII as well. */
    public static final Escaper ASCII = new Escaper(true, true);
    /** For a sentence of ktrace's own that holds such texts, some of them escaped before: a backslash stays one. */
    public static final Escaper SENTENCE = new Escaper(false, false);

    private final boolean asciiOnly;
    private final boolean doublesBackslash;

    private Escaper(boolean asciiOnly, boolean doublesBackslash) {
        this.asciiOnly = asciiOnly;
        this.doublesBackslash = doublesBackslash;
    }

    public String escape(String text) {
        int i = 0;
        while (i < text.length() && isHarmlessAscii(text.charAt(i))) {
            i++;
        }
        return i == text.length() ? text : escapeFrom(text, i);
    }

    private boolean isHarmlessAscii(char c) {
        return c >= ' ' && c < 0x7f && !(c == '\\' && doublesBackslash);
    }

    private String escapeFrom(String text, int first) {
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
        // A mark at the very start would combine with what ktrace writes before it.
        int marks = first == 0 ? MAX_MARKS : 0;
        for (int i = first; i < text.length();) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (TextWidth.isCombining(c) && !asciiOnly && marks < MAX_MARKS && !isVariationSelector(c)) {
                marks++;
                out.appendCodePoint(c);
            } else if (isShown(c)) {
                marks = 0;
                out.appendCodePoint(c);
            } else {
                marks = MAX_MARKS;
                appendEscape(out, c);
            }
        }
        return out.toString();
    }

    private boolean isShown(int c) {
        if (c < 0x80) {
            return isHarmlessAscii((char) c);
        }
        if (asciiOnly || Unseen.is(c) || isJoiningJamo(c) || isEmojiPart(c)) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED, Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> true;
        };
    }

    /** Vowels and finals of Hangul that some terminals put into the column of the letter before. */
    private static boolean isJoiningJamo(int c) {
        return c >= 0x1160 && c <= 0x11ff || c >= 0xd7b0 && c <= 0xd7ff;
    }

    /** Flags in pairs and skin colours: terminals disagree on their width. */
    private static boolean isEmojiPart(int c) {
        return c >= 0x1f1e6 && c <= 0x1f1ff || c >= 0x1f3fb && c <= 0x1f3ff;
    }

    /** Makes the character before it wide or narrow, on some terminals. */
    private static boolean isVariationSelector(int c) {
        return c >= 0xfe00 && c <= 0xfe0f || c >= 0xe0100 && c <= 0xe01ef;
    }

    private static void appendEscape(StringBuilder out, int c) {
        switch (c) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (RawText.isByte(c)) {
                    out.append(String.format(Locale.ROOT, "\\x%02x", RawText.byteOf(c)));
                } else {
                    out.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        }
    }
}
