package ktrace.export;

import java.io.IOException;
import java.io.Writer;
import ktrace.text.Unseen;

/**
 * One row of CSV, cell by cell. Names come from traced processes, and rows are opened in spreadsheets: a text that begins as a
 * formula does gets an apostrophe in front, as OWASP's "CSV Injection" advises, and what a terminal would obey, or no eye could
 * see, is written as {@code \}{@code uXXXX}.
 */
final class CsvRow {
    private final StringBuilder row = new StringBuilder();
    private char[] chars = new char[256];

    CsvRow clear() {
        row.setLength(0);
        return this;
    }

    CsvRow number(long value) {
        separate();
        row.append(value);
        return this;
    }

    /** Empty for {@code unknown}. */
    CsvRow numberOrEmpty(long value, long unknown) {
        return value == unknown ? empty(1) : number(value);
    }

    CsvRow empty(int cells) {
        for (int i = 0; i < cells; i++) {
            separate();
        }
        return this;
    }

    CsvRow text(CharSequence text) {
        separate();
        if (isPlain(text)) {
            row.append(text);
            return this;
        }
        int start = row.length();
        boolean quoted = false;
        if (!text.isEmpty() && beginsFormula(text.charAt(0))) {
            row.append('\'');
        }
        for (int i = 0; i < text.length();) {
            int c = Character.codePointAt(text, i);
            i += Character.charCount(c);
            if (c == '"') {
                quoted = true;
                row.append("\"\"");
            } else if (Unseen.is(c)) {
                row.append(Unseen.escaped(c));
            } else {
                quoted |= c == ',';
                row.appendCodePoint(c);
            }
        }
        if (quoted) {
            row.insert(start, '"').append('"');
        }
        return this;
    }

    /** Nearly all texts: nothing in them is to be changed. */
    private static boolean isPlain(CharSequence text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == ',') {
                return false;
            }
        }
        return length == 0 || !beginsFormula(text.charAt(0));
    }

    /** Also those that only some spreadsheets, or only behind a blank that they drop, take for a formula. */
    private static boolean beginsFormula(char c) {
        return switch (c) {
            case '=', '+', '-', '@', '\t', '\r', '\n', ' ', '|', '%', '＝', '＋', '－', '＠' -> true;
            default -> false;
        };
    }

    private void separate() {
        if (!row.isEmpty()) {
            row.append(',');
        }
    }

    /** Writes the row and its end. */
    void writeTo(Writer out) throws IOException {
        row.append("\r\n");
        if (chars.length < row.length()) {
            chars = new char[2 * row.length()];
        }
        row.getChars(0, row.length(), chars, 0);
        out.write(chars, 0, row.length());
    }
}
