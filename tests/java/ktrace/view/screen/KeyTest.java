package ktrace.view.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        assertEquals(List.of(Key.OTHER), keys("\u001b"));
        assertEquals(List.of(Key.OTHER), keys("\u001b["));
    }

    @Test
    void randomBytesAreRead() {
        Random random = new Random(3);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(bytes);
            Key.decode(bytes, random.nextInt(bytes.length));
        }
    }

    private static List<Key> keys(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        return Key.decode(bytes, bytes.length);
    }
}
