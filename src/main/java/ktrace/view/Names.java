package ktrace.view;

import ktrace.analysis.ProcessSummary;
import ktrace.event.Peer;

/** Who somebody is: {@code sort(812)}. */
final class Names {
    /** TASK_COMM_LEN without its end; escapes can make a name longer, and then it is cut. */
    private static final int MAX_COLUMNS = 24;

    private Names() {
    }

    static String of(ProcessSummary process, Glyphs glyphs) {
        return of(process.comm(), process.pid(), glyphs, MAX_COLUMNS);
    }

    static String of(Peer peer, Glyphs glyphs) {
        return of(peer.comm(), peer.pid(), glyphs, MAX_COLUMNS);
    }

    /** At most {@code columns} wide; the number stays whole, the name is cut. */
    static String of(String comm, int pid, Glyphs glyphs, int columns) {
        String number = "(" + pid + ")";
        String name = comm == null || comm.isEmpty() ? "?" : glyphs.escape(comm);
        return TextWidth.cut(name, Math.max(1, columns - number.length()), glyphs.ellipsis()) + number;
    }

    /** The name alone. */
    static String comm(Peer peer, Glyphs glyphs) {
        return peer.comm().isEmpty() ? "?" : TextWidth.cut(glyphs.escape(peer.comm()), MAX_COLUMNS, glyphs.ellipsis());
    }

    /** A cell for a table that may cut the name but not the number. */
    static Cell cell(String comm, int pid, Glyphs glyphs, Style style) {
        int width = TextWidth.of(of(comm, pid, glyphs, MAX_COLUMNS));
        return new Cell(width, columns -> Line.of(of(comm, pid, glyphs, Math.min(columns, MAX_COLUMNS)), style));
    }
}
