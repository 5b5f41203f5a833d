package ktrace.view.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import ktrace.diff.Change;
import ktrace.diff.Comparison;
import ktrace.diff.Row;
import ktrace.diff.Run;
import ktrace.story.Alphabet;
import ktrace.story.Fold;
import ktrace.story.Units;
import ktrace.text.TextWidth;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Table;

/** A comparison as lines of text: who others wait for and why, then waits, then calls; of each what got worse comes first. */
public final class DiffPage {
    private static final int USUAL = 10;

    private final Comparison comparison;
    private final Alphabet alphabet;
    private final int top;
    private final boolean all;

    /**
     * @param top how many rows of each kind, 0 for the usual number
     * @param all also what does not stand out of the noise
     */
    public DiffPage(Comparison comparison, Alphabet alphabet, int top, boolean all) {
        this.comparison = comparison;
        this.alphabet = alphabet;
        this.top = top == 0 ? USUAL : top;
        this.all = all;
    }

    /** None longer than {@code width}. */
    public List<Line> lines(int width) {
        List<Line> lines = new ArrayList<>();
        lines.add(head("A", comparison.before()).cut(width, alphabet.ellipsis()));
        lines.add(head("B", comparison.after()).cut(width, alphabet.ellipsis()));
        section(lines, width, "WAITED FOR, PER SECOND", "no cause", row -> row instanceof Row.Reason);
        section(lines, width, "WAITS, EACH", "no wait", row -> row instanceof Row.Wait);
        section(lines, width, "CALLS, EACH", "no call", row -> row instanceof Row.Call);
        lines.add(new Line());
        wrap(test(), width).forEach(line -> lines.add(Line.of(line, Style.FAINT)));
        return lines;
    }

    private Line head(String side, Run run) {
        Units units = alphabet.units();
        Line line = Line.of(side + "  ", Style.STRONG).add(units.time(run.durationNs()), Style.STRONG)
                .add(", " + Units.count(run.events(), "event", "events") + ", ");
        return line.add(Units.count(run.lost()) + " lost", run.lost() == 0 ? Style.PLAIN : Style.BAD)
                .add(run.hasDurations() ? "  " : "  summary ").add(alphabet.escape(run.name()));
    }

    private void section(List<Line> lines, int width, String title, String none, Predicate<Row> of) {
        List<Change> rows = comparison.changes().stream().filter(change -> of.test(change.row())).toList();
        boolean folds = comparison.hasDurations() && !all;
        List<Change> told = folds ? rows.stream().filter(Change::standsOut).toList() : rows;
        List<Change> shown = Fold.head(told, top);
        lines.add(new Line());
        if (shown.isEmpty()) {
            lines.add(Line.of(title, Style.STRONG));
            lines.add(Line.of("  " + none + " changed by more than the noise", Style.FAINT));
        } else {
            Table table = new Table(1).elastic(title, 20, Math.max(20, width)).right("A", 7).right("B", 7).right("B/A", 6)
                    .right("RATE", 6).right("COST/S", 8).left("NOISE", 8, 10);
            shown.forEach(change -> table.row(cells(change)));
            lines.addAll(table.lines(width, alphabet.ellipsis()));
        }
        int more = told.size() - shown.size();
        if (more > 0) {
            lines.add(Line.of("  ").add(Fold.more(more, "row", "rows", alphabet)));
        }
    }

    private List<Cell> cells(Change change) {
        boolean reason = change.row() instanceof Row.Reason;
        Change.Shift figure = reason ? change.rate() : change.length();
        Style style = !change.standsOut() ? Style.FAINT : change.isWorse() ? Style.BAD : Style.SURE;
        return List.of(subject(change.row()), time(figure.before()), time(figure.after()),
                ratio(figure), reason ? Cell.of("") : ratio(change.rate()),
                Cell.of((change.costNs() < 0 ? "" : "+") + alphabet.units().time(Math.round(change.costNs())), style),
                Cell.of(noise(change), Style.FAINT));
    }

    private Cell time(double ns) {
        return ns <= 0 ? Cell.of(alphabet.none(), Style.FAINT) : Cell.of(alphabet.units().time(Math.round(ns)));
    }

    /** {@code ×5.6}. */
    private Cell ratio(Change.Shift shift) {
        String text = shift.before() <= 0 ? shift.after() <= 0 ? alphabet.none() : "new" : shift.after() <= 0 ? "gone"
                : alphabet.times() + digits(shift.after() / shift.before());
        return Cell.of(text, shift.standsOut() ? Style.STRONG : Style.FAINT);
    }

    private static String digits(double ratio) {
        return ratio >= 9999.5 ? ">9999" : String.format(Locale.ROOT, ratio < 0.0995 ? "%.3f" : ratio < 9.95 ? "%.2f" : "%.0f", ratio);
    }

    private String noise(Change change) {
        if (!comparison.hasDurations()) {
            return change.length().standsOut() ? "over p99" : "not known";
        }
        if (!change.isTested()) {
            return "too few";
        }
        double p = Math.min(orOne(change.length()), orOne(change.rate()));
        return p < 1e-9 ? "p<1e-9" : "p=" + String.format(Locale.ROOT, p < 0.0095 ? "%.0e" : "%.2f", p).replace("e-0", "e-");
    }

    private static double orOne(Change.Shift shift) {
        return shift.isTested() ? shift.p() : 1;
    }

    /** Who is at its two ends stays. */
    private Cell subject(Row row) {
        String words = new RowWords(alphabet).of(row);
        return new Cell(TextWidth.of(words), columns -> Line.of(TextWidth.cutMiddle(words, columns, alphabet.ellipsis())));
    }

    private String test() {
        if (!comparison.hasDurations()) {
            return "A summary has sums and percentiles and no durations, so nothing can be tested: \"over p99\" says that half of them"
                    + " took longer in one run than 99 % in the other. Of two recorded traces the noise is known.";
        }
        long within = comparison.changes().stream().filter(change -> !change.standsOut()).count();
        return "Of " + Units.count(comparison.changes().size()) + " rows " + Units.count(within) + " do not stand out of the noise"
                + (all ? "" : " (--all shows them)") + ". Tested are the ranks (Mann-Whitney) of the durations and of the rates in"
                + " equal windows, corrected for alike neighbours and for " + Units.count(comparison.tests())
                + " tests (Holm); what stands out has p<" + Comparison.ALPHA + ", differs by "
                + Math.round(100 * Comparison.LEAST_CHANGE) + " % at least, and takes 1 ms of a second.";
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
