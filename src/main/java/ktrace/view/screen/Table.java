package ktrace.view.screen;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose columns align. Each column is as wide as its widest cell; then one column, the elastic one, takes what the others
 * leave, or gives what they lack.
 */
public final class Table {
    private enum Align { LEFT, RIGHT }

    private record Column(Line title, Align align, int minWidth, int maxWidth) {
    }

    private final List<Column> columns = new ArrayList<>();
    private final List<List<Cell>> rows = new ArrayList<>();
    private final int gap;
    private int elastic = -1;

    /** @param gap blanks between columns */
    public Table(int gap) {
        this.gap = gap;
    }

    public Table left(String title, int minWidth, int maxWidth) {
        columns.add(new Column(Line.of(title, Style.STRONG), Align.LEFT, minWidth, maxWidth));
        return this;
    }

    public Table right(String title, int minWidth) {
        return right(Line.of(title, Style.STRONG), minWidth);
    }

    public Table right(Line title, int minWidth) {
        columns.add(new Column(title, Align.RIGHT, minWidth, Integer.MAX_VALUE));
        return this;
    }

    /** The column that takes the rest of the width, within its bounds. */
    public Table elastic(String title, int minWidth, int maxWidth) {
        elastic = columns.size();
        return left(title, minWidth, maxWidth);
    }

    public void row(List<Cell> cells) {
        rows.add(cells);
    }

    /** The rows under a line of titles, each at most {@code width} columns wide. */
    public List<Line> lines(int width, String ellipsis) {
        int[] widths = widths(width);
        List<Line> lines = new ArrayList<>();
        Line titles = new Line();
        for (int c = 0; c < widths.length; c++) {
            Column column = columns.get(c);
            append(titles, column.title, c, widths[c], ellipsis);
        }
        lines.add(titles.cut(width, ellipsis));
        for (List<Cell> row : rows) {
            Line line = new Line();
            for (int c = 0; c < widths.length; c++) {
                append(line, row.get(c).draw().apply(widths[c]), c, widths[c], ellipsis);
            }
            lines.add(line.cut(width, ellipsis));
        }
        return lines;
    }

    private void append(Line line, Line cell, int c, int width, String ellipsis) {
        if (c > 0) {
            line.add(" ".repeat(gap));
        }
        Line cut = cell.cut(width, ellipsis);
        int start = line.width();
        if (columns.get(c).align == Align.RIGHT) {
            line.padTo(start + width - cut.width());
        }
        line.add(cut);
        if (c < columns.size() - 1) {
            line.padTo(start + width);
        }
    }

    private int[] widths(int width) {
        int[] widths = new int[columns.size()];
        int others = gap * (columns.size() - 1);
        for (int c = 0; c < widths.length; c++) {
            Column column = columns.get(c);
            int natural = column.title.width();
            for (List<Cell> row : rows) {
                natural = Math.max(natural, row.get(c).width());
            }
            widths[c] = Math.min(Math.max(natural, column.minWidth), Math.max(column.maxWidth, column.minWidth));
            others += c == elastic ? 0 : widths[c];
        }
        if (elastic >= 0) {
            Column column = columns.get(elastic);
            widths[elastic] = Math.clamp(width - others, column.minWidth, Math.max(column.minWidth, column.maxWidth));
        }
        return widths;
    }
}
