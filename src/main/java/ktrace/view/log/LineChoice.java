package ktrace.view.log;

import java.util.ArrayList;
import java.util.List;
import ktrace.decode.Quoted;

/**
 * Which of the lines are shown, and how they look, beyond what most want of a log.
 *
 * @param succeededOnly only calls that returned no error
 * @param paths only calls that name or work on one of these; empty: all
 * @param limit after so many calls the trace ends; 0: never
 * @param time how times are written
 * @param pidNames with {@link Time#EPOCH}: names behind the numbers of threads
 * @param colours whether names of calls and errors have colours
 */
public record LineChoice(boolean succeededOnly, List<String> paths, long limit, Time time, boolean pidNames, boolean colours) {
    /** How the time of a line is written. */
    public enum Time {
        /** {@code 14:03:22}. */
        SECONDS,
        /** {@code 14:03:22.123456}. */
        MICROS,
        /** {@code 1764338602.123456}, behind the number of the thread, as strace -f -ttt -o writes lines. */
        EPOCH
    }

    /** Everything, as it usually is. */
    public static final LineChoice USUAL = new LineChoice(false, List.of(), 0, Time.MICROS, false, false);

    public LineChoice {
        List<String> shown = new ArrayList<>();
        for (String path : paths) {
            StringBuilder quoted = new StringBuilder();
            Quoted.appendName(quoted, path);
            // As an argument, as what a descriptor refers to, and as that with who holds its lock.
            shown.addAll(List.of("\"" + quoted + "\"", "<" + quoted + ">", "<" + quoted + "\u2192"));
        }
        paths = List.copyOf(shown);
    }

    /** Whether a line about a call is about one of the paths asked for. */
    boolean isAbout(CharSequence line) {
        return paths.isEmpty() || paths.stream().anyMatch(line.toString()::contains);
    }
}
