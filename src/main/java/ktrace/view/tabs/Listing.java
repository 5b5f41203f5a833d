package ktrace.view.tabs;

import java.util.ArrayList;
import java.util.List;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;

/** A list that is longer than the screen, one row of which is chosen. The choice stays with its row when figures change. */
final class Listing {
    private static final String CHOSEN = ">";

    private List<Entry> entries = List.of();
    private String chosen = "";
    private int at;
    private int first;
    private int pageEntries = 1;

    /** The rows as they are now. */
    void show(List<Entry> now) {
        entries = now;
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).key().equals(chosen)) {
                at = i;
                return;
            }
        }
        choose(at);
    }

    void move(int by) {
        choose(Math.clamp((long) at + by, 0, Math.max(0, entries.size() - 1)));
    }

    void page(int by) {
        move(by * pageEntries);
    }

    private void choose(int index) {
        at = Math.clamp(index, 0, Math.max(0, entries.size() - 1));
        // What nobody has chosen is whatever stands first.
        chosen = entries.isEmpty() || at == 0 ? "" : entries.get(at).key();
    }

    /** Null when there is none. */
    Entry chosen() {
        return entries.isEmpty() ? null : entries.get(Math.min(at, entries.size() - 1));
    }

    /** So much of it as fits into {@code rows}, the chosen row with a mark before it. */
    List<Line> lines(int rows, int columns) {
        if (entries.isEmpty() || rows <= 0) {
            return List.of();
        }
        first = Math.clamp(first, 0, at);
        while (first < at && height(first, at) > rows) {
            first++;
        }
        // Not more empty than need be.
        while (first > 0 && height(first - 1, entries.size() - 1) <= rows) {
            first--;
        }
        List<Line> lines = new ArrayList<>();
        int shown = 0;
        for (int i = first; i < entries.size() && lines.size() + entries.get(i).lines().size() <= rows; i++) {
            for (Line line : entries.get(i).lines()) {
                lines.add(i == at ? marked(line, columns, entries.get(i).lines().getFirst() == line) : new Line().add(" ").add(line));
            }
            shown++;
        }
        pageEntries = Math.max(1, shown - 1);
        return lines;
    }

    private static Line marked(Line line, int columns, boolean isFirst) {
        String text = (isFirst ? CHOSEN : " ") + line.plain();
        return Line.of(text, Style.HELP).add(" ".repeat(Math.max(0, columns - Line.of(text).width())), Style.HELP);
    }

    private int height(int from, int to) {
        int height = 0;
        for (int i = from; i <= to && height < 1000; i++) {
            height += entries.get(i).lines().size();
        }
        return height;
    }

    /** {@code 3 of 12}. */
    String position() {
        return entries.isEmpty() ? "none" : at + 1 + " of " + entries.size();
    }
}
