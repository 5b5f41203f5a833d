package ktrace.view.screen;

import java.util.ArrayList;
import java.util.List;
import ktrace.story.Telling;
import ktrace.text.Escaper;
import ktrace.text.TextWidth;

/** One line of styled text while it is put together. All text added must be free of control characters: see {@link Escaper}. */
public final class Line {
    /** A piece in one style. */
    record Span(String text, Style style) {
    }

    private final List<Span> spans = new ArrayList<>();
    private int width;

    public static Line of(String text, Style style) {
        return new Line().add(text, style);
    }

    public static Line of(String text) {
        return of(text, Style.PLAIN);
    }

    public static Line of(Telling telling) {
        return new Line().add(telling);
    }

    public Line add(String text) {
        return add(text, Style.PLAIN);
    }

    public Line add(String text, Style style) {
        if (!text.isEmpty()) {
            spans.add(new Span(text, style));
            width += TextWidth.of(text);
        }
        return this;
    }

    public Line add(Telling telling) {
        telling.pieces().forEach(piece -> add(piece.text(), Style.of(piece.tone())));
        return this;
    }

    public Line add(Line other) {
        spans.addAll(other.spans);
        width += other.width;
        return this;
    }

    /** Blanks up to {@code column}; none when the text is already longer. */
    public Line padTo(int column) {
        return column > width ? add(" ".repeat(column - width)) : this;
    }

    /** Columns on the terminal. */
    public int width() {
        return width;
    }

    /** The line if it fits into {@code columns}, else its beginning with {@code ellipsis} at the end. */
    public Line cut(int columns, String ellipsis) {
        if (width <= columns) {
            return this;
        }
        Line cut = new Line();
        int room = Math.max(0, columns - ellipsis.length());
        for (Span span : spans) {
            String head = TextWidth.head(span.text, room - cut.width);
            cut.add(head, span.style);
            if (head.length() < span.text.length()) {
                break;
            }
        }
        return columns < ellipsis.length() ? cut : cut.add(ellipsis, Style.FAINT);
    }

    /** Without blanks at the end, and without styles. */
    public String plain() {
        StringBuilder out = new StringBuilder();
        spans.forEach(span -> out.append(span.text));
        return out.toString().stripTrailing();
    }

    /** With SGR sequences, each ended where its piece ends. */
    public String ansi() {
        StringBuilder out = new StringBuilder();
        for (Span span : spans) {
            if (span.style.sgr().isEmpty()) {
                out.append(span.text);
            } else {
                out.append("\u001b[").append(span.style.sgr()).append('m').append(span.text).append("\u001b[m");
            }
        }
        return out.toString().stripTrailing();
    }
}
