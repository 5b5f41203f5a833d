package ktrace.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EscaperTest {

    @Test
    void plainTextStaysTheSameObject() {
        String text = "sort -n /tmp/x";
        assertSame(text, Escaper.UNICODE.escape(text));
        assertEquals("", Escaper.UNICODE.escape(""));
    }

    @Test
    void whatATerminalObeysIsShown() {
        assertEquals("\\x1b[2J\\x07", Escaper.UNICODE.escape("\u001b[2J\u0007"));
        assertEquals("a\\nb\\rc\\td\\x7f\\x00", Escaper.UNICODE.escape("a\nb\rc\td\u007f\0"));
        assertEquals("\\x9b31m\\x85", Escaper.UNICODE.escape("\u009b31m\u0085"));
    }

    @Test
    void whatHidesOrTurnsTextIsShown() {
        assertEquals("x\\u202ey\\u200b\\u2066\\ufeff\\u061c", Escaper.UNICODE.escape("x\u202ey\u200b\u2066\ufeff\u061c"));
        assertEquals("\\u2028\\u2029\\xad", Escaper.UNICODE.escape("\u2028\u2029\u00ad"));
        assertEquals("\\ud800x\\udc00", Escaper.UNICODE.escape("\ud800x\udc00"));
        assertEquals("\\U000e0041", Escaper.UNICODE.escape("\udb40\udc41"));
    }

    @Test
    void escapesCannotBeFaked() {
        assertEquals("\\\\x1b", Escaper.UNICODE.escape("\\x1b"));
    }

    /** In a sentence of ktrace's own a part may be escaped already. */
    @Test
    void aSentenceKeepsItsBackslashes() {
        assertEquals("cannot open C:\\x\\x1b: \\x1b[2J \\n \\u202e \\u2028", Escaper.SENTENCE.escape(
                "cannot open C:\\x\\x1b: \u001b[2J \n \u202e \u2028"));
    }

    @Test
    void lettersOfTheWorldStay() {
        assertEquals("größe 工作 Ж ↔ → 👍", Escaper.UNICODE.escape("größe 工作 Ж ↔ → 👍"));
        assertEquals("e\u0301", Escaper.UNICODE.escape("e\u0301"));
    }

    @Test
    void marksStandOnALetterAndAreFew() {
        assertEquals("\\u0301a", Escaper.UNICODE.escape("\u0301a"));
        assertEquals("a\u0301\u0302\\u0303b\u0301", Escaper.UNICODE.escape("a\u0301\u0302\u0303b\u0301"));
    }

    @Test
    void whatTerminalsMeasureInDifferentWaysIsShown() {
        assertEquals("❤\\ufe0f", Escaper.UNICODE.escape("❤\ufe0f"));
        assertEquals("👍\\U0001f3fd", Escaper.UNICODE.escape("👍🏽"));
        assertEquals("\\U0001f1e9\\U0001f1ea", Escaper.UNICODE.escape("🇩🇪"));
    }

    @Test
    void asciiTerminalsGetAscii() {
        assertEquals("gr\\xf6\\xdfe \\u5de5 a\\u0301", Escaper.ASCII.escape("größe 工 a\u0301"));
    }

    @Test
    void nothingDangerousComesOutOfRandomText() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 8; j++) {
                text.append((char) random.nextInt(random.nextBoolean() ? 0x300 : 0x10000));
            }
            String escaped = Escaper.UNICODE.escape(text.toString());
            escaped.codePoints().forEach(c -> {
                assertFalse(Character.isISOControl(c));
                int type = Character.getType(c);
                assertFalse(type == Character.FORMAT || type == Character.SURROGATE || type == Character.UNASSIGNED);
            });
            assertFalse(Escaper.SENTENCE.escape(text.toString()).codePoints().anyMatch(Unseen::is));
            assertTrue(Escaper.ASCII.escape(text.toString()).chars().allMatch(c -> c >= ' ' && c < 0x7f));
        }
    }
}
