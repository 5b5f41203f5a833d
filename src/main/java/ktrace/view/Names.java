package ktrace.view;

import ktrace.analysis.ProcessSummary;
import ktrace.event.Peer;
import ktrace.text.TextWidth;

/** Who somebody is: {@code sort(812)}. */
final class Names {
    /** TASK_COMM_LEN without its end; escapes can make a name longer, and then it is cut. */
    static final int MAX_COLUMNS = 24;

    private Names() {
    }

    static String of(ProcessSummary process, Glyphs glyphs) {
        return of(process.comm(), process.pid(), glyphs, MAX_COLUMNS);
    }

    /** {@code sort(812)}, {@code 760 × sleep}. */
    static String of(ProcessRow process, Glyphs glyphs, int columns) {
        return process.isJoined() ? many(process.members(), process.summary().comm(), glyphs, columns)
                : of(process.summary().comm(), process.summary().pid(), glyphs, columns);
    }

    static String many(int count, String comm, Glyphs glyphs, int columns) {
        return TextWidth.cut(Units.count(count) + " " + glyphs.times() + " " + comm(comm, glyphs), columns, glyphs.ellipsis());
    }

    static String of(Peer peer, Glyphs glyphs, int columns) {
        return of(peer.comm(), peer.pid(), glyphs, columns);
    }

    /**
     * At most {@code columns} wide; the number stays whole, the name is cut. Number 0 is that of no process: of the many that the
     * analysis has joined.
     */
    static String of(String comm, int pid, Glyphs glyphs, int columns) {
        if (pid <= 0) {
            return TextWidth.cut(comm(comm, glyphs), columns, glyphs.ellipsis());
        }
        String number = "(" + pid + ")";
        return TextWidth.cut(comm(comm, glyphs), Math.max(1, columns - number.length()), glyphs.ellipsis()) + number;
    }

    private static String comm(String comm, Glyphs glyphs) {
        return comm == null || comm.isEmpty() ? "?" : glyphs.escape(comm);
    }

    static Cell cell(ProcessRow process, Glyphs glyphs, Style style) {
        return process.isJoined() ? Cell.of(of(process, glyphs, MAX_COLUMNS), style)
                : cell(process.summary().comm(), process.summary().pid(), glyphs, style);
    }

    /** A cell for a table that may cut the name but not the number. */
    static Cell cell(String comm, int pid, Glyphs glyphs, Style style) {
        int width = TextWidth.of(of(comm, pid, glyphs, MAX_COLUMNS));
        return new Cell(width, columns -> Line.of(of(comm, pid, glyphs, Math.min(columns, MAX_COLUMNS)), style));
    }
}
