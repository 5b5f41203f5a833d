package ktrace.ctf.tsdl;

/**
 * One word of TSDL.
 *
 * @param text the word; of a string what stands between the quotes, with escapes resolved
 * @param number of a number its value, modulo 2^64
 */
record Token(Kind kind, String text, long number, int line) {
    enum Kind {
        NAME, NUMBER, STRING, SYMBOL, END
    }

    boolean is(String symbolOrName) {
        return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbolOrName);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case END -> "the end";
            case STRING -> "a string";
            case NAME, NUMBER, SYMBOL -> "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
        };
    }
}
