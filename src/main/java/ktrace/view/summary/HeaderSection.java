package ktrace.view.summary;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.Summary;
import ktrace.story.Heading;
import ktrace.story.VerdictSentence;
import ktrace.story.computing.ComputingSentence;
import ktrace.story.stuck.StuckSentence;
import ktrace.view.screen.Line;

/** Whom, how, since when; how many events, what was lost, and what ktrace itself costs; and who holds up the others. */
final class HeaderSection {
    private HeaderSection() {
    }

    /** How many lines say who holds up the others. */
    static int verdictCount(Summary summary) {
        return (summary.verdict().bottleneck() == null ? 0 : 1) + (summary.verdict().ofBottleneck() == null ? 0 : 1)
                + (summary.verdict().stuck().isEmpty() ? 0 : 1);
    }

    /**
     * @param targets what is traced, as it was asked for; unescaped
     * @param elapsedNs since the start of the trace
     */
    static List<Line> lines(Summary summary, String targets, long elapsedNs, Page page) {
        Heading heading = Heading.of(summary, targets, elapsedNs, page.alphabet());
        List<Line> lines = new ArrayList<>(List.of(page.ends(Line.of(heading.what()), Line.of(heading.when())),
                page.ends(Line.of(heading.events()), Line.of(heading.self()))));
        if (summary.verdict().bottleneck() != null) {
            lines.add(Line.of(new VerdictSentence(summary.verdict().bottleneck(), page.alphabet(),
                    summary.scope() != Summary.Scope.FINAL).fit(page.width())));
        }
        if (summary.verdict().ofBottleneck() != null) {
            lines.add(Line.of(new ComputingSentence(summary.verdict().ofBottleneck(), page.alphabet()).fit(page.width())));
        }
        if (!summary.verdict().stuck().isEmpty()) {
            lines.add(Line.of(StuckSentence.of(summary.verdict().stuck().getFirst(), page.alphabet(), page.width())));
        }
        return lines;
    }
}
