package ktrace.decode;

/** The name of a descriptor behind its number. */
final class FdText {
    /** How the kernel's link names a file that has no name any more. */
    private static final String DELETED = " (deleted)";

    /** Stands between a socket's two addresses, and between an object and who holds its other end. */
    private static final char ARROW = '\u2192';

    private FdText() {
    }

    /** Appends {@code </etc/passwd>}, or {@code </tmp/gone>(deleted)}. */
    static void append(StringBuilder out, String name) {
        boolean deleted = name.startsWith("/") && name.endsWith(DELETED);
        out.append('<');
        if (name.startsWith("/")) {
            Quoted.appendName(out, deleted ? name.substring(0, name.length() - DELETED.length()) : name);
        } else {
            ends(out, name);
        }
        out.append(deleted ? ">(deleted)" : ">");
    }

    private static void ends(StringBuilder out, String name) {
        int from = 0;
        for (int arrow = name.indexOf(ARROW); arrow >= 0; arrow = name.indexOf(ARROW, from)) {
            Quoted.appendName(out, name.substring(from, arrow));
            out.append(ARROW);
            from = arrow + 1;
        }
        Quoted.appendName(out, name.substring(from));
    }
}
