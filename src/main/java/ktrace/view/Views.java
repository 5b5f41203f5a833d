package ktrace.view;

import java.io.IOException;
import java.util.Map;
import ktrace.diff.Comparison;
import ktrace.linux.terminal.StandardStream;
import ktrace.linux.terminal.Terminals;
import ktrace.story.SortKey;
import ktrace.view.diff.DiffPage;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Output;
import ktrace.view.screen.Quit;
import ktrace.view.summary.SummaryPrinter;

/** Chooses how summaries are shown. */
public final class Views {
    /** Where the width is not known, as in a pipe: wide enough for one line for each wait. */
    private static final int USUAL_WIDTH = 132;
    private static final int MIN_WIDTH = 60;
    private static final int MAX_WIDTH = 1000;

    private Views() {
    }

    /**
     * The view for a trace.
     *
     * @param targets what is traced, as it was asked for: {@code -p 812}, or a command; unescaped
     * @param command whether a command runs, which then owns the terminal: text goes to standard error, and on a terminal only
     *     when the trace has ended
     * @param top how many rows of each kind, 0 for the usual number
     * @param sort what comes first, null for the usual order
     * @throws IOException when the terminal cannot be opened
     */
    public static SummaryView open(Surroundings surroundings, String targets, boolean command, int top, SortKey sort)
            throws IOException {
        SortKey key = sort == null ? SortKey.TIME : sort;
        SummaryPrinter printer = new SummaryPrinter(targets, top, Glyphs.of(surroundings.environment()));
        if (!command && surroundings.isScreen()) {
            return LiveView.open(printer, key, surroundings.hasColours(1));
        }
        int fd = command ? 2 : 1;
        boolean intervals = !(command && surroundings.errTerminal());
        return new PlainView(command ? StandardStream.error() : StandardStream.output(), surroundings.hasColours(fd), printer, key,
                () -> width(fd, surroundings.environment()), intervals);
    }

    /** The summary of a recorded trace: one block on standard output. */
    public static SummaryView report(Surroundings surroundings, String targets, int top, SortKey sort) {
        SummaryPrinter printer = new SummaryPrinter(targets, top, Glyphs.of(surroundings.environment()));
        return new PlainView(StandardStream.output(), surroundings.hasColours(1), printer, sort == null ? SortKey.TIME : sort,
                () -> width(1, surroundings.environment()), false);
    }

    /**
     * What changed between two runs, on standard output.
     *
     * @param top how many rows of each kind, 0 for the usual number
     * @param all also what does not stand out of the noise
     * @throws IOException when not all could be written
     */
    public static void differences(Surroundings surroundings, Comparison comparison, int top, boolean all) throws IOException {
        DiffPage page = new DiffPage(comparison, Glyphs.of(surroundings.environment()).alphabet(), top, all);
        Output output = new Output(StandardStream.output(), surroundings.hasColours(1), new Quit());
        output.lines(page.lines(width(1, surroundings.environment())));
        if (output.failure() != null) {
            throw output.failure();
        }
    }

    /** A document for each interval and a final one. */
    public static SummaryView documents(DocumentWriter writer) {
        return new DocumentView(writer);
    }

    /** Of the terminal; else what COLUMNS says. */
    static int width(int fd, Map<String, String> environment) {
        int columns = Terminals.columns(fd);
        String said = environment.getOrDefault("COLUMNS", "");
        if (columns == 0 && said.matches("\\d{1,4}")) {
            columns = Integer.parseInt(said);
        }
        return columns == 0 ? USUAL_WIDTH : Math.clamp(columns, MIN_WIDTH, MAX_WIDTH);
    }
}
