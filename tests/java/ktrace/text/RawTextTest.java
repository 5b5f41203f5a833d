package ktrace.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RawTextTest {
    @Test
    void whatIsUtf8IsItself() {
        for (String text : new String[] {"", "plain", "grün → 日本", "\ud83d\ude00 and \ufffd"}) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            assertEquals(text, RawText.of(utf8));
            assertArrayEquals(utf8, RawText.bytes(text));
        }
    }

    @Test
    void bytesThatAreNoCharacterAreShownAsWhatTheyAre() {
        String text = RawText.of(new byte[] {'a', (byte) 0xff, (byte) 0xe9, 'b', (byte) 0xe2, (byte) 0x86});
        assertEquals("a\\xff\\xe9b\\xe2\\x86", Escaper.UNICODE.escape(text));
    }

    @Test
    void everyArrayOfBytesComesBack() {
        Random random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            if (round % 2 == 0 && bytes.length > 4) {
                System.arraycopy("é→".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, Math.min(5, bytes.length));
            }
            assertArrayEquals(bytes, RawText.bytes(RawText.of(bytes)));
        }
    }
}
