package ktrace.view;

import java.util.function.IntFunction;

/**
 * One cell of a {@link Table}.
 *
 * @param width the columns it would like to have
 * @param draw makes it for so many columns; a longer line is cut
 */
record Cell(int width, IntFunction<Line> draw) {
    static Cell of(Line line) {
        return new Cell(line.width(), columns -> line);
    }

    static Cell of(String text, Style style) {
        return of(Line.of(text, style));
    }

    static Cell of(String text) {
        return of(text, Style.PLAIN);
    }
}
