package ktrace.view.tabs;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.Summary;
import ktrace.story.Alphabet;
import ktrace.story.SortKey;
import ktrace.text.TextWidth;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Typed;
import ktrace.view.summary.SummaryPrinter;

/**
 * One list of a summary at a time under its head and the verdict, filtered by what is typed; or, of the row that was opened, the
 * chain. Not safe for several threads at once.
 */
final class TabPage {
    private static final int LONGEST_FILTER = 60;

    private final SummaryPrinter printer;
    private Tab tab = Tab.ALL;
    private Listing listing = new Listing();
    private String filter = "";
    private boolean typing;
    private boolean open;
    private int scrolled;
    private int chainRows = 1;

    TabPage(SummaryPrinter printer) {
        this.printer = printer;
    }

    Tab tab() {
        return tab;
    }

    boolean isTyping() {
        return typing;
    }

    /** A row's chain is shown, and not the list. */
    boolean isOpen() {
        return open;
    }

    void press(Typed key) {
        if (typing) {
            type(key);
            return;
        }
        switch (key.key()) {
            case TAB -> to(Tab.of(key.text()));
            case NEXT -> to(tab.next(1));
            case PREVIOUS -> to(tab.next(-1));
            case FILTER -> {
                to(tab == Tab.ALL ? Tab.PROCESSES : tab);
                open = false;
                typing = true;
            }
            case ESCAPE, ERASE -> {
                if (open) {
                    open = false;
                } else {
                    filter = "";
                }
            }
            case ENTER -> {
                open = !open;
                scrolled = 0;
            }
            case UP -> move(-1);
            case DOWN -> move(1);
            case PAGE_UP -> page(-1);
            case PAGE_DOWN -> page(1);
            case TOP -> move(Integer.MIN_VALUE / 2);
            case BOTTOM -> move(Integer.MAX_VALUE / 2);
            default -> { }
        }
    }

    private void to(Tab other) {
        if (other != null && other != tab) {
            tab = other;
            listing = new Listing();
            open = false;
        }
    }

    private void move(int by) {
        if (open) {
            scrolled += by;
        } else {
            listing.move(by);
        }
    }

    private void page(int by) {
        if (open) {
            scrolled += by * chainRows;
        } else {
            listing.page(by);
        }
    }

    private void type(Typed key) {
        switch (key.key()) {
            case ENTER -> typing = false;
            case ESCAPE -> {
                typing = false;
                filter = "";
            }
            case ERASE -> filter = filter.isEmpty() ? "" : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1));
            case UP, DOWN, PAGE_UP, PAGE_DOWN -> {
                if (key.text().isEmpty()) {
                    typing = false;
                    press(key);
                } else {
                    append(key.text());
                }
            }
            default -> append(key.text());
        }
    }

    private void append(String text) {
        filter = filter.length() + text.length() > LONGEST_FILTER ? filter : filter + text;
    }

    /**
     * At most {@code rows} lines.
     *
     * @param soFar since the begin of the trace, with the verdict
     */
    List<Line> lines(Summary shown, Summary soFar, int rows, int columns, SortKey sort) {
        List<Line> lines = head(shown, soFar, columns);
        Lists lists = new Lists(shown, soFar, columns, sort, printer.glyphs());
        Lists.Titled titled = lists.of(tab);
        List<Entry> entries = filter.isBlank() ? titled.entries() : titled.entries().stream().filter(e -> e.matches(filter)).toList();
        listing.show(entries);
        lines.add(bar(columns));
        if (open && listing.chosen() != null) {
            chain(lines, listing.chosen().chain().get(), rows);
            return lines;
        }
        open = false;
        lines.add(new Line().add(" ").add(titled.title()));
        if (entries.isEmpty()) {
            lines.add(Line.of(" " + (titled.entries().isEmpty() ? nothing() : "no row has \"" + alphabet().escape(filter) + "\""), Style.FAINT));
        }
        lines.addAll(listing.lines(rows - lines.size(), columns));
        return lines;
    }

    private void chain(List<Line> lines, List<Line> chain, int rows) {
        chainRows = Math.max(1, rows - lines.size());
        scrolled = Math.clamp(scrolled, 0, Math.max(0, chain.size() - chainRows));
        chain.subList(scrolled, Math.min(chain.size(), scrolled + chainRows)).forEach(line -> lines.add(new Line().add(" ").add(line)));
    }

    private String nothing() {
        return switch (tab) {
            case GRAPH -> "nobody has waited for anybody since the start";
            case WAITS -> "nobody waited";
            case CALLS -> "no system call returned";
            case CONNECTIONS -> "nobody waited at a pipe, a socket or a queue";
            case ALL, PROCESSES -> "nothing was heard of a traced process in this time";
        };
    }

    /** Whom, how, since when; what is lost; and who holds up the others since the begin. */
    private List<Line> head(Summary shown, Summary soFar, int columns) {
        List<Line> lines = new ArrayList<>(printer.head(shown.withVerdictOf(soFar), soFar.durationNs(), columns));
        if (soFar.verdict().bottleneck() == null) {
            lines.add(Line.of("no bottleneck: nobody has kept others waiting to speak of", Style.FAINT));
        }
        return lines;
    }

    /** The tabs, the one that is shown in brackets; which row is chosen, and the filter. */
    private Line bar(int columns) {
        Line line = new Line();
        for (Tab each : Tab.values()) {
            String name = each.ordinal() + " " + each;
            line.add(each == tab ? "[" + name + "]" : " " + name + " ", each == tab ? Style.STRONG : Style.FAINT);
        }
        line.add(" ").add(listing.position(), Style.FAINT);
        if (typing || !filter.isEmpty()) {
            // What was typed last is what is looked at.
            String typed = "/" + alphabet().escape(filter) + (typing ? "_" : "");
            line.add(" ").add(TextWidth.tail(typed, Math.max(0, columns - line.width())), Style.DOUBT);
        }
        return line;
    }

    private Alphabet alphabet() {
        return printer.glyphs().alphabet();
    }
}
