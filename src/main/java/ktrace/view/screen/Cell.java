package ktrace.view.screen;

import java.util.function.IntFunction;
import ktrace.story.Telling;

/**
 * One cell of a {@link Table}.
 *
 * @param width the columns it would like to have
 * @param draw makes it for so many columns; a longer line is cut
 */
public record Cell(int width, IntFunction<Line> draw) {
    public static Cell of(Line line) {
        return new Cell(line.width(), columns -> line);
    }

    public static Cell of(String text, Style style) {
        return of(Line.of(text, style));
    }

    public static Cell of(Telling telling) {
        return of(Line.of(telling));
    }

    public static Cell of(String text) {
        return of(text, Style.PLAIN);
    }
}
