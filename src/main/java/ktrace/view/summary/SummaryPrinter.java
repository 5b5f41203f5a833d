package ktrace.view.summary;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.Summary;
import ktrace.story.Heading;
import ktrace.story.SortKey;
import ktrace.story.SummaryRows;
import ktrace.story.Telling;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;

/**
 * A summary as lines of text: who was traced, where each process's time went, who waited for whom, which system calls took how
 * long, and what ktrace could not see. The same lines go to a terminal and into a file. Holds no state: any thread.
 */
public final class SummaryPrinter {
    /** A screen with fewer rows has none to spare for blank lines. */
    private static final int AIRY = 34;
    /** Two of the header, three headings. */
    private static final int FIXED_ROWS = 5;
    private static final int BLANK_ROWS = 4;

    private final String targets;
    private final int top;
    private final Glyphs glyphs;

    /**
     * @param targets what is traced, as it was asked for; unescaped
     * @param top how many rows of each kind, 0 for the usual number
     */
    public SummaryPrinter(String targets, int top, Glyphs glyphs) {
        this.targets = targets;
        this.top = top;
        this.glyphs = glyphs;
    }

    public Glyphs glyphs() {
        return glyphs;
    }

    /** What is traced. */
    public Telling targets() {
        return Heading.what(targets, glyphs.alphabet());
    }

    /** What stands above a summary, and the bottleneck if it has one. */
    public List<Line> head(Summary summary, long elapsedNs, int width) {
        return HeaderSection.lines(summary, targets, elapsedNs, new Page(width, false, Budget.of(top), SortKey.TIME, glyphs));
    }

    /** Without end: what is folded is folded because of {@code top} alone. */
    public List<Line> lines(Summary summary, long elapsedNs, int width, SortKey sort) {
        return lines(SummaryRows.of(summary), elapsedNs, new Page(width, false, Budget.of(top), sort, glyphs), true);
    }

    /** Everything if that fits into {@code rows}; else as much of each kind as fits, in a line each. */
    public List<Line> fitted(Summary summary, long elapsedNs, int width, int rows, SortKey sort) {
        SummaryRows found = SummaryRows.of(summary);
        Budget wanted = top == 0 ? Budget.ALL : Budget.of(top);
        if (top != 0 || found.syscallCount() <= rows) {
            List<Line> whole = lines(found, elapsedNs, new Page(width, false, wanted, sort, glyphs), true);
            if (whole.size() <= rows) {
                return whole;
            }
        }
        Page page = new Page(width, true, wanted, sort, glyphs);
        int free = rows - FIXED_ROWS - HeaderSection.verdictCount(summary) - CounterSection.count(summary, page);
        boolean airy = rows >= AIRY;
        Budget budget = Budget.fit(airy ? free - BLANK_ROWS : free, found, top);
        Page fitted = new Page(width, true, budget, sort, glyphs);
        List<Line> lines = lines(found, elapsedNs, fitted, airy);
        return airy || lines.size() + BLANK_ROWS > rows ? lines : lines(found, elapsedNs, fitted, true);
    }

    private List<Line> lines(SummaryRows found, long elapsedNs, Page page, boolean airy) {
        List<List<Line>> sections = new ArrayList<>();
        Summary summary = found.summary();
        if (summary.processes().isEmpty()) {
            sections.add(List.of(Line.of("nothing was heard of a traced process in this time", Style.FAINT)));
        } else {
            ProcessSection processes = new ProcessSection(page, found);
            sections.add(processes.processes());
            sections.add(processes.threads());
            sections.add(new WaitSection(page).lines(found));
            sections.add(new GraphSection(page).lines(summary.graph()));
            sections.add(new SyscallSection(page).lines(found));
        }
        sections.add(CounterSection.lines(summary, page));
        List<Line> lines = new ArrayList<>(HeaderSection.lines(summary, targets, elapsedNs, page));
        for (List<Line> section : sections) {
            if (!section.isEmpty() && airy) {
                lines.add(new Line());
            }
            lines.addAll(section);
        }
        lines.replaceAll(line -> line.cut(page.width(), page.ellipsis()));
        return lines;
    }
}
