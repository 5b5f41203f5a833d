package ktrace.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;
import org.junit.jupiter.api.Test;

class TextWidthTest {

    @Test
    void wideAndCombining() {
        assertEquals(4, TextWidth.of("sort"));
        assertEquals(6, TextWidth.of("工作者"));
        assertEquals(1, TextWidth.of("e\u0301"));
        assertEquals(2, TextWidth.of("👍"));
        assertEquals(4, TextWidth.of("ﾊﾝｶｸ"));
        assertEquals(2, TextWidth.of("Ａ"));
        assertEquals(10, TextWidth.of("▁▂▃▅▇█▓▒░←"));
    }

    @Test
    void cutsByColumnsNotByCharacters() {
        assertEquals("工作…", TextWidth.cut("工作者だ", 6, "…"));
        assertEquals("工作…", TextWidth.cut("工作者だ", 5, "…"));
        assertEquals("工", TextWidth.cut("工作者", 2, "..."));
        assertEquals("", TextWidth.cut("工作者", 0, "…"));
        assertEquals("e\u0301…", TextWidth.cut("e\u0301e\u0301e\u0301", 2, "…"));
        assertEquals("abc", TextWidth.cut("abc", 3, "…"));
    }

    @Test
    void theMiddleGivesWay() {
        assertEquals("/var…/log", TextWidth.cutMiddle("/var/lib/long/log", 9, "…"));
        assertEquals("工…者", TextWidth.cutMiddle("工作工作者", 5, "…"));
        assertEquals("a…", TextWidth.cutMiddle("abcdef", 2, "…"));
        assertEquals("\u0301", "e\u0301".substring(1));
        assertEquals("x", TextWidth.tail("e\u0301x", 1));
    }

    /** JLine has tables of its own: over the scripts that comms are written in, both must agree. */
    @Test
    void agreesWithAnotherTable() {
        List<String> differences = new ArrayList<>();
        int[][] blocks = {{0x20, 0x7e}, {0xa1, 0x24f}, {0x370, 0x52f}, {0x2500, 0x259f}, {0x3041, 0x30ff}, {0x4e00, 0x9fff},
            {0xac00, 0xd7a3}, {0xff01, 0xff9f}, {0x20000, 0x2a6df}};
        for (int[] block : blocks) {
            for (int c = block[0]; c <= block[1]; c++) {
                String text = Character.toString(c);
                if (Escaper.UNICODE.escape(text).equals(text) && TextWidth.of(c) != WCWidth.wcwidth(c)) {
                    differences.add(Integer.toHexString(c));
                }
            }
        }
        assertTrue(differences.isEmpty(), differences.toString());
    }
}
