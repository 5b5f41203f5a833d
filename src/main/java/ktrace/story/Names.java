package ktrace.story;

import java.util.regex.Pattern;
import ktrace.analysis.ProcessSummary;
import ktrace.event.Peer;
import ktrace.text.TextWidth;

/** Who somebody is: {@code sort(812)}. */
public final class Names {
    /** TASK_COMM_LEN without its end; escapes can make a name longer, and then it is cut. */
    public static final int MAX_COLUMNS = 24;
    /** What no arguments look like: the first word ends in a colon. */
    private static final Pattern TITLE = Pattern.compile("[A-Za-z0-9_.+-]{1,32}: \\S");

    private Names() {
    }

    public static String of(ProcessSummary process, Alphabet alphabet) {
        return of(process.comm(), process.pid(), alphabet, MAX_COLUMNS);
    }

    /** Its name, or the title that a server gives each of its processes: {@code postgres: walwriter}. */
    public static String called(ProcessSummary process) {
        String title = process.cmdline();
        return title != null && TITLE.matcher(title).lookingAt() ? title.strip() : process.comm();
    }

    /** {@code sort(812)}, {@code 760 × sleep}. */
    public static String of(ProcessRow process, Alphabet alphabet, int columns) {
        return process.isJoined() ? many(process.members(), process.summary().comm(), alphabet, columns)
                : of(process.summary().comm(), process.summary().pid(), alphabet, columns);
    }

    static String many(int count, String comm, Alphabet alphabet, int columns) {
        return TextWidth.cut(Units.count(count) + " " + alphabet.times() + " " + comm(comm, alphabet), columns,
                alphabet.ellipsis());
    }

    public static String of(Peer peer, Alphabet alphabet, int columns) {
        return of(peer.comm(), peer.pid(), alphabet, columns);
    }

    /**
     * At most {@code columns} wide; the number stays whole, the name is cut. Number 0 is that of no process: of the many that the
     * analysis has joined.
     */
    public static String of(String comm, int pid, Alphabet alphabet, int columns) {
        if (pid <= 0) {
            return TextWidth.cut(comm(comm, alphabet), columns, alphabet.ellipsis());
        }
        String number = "(" + pid + ")";
        return TextWidth.cut(comm(comm, alphabet), Math.max(1, columns - number.length()), alphabet.ellipsis()) + number;
    }

    private static String comm(String comm, Alphabet alphabet) {
        return comm == null || comm.isEmpty() ? "?" : alphabet.escape(comm);
    }
}
