package ktrace.decode;

/** The name of a descriptor behind its number. */
final class FdText {
    /** How the kernel's link names a file that has no name any more. */
    private static final String DELETED = " (deleted)";

    private FdText() {
    }

    /** Appends {@code </etc/passwd>}, or {@code </tmp/gone>(deleted)}. */
    static void append(StringBuilder out, String name) {
        boolean deleted = name.startsWith("/") && name.endsWith(DELETED);
        out.append('<');
        Quoted.appendName(out, deleted ? name.substring(0, name.length() - DELETED.length()) : name);
        out.append(deleted ? ">(deleted)" : ">");
    }
}
