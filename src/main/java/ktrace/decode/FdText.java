package ktrace.decode;

import java.util.regex.Pattern;

/** The name of a descriptor behind its number. */
final class FdText {
    /** How the kernel's link names a file that has no name any more. */
    private static final String DELETED = " (deleted)";

    /** Stands between a socket's two addresses, and between an object and who holds its other end. */
    private static final char ARROW = '\u2192';
    /** Who holds a file's lock, behind the file's name. */
    private static final Pattern HOLDERS = Pattern.compile("\u2192[^/\u2192]*\\(\\d+\\)(,\\.\\.\\.)?$");

    private FdText() {
    }

    /** Appends {@code </etc/passwd>}, or {@code </tmp/gone>(deleted)}. */
    static void append(StringBuilder out, String name) {
        boolean deleted = name.startsWith("/") && name.endsWith(DELETED);
        out.append('<');
        if (name.startsWith("/")) {
            // An arrow in the path itself is a part of a name like any other.
            int arrow = HOLDERS.matcher(name).find() ? name.lastIndexOf(ARROW) : -1;
            String path = arrow < 0 ? name : name.substring(0, arrow);
            Quoted.appendName(out, deleted ? path.substring(0, path.length() - DELETED.length()) : path);
            if (arrow >= 0) {
                ends(out, name.substring(arrow));
            }
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
