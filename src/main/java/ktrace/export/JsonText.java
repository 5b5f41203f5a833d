package ktrace.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.Serial;
import ktrace.text.Unseen;

/**
 * How names of traced processes go into JSON. Everything printable stays as it is; what a terminal would obey is written as an
 * escape even where JSON (RFC 8259) would allow it raw: DEL, the C1 controls, and characters without a shape. Those beyond the
 * first plane, whatever they are, Jackson writes as escapes.
 */
public final class JsonText extends CharacterEscapes {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int DEL = 0x7f;

    private final transient int[] ascii;

    /** What writes JSON so, and leaves the stream to its owner. */
    public static JsonFactory factory() {
        return JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET, StreamWriteFeature.AUTO_CLOSE_CONTENT)
                .build().setCharacterEscapes(new JsonText());
    }

    JsonText() {
        ascii = standardAsciiEscapesForJSON();
        ascii[DEL] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii;
    }

    /** Asked for characters beyond ASCII, one UTF-16 unit at a time; null leaves it as it is. */
    @Override
    public SerializableString getEscapeSequence(int ch) {
        return Unseen.is(ch) ? new SerializedString(Unseen.escaped(ch)) : null;
    }

    /** The text with each half of a surrogate pair that stands alone replaced by U+FFFD: it has no UTF-8. */
    public static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return replaceLoneSurrogates(text);
            }
        }
        return text;
    }

    private static String replaceLoneSurrogates(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c ->
                out.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c));
        return out.toString();
    }
}
