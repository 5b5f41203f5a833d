package ktrace.view.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTest {

    @Test
    void letters() {
        assertEquals(List.of(Key.QUIT), keys("q"));
        assertEquals(List.of(Key.SORT, Key.PERIOD, Key.PAUSE, Key.HELP), keys("st ?"));
        assertEquals(List.of(Key.QUIT), keys("\u0003"), "Ctrl-C");
        assertEquals(List.of(Key.REDRAW), keys("\u000c"), "Ctrl-L");
    }

    @Test
    void cursorKeysInBothModes() {
        assertEquals(List.of(Key.UP, Key.DOWN, Key.UP, Key.DOWN), keys("\u001b[A\u001b[B\u001bOA\u001bOB"));
        assertEquals(List.of(Key.PAGE_UP, Key.PAGE_DOWN, Key.TOP, Key.BOTTOM), keys("\u001b[5~\u001b[6~\u001b[H\u001b[F"));
    }

    @Test
    void whatMeansNothingIsSomeOtherKey() {
        assertEquals(List.of(Key.OTHER, Key.OTHER), keys("xy"));
        assertEquals(List.of(Key.OTHER, Key.QUIT), keys("\u001b[1;5Cq"), "the letters inside a sequence are no keys");
        assertEquals(List.of(Key.ESCAPE), keys("\u001b"));
        assertEquals(List.of(Key.OTHER), keys("\u001b["));
    }

    @Test
    void digitsAndWhatIsTypedHaveTheirText() {
        byte[] bytes = "3q é→/".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(new Typed(Key.TAB, "3"), new Typed(Key.QUIT, "q"), new Typed(Key.PAUSE, " "), new Typed(Key.OTHER, "é"),
                new Typed(Key.OTHER, "→"), new Typed(Key.FILTER, "/")), Key.decode(bytes, bytes.length));
        assertEquals(List.of(Key.ENTER, Key.NEXT, Key.ERASE, Key.ERASE, Key.NEXT, Key.PREVIOUS), keys("\r\t\u007f\b\u001b[C\u001bOD"));
    }

    /** Over a slow line. */
    @Test
    void aSequenceThatIsCutIsKnown() {
        for (String cut : List.of("\u001b", "\u001b[", "q\u001b[5", "\u001bO")) {
            assertTrue(Key.isCut(cut.getBytes(StandardCharsets.UTF_8), cut.length()), cut);
        }
        for (String whole : List.of("q", "\u001b[A", "\u001b[5~", "\u001bOA", "\u001b[Aq", "\u001bx")) {
            assertFalse(Key.isCut(whole.getBytes(StandardCharsets.UTF_8), whole.length()), whole);
        }
    }

    @Test
    void randomBytesAreRead() {
        Random random = new Random(3);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(bytes);
            int length = random.nextInt(bytes.length);
            Key.isCut(bytes, length);
            Key.decode(bytes, length);
        }
    }

    private static List<Key> keys(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        return Key.decode(bytes, bytes.length).stream().map(Typed::key).toList();
    }
}
