package ktrace.ctf.tsdl;

import ktrace.ctf.CtfException;
import ktrace.ctf.tsdl.Token.Kind;

/** Cuts TSDL text into words, with one word of look-ahead. Comments and blanks are passed over. */
final class TsdlLexer {
    private static final String[] LONG_SYMBOLS = {"...", ":=", "->"};

    private final String text;
    private int at;
    private int line = 1;
    private Token next;

    TsdlLexer(String text) {
        this.text = text;
        next = read();
    }

    Token peek() {
        return next;
    }

    Token take() {
        Token token = next;
        next = read();
        return token;
    }

    /** Takes the next word if it is this symbol or name. */
    boolean accept(String expected) {
        if (!next.is(expected)) {
            return false;
        }
        take();
        return true;
    }

    void expect(String expected) {
        if (!accept(expected)) {
            throw error("'" + expected + "' expected, not " + next);
        }
    }

    String name() {
        if (next.kind() != Kind.NAME) {
            throw error("a name expected, not " + next);
        }
        return take().text();
    }

    CtfException error(String what) {
        return new CtfException("line " + next.line() + ": " + what);
    }

    private Token read() {
        skipBlanks();
        if (at >= text.length()) {
            return new Token(Kind.END, "", 0, line);
        }
        char c = text.charAt(at);
        if (Character.isLetter(c) || c == '_') {
            return name(at);
        }
        if (c >= '0' && c <= '9') {
            return number();
        }
        if (c == '"') {
            return new Token(Kind.STRING, quoted('"'), 0, line);
        }
        if (c == '\'') {
            String character = quoted('\'');
            if (character.length() != 1) {
                throw here("a character constant of " + character.length() + " characters");
            }
            return new Token(Kind.NUMBER, character, character.charAt(0), line);
        }
        for (String symbol : LONG_SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Kind.SYMBOL, symbol, 0, line);
            }
        }
        if ("{}()[]<>;:,=.+-*".indexOf(c) < 0) {
            throw here("a character that has no meaning here, code " + (int) c);
        }
        at++;
        return new Token(Kind.SYMBOL, String.valueOf(c), 0, line);
    }

    private void skipBlanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c <= ' ') {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw here("a comment that does not end");
                }
                for (int i = at; i < end; i++) {
                    line += text.charAt(i) == '\n' ? 1 : 0;
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    private Token name(int start) {
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (at - start > TsdlLimits.NAME_CHARS) {
            throw here("a name of " + (at - start) + " characters");
        }
        return new Token(Kind.NAME, text.substring(start, at), 0, line);
    }

    private Token number() {
        int start = at;
        int base = 10;
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            base = 16;
            at += 2;
        } else if (text.startsWith("0b", at) || text.startsWith("0B", at)) {
            base = 2;
            at += 2;
        } else if (text.charAt(at) == '0') {
            base = 8;
        }
        int digits = at;
        long value = 0;
        for (; at < text.length() && Character.digit(text.charAt(at), base) >= 0; at++) {
            if (Long.compareUnsigned(value, Long.divideUnsigned(-1L, base)) > 0) {
                throw here("a number of more than 64 bits");
            }
            long next = value * base + Character.digit(text.charAt(at), base);
            if (Long.compareUnsigned(next, value * base) < 0) {
                throw here("a number of more than 64 bits");
            }
            value = next;
        }
        if (at == digits) {
            throw here("a number without digits");
        }
        int end = at;
        while (at < text.length() && "uUlL".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            throw here("a number followed by '" + text.charAt(at) + "'");
        }
        return new Token(Kind.NUMBER, text.substring(start, Math.min(end, start + 40)), value, line);
    }

    private String quoted(char quote) {
        StringBuilder value = new StringBuilder();
        int start = at++;
        while (true) {
            if (at >= text.length()) {
                at = start;
                throw here("a string that does not end");
            }
            char c = text.charAt(at++);
            if (c == quote) {
                return value.toString();
            }
            if (c == '\n') {
                line++;
            }
            value.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        if (at >= text.length()) {
            throw here("a string that does not end");
        }
        char c = text.charAt(at++);
        switch (c) {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'a': return 7;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'v': return 11;
            case 'x': return digits(16, 2);
            default:
                if (c >= '0' && c <= '7') {
                    at--;
                    return digits(8, 3);
                }
                return c;
        }
    }

    private char digits(int base, int most) {
        int value = 0;
        for (int i = 0; i < most && at < text.length() && Character.digit(text.charAt(at), base) >= 0; i++) {
            value = value * base + Character.digit(text.charAt(at++), base);
        }
        return (char) (value & 0xff);
    }

    private CtfException here(String what) {
        return new CtfException("line " + line + ": " + what);
    }
}
