package ktrace.story;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import ktrace.text.TextWidth;

/** A stretch of text in pieces while it is put together, printable throughout: what came from traced processes is escaped. */
public final class Telling {
    /** Text in one tone; not empty. */
    public record Piece(String text, Tone tone) {
    }

    private final List<Piece> pieces = new ArrayList<>();
    private int width;

    public static Telling of(String text) {
        return of(text, Tone.PLAIN);
    }

    public static Telling of(String text, Tone tone) {
        return new Telling().add(text, tone);
    }

    /**
     * The longest that is not wider than {@code columns}, or the shortest.
     *
     * @param parts what gives way, in this order
     * @param told by the parts that are left
     */
    public static <P extends Enum<P>> Telling fitting(Class<P> parts, Function<Set<P>, Telling> told, int columns) {
        Set<P> left = EnumSet.allOf(parts);
        Telling sentence = told.apply(left);
        for (P part : EnumSet.allOf(parts)) {
            if (sentence.width() > columns) {
                left.remove(part);
                sentence = told.apply(left);
            }
        }
        return sentence;
    }

    public Telling add(String text) {
        return add(text, Tone.PLAIN);
    }

    public Telling add(String text, Tone tone) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(text, tone));
            width += TextWidth.of(text);
        }
        return this;
    }

    public Telling add(Telling other) {
        pieces.addAll(other.pieces);
        width += other.width;
        return this;
    }

    public List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    /** Columns of a font whose characters are of one width. */
    public int width() {
        return width;
    }

    /** The text without its tones. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        pieces.forEach(piece -> out.append(piece.text));
        return out.toString();
    }
}
