package ktrace.view.tabs;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.Summary;
import ktrace.story.SortKey;
import ktrace.text.TextWidth;
import ktrace.view.screen.Key;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;
import ktrace.view.screen.Typed;
import ktrace.view.summary.SummaryPrinter;

/** What the live screen shows, and how keys change that. Not safe for several threads at once. */
public final class LivePage {
    private final SummaryPrinter printer;
    private final TabPage tabs;
    private Summary interval;
    private Summary soFar;
    private Summary newestInterval;
    private Summary newestSoFar;
    private SortKey sort;
    private boolean sinceStart;
    private boolean paused;
    private boolean help;
    /** The whole summary, scrolled; else what fits. */
    private boolean whole;
    private int scrolled;
    private int pageRows = 1;

    public LivePage(SummaryPrinter printer, SortKey sort) {
        this.printer = printer;
        this.sort = sort;
        tabs = new TabPage(printer);
    }

    public void show(Summary newInterval, Summary newSoFar) {
        newestInterval = newInterval;
        newestSoFar = newSoFar;
        if (!paused) {
            catchUp();
        }
    }

    private void catchUp() {
        interval = newestInterval;
        soFar = newestSoFar;
    }

    /** Whether a key is this page's; what ends or suspends the program, or draws it anew, is not. */
    public boolean takes(Typed key) {
        return switch (key.key()) {
            case QUIT -> tabs.isTyping() && !key.text().isEmpty();
            case REDRAW, SUSPEND -> false;
            default -> true;
        };
    }

    public void press(Typed key) {
        if (help) {
            help = false;
        } else if (tabs.isTyping()) {
            tabs.press(key);
        } else {
            press(key.key(), key);
        }
    }

    private void press(Key key, Typed typed) {
        switch (key) {
            case PAUSE -> {
                paused = !paused;
                if (!paused) {
                    catchUp();
                }
            }
            case PERIOD -> sinceStart = !sinceStart;
            case SORT -> sort = sort.next();
            case HELP -> help = true;
            case UP, DOWN, PAGE_UP, PAGE_DOWN, TOP, BOTTOM, ENTER -> {
                if (tabs.tab() == Tab.ALL) {
                    scroll(key);
                } else {
                    tabs.press(typed);
                }
            }
            case TAB, NEXT, PREVIOUS, FILTER, ESCAPE, ERASE -> tabs.press(typed);
            case QUIT, REDRAW, SUSPEND, OTHER -> { }
        }
    }

    private void scroll(Key key) {
        switch (key) {
            case UP -> scroll(-1);
            case PAGE_UP -> scroll(-pageRows);
            case PAGE_DOWN -> scroll(pageRows);
            case TOP -> scroll(Integer.MIN_VALUE / 2);
            case BOTTOM -> scroll(Integer.MAX_VALUE / 2);
            default -> scroll(1);
        }
    }

    private void scroll(int by) {
        if (!whole) {
            whole = by > 0;
            scrolled = by > 1 ? by : 0;
        } else {
            whole = scrolled + by >= 0;
            scrolled = Math.max(0, scrolled + by);
        }
    }

    /** At most {@code rows} lines, none longer than {@code columns}; the keys are in the last. */
    public List<Line> lines(int rows, int columns) {
        int free = Math.max(0, rows - 1);
        List<Line> lines = new ArrayList<>(help ? HelpPage.lines(printer.glyphs()) : content(free, columns));
        lines.replaceAll(line -> line.cut(columns, printer.glyphs().alphabet().ellipsis()));
        while (lines.size() > free) {
            lines.removeLast();
        }
        while (lines.size() < free) {
            lines.add(new Line());
        }
        if (rows > 0) {
            lines.add(keys(columns));
        }
        return lines;
    }

    private List<Line> content(int rows, int columns) {
        Summary shown = sinceStart ? soFar : interval;
        if (shown == null) {
            return List.of(Line.of(printer.targets()), new Line(),
                    Line.of("waiting for the first figures" + printer.glyphs().alphabet().ellipsis(), Style.FAINT));
        }
        if (tabs.tab() != Tab.ALL) {
            return tabs.lines(shown, soFar, rows, columns, sort);
        }
        Summary judged = shown.withVerdictOf(soFar);
        if (!whole) {
            return printer.fitted(judged, soFar.durationNs(), columns, rows, sort);
        }
        List<Line> all = printer.lines(judged, soFar.durationNs(), columns, sort);
        int head = printer.head(judged, soFar.durationNs(), columns).size();
        pageRows = Math.max(1, rows - head - 1);
        scrolled = Math.clamp(scrolled, 0, Math.max(0, all.size() - Math.max(rows, head)));
        List<Line> lines = new ArrayList<>(all.subList(0, head));
        lines.addAll(all.subList(head + scrolled, all.size()));
        return lines;
    }

    /** As many of the keys as there is room for, the most wanted first; help tells of the others. */
    private Line keys(int columns) {
        String right = paused ? "PAUSED " : "";
        int room = Math.max(0, columns - right.length() - 1);
        StringBuilder left = new StringBuilder();
        for (String key : keys()) {
            String next = (left.isEmpty() ? " " : "  ") + key;
            if (TextWidth.of(left.toString()) + TextWidth.of(next) <= room) {
                left.append(next);
            }
        }
        Line line = Line.of(left.toString(), Style.HELP);
        line.add(" ".repeat(Math.max(0, columns - line.width() - right.length())), Style.HELP).add(right, Style.HELP);
        return line;
    }

    private List<String> keys() {
        if (tabs.isTyping()) {
            return List.of("type what a row must have", " Enter keep", " Esc all rows");
        }
        String scroll = printer.glyphs().upDown() + " scroll";
        List<String> keys = new ArrayList<>(tabs.tab() == Tab.ALL ? List.of("q quit", "? help", "1-5 tabs", scroll)
                : tabs.isOpen() ? List.of("q quit", "? help", "Esc back", scroll)
                : List.of("q quit", "? help", "Enter chain", "/ filter"));
        keys.addAll(List.of("t " + (sinceStart ? "last interval" : "since start"), "s sort: " + sort,
                "p " + (paused ? "go on" : "pause")));
        return keys;
    }
}
