package ktrace.view.tabs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ktrace.analysis.Summary;
import ktrace.story.Samples;
import ktrace.story.SortKey;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Key;
import ktrace.view.screen.Line;
import ktrace.view.screen.Typed;
import ktrace.view.summary.SummaryPrinter;
import org.junit.jupiter.api.Test;

class LivePageTest {
    private final LivePage page = new LivePage(new SummaryPrinter("-p 1", 0, Glyphs.UNICODE), SortKey.TIME);

    @Test
    void saysSoWhileThereIsNothingToShow() {
        assertEquals("waiting for the first figures…", text(24, 80).get(2));
    }

    @Test
    void alwaysAsManyLinesAsTheScreenHasRowsAndNoneTooLong() {
        show(1);
        for (int rows = 0; rows < 60; rows++) {
            for (int columns : new int[] {1, 20, 80, 200}) {
                List<Line> lines = page.lines(rows, columns);
                assertEquals(rows, lines.size());
                lines.forEach(line -> assertTrue(line.width() <= columns, line.plain()));
            }
            press(rows % 2 == 0 ? Key.DOWN : Key.HELP);
        }
    }

    @Test
    void togglesBetweenTheIntervalAndTheWhole() {
        show(9);
        assertTrue(text(24, 80).getFirst().endsWith("last 1 s of 9 s"), text(24, 80).getFirst());
        press(Key.PERIOD);
        assertTrue(text(24, 80).getFirst().endsWith("all 9 s so far"));
        press(Key.PERIOD);
        assertTrue(text(24, 80).getFirst().endsWith("last 1 s of 9 s"));
    }

    @Test
    void holdsStillWhilePausedAndThenCatchesUp() {
        show(9);
        press(Key.PAUSE);
        show(10);
        assertTrue(text(24, 80).getFirst().endsWith("of 9 s"));
        assertTrue(text(24, 80).getLast().contains("PAUSED"));
        press(Key.PAUSE);
        assertTrue(text(24, 80).getFirst().endsWith("of 10 s"));
    }

    @Test
    void goesThroughTheSortKeys() {
        show(1);
        assertTrue(text(24, 80).getLast().contains("sort: time"));
        press(Key.SORT);
        assertTrue(text(24, 80).getLast().contains("sort: wait"));
        for (int i = 1; i < SortKey.values().length; i++) {
            press(Key.SORT);
        }
        assertTrue(text(24, 80).getLast().contains("sort: time"));
    }

    @Test
    void scrollsUnderItsHeaderAndBack() {
        show(1);
        List<String> fitted = text(24, 80);
        press(Key.DOWN);
        List<String> whole = text(24, 80);
        assertNotEquals(fitted, whole);
        press(Key.DOWN);
        List<String> down = text(24, 80);
        assertEquals(whole.subList(0, 2), down.subList(0, 2));
        assertEquals(whole.subList(3, 23), down.subList(2, 22));
        press(Key.BOTTOM);
        List<String> bottom = text(24, 80);
        assertTrue(bottom.get(21).startsWith("note"), bottom.toString());
        press(Key.DOWN);
        assertEquals(bottom, text(24, 80));
        press(Key.UP);
        assertEquals(bottom.subList(3, 22), text(24, 80).subList(4, 23), "from the bottom one key is one line");
        press(Key.TOP);
        assertEquals(fitted, text(24, 80));
    }

    @Test
    void anyKeyLeavesTheHelp() {
        show(1);
        press(Key.HELP);
        assertTrue(text(24, 80).getFirst().contains("who waits for whom"));
        press(Key.SORT);
        assertTrue(text(24, 80).getFirst().startsWith("ktrace -p 1"));
        assertTrue(text(24, 80).getLast().contains("sort: time"));
    }

    /** Half a word tells no key. */
    @Test
    void noKeyIsCutInTwo() {
        show(1);
        for (Tab tab : Tab.values()) {
            for (int columns = 1; columns < 120; columns++) {
                keysAreWhole(columns, "p pause");
                press(Key.PAUSE);
                keysAreWhole(columns, "p go on");
                press(Key.PAUSE);
            }
            press(Key.TAB);
        }
    }

    private void keysAreWhole(int columns, String pause) {
        for (String key : text(24, columns).getLast().replace("PAUSED", "").strip().split("  +")) {
            assertTrue(columns < 20 || List.of("q quit", "? help", "1-5 tabs", "↑↓ scroll", "Enter chain", "/ filter", "t since start",
                    "s sort: time", pause, "").contains(key), columns + ": " + key);
        }
    }

    @Test
    void theHelpFitsAUsualTerminal() {
        for (Glyphs glyphs : List.of(Glyphs.UNICODE, Glyphs.ASCII)) {
            List<Line> lines = HelpPage.lines(glyphs);
            assertTrue(lines.size() <= 23);
            lines.forEach(line -> assertTrue(line.width() <= 80, line.plain()));
        }
        for (SortKey key : SortKey.values()) {
            assertTrue(HelpPage.lines(Glyphs.UNICODE).stream().anyMatch(l -> l.plain().contains(" " + key)), key.toString());
        }
    }

    private void press(Key key) {
        page.press(Typed.of(key));
    }

    private void show(int seconds) {
        page.show(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S), Samples.pipeline(Summary.Scope.SO_FAR, seconds * Samples.S));
    }

    private List<String> text(int rows, int columns) {
        return page.lines(rows, columns).stream().map(Line::plain).toList();
    }
}
