package ktrace.view.summary;

import ktrace.story.Alphabet;
import ktrace.story.Fold;
import ktrace.story.SortKey;
import ktrace.story.Units;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Line;

/**
 * What all sections of one page share.
 *
 * @param width columns of the page; no line is longer
 * @param fitted whether it shall fit a screen: one line for each row then, and no blank lines where rows are few
 * @param sort what comes first
 */
public record Page(int width, boolean fitted, Budget budget, SortKey sort, Glyphs glyphs) {
    /** From here on the figures of a wait stand in one line with its sentence. */
    private static final int WIDE = 120;

    public boolean isWide() {
        return width >= WIDE;
    }

    /** One short line for what otherwise takes two. */
    boolean isCompact() {
        return fitted && !isWide();
    }

    public Alphabet alphabet() {
        return glyphs.alphabet();
    }

    public Units units() {
        return alphabet().units();
    }

    public String ellipsis() {
        return alphabet().ellipsis();
    }

    /** {@code … and 37 more processes}. */
    Line more(int count, String one, String many) {
        return Line.of("  ").add(Fold.more(count, one, many, alphabet()));
    }

    /** Two lines of text at the two ends of one; the left one gives way, and where little would be left of it the right one. */
    Line ends(Line left, Line right) {
        if (right.width() + Math.min(left.width(), width / 2) >= width) {
            return left.cut(width, ellipsis());
        }
        Line cut = left.cut(Math.max(0, width - right.width() - 1), ellipsis());
        return new Line().add(cut).padTo(width - right.width()).add(right);
    }
}
