package ktrace.view.tabs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ktrace.Golden;
import ktrace.analysis.Cause;
import ktrace.analysis.Summary;
import ktrace.analysis.Verdict;
import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.graph.Node;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.story.Samples;
import ktrace.story.SortKey;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Key;
import ktrace.view.screen.Line;
import ktrace.view.screen.Typed;
import ktrace.view.summary.SummaryPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tabs of the live screen, as text. */
class TabsTest {
    private final LivePage page = new LivePage(new SummaryPrinter("-p 1", 0, Glyphs.UNICODE), SortKey.TIME);

    private void show() {
        show(Samples.judged(Samples.bottleneck(Cause.SLEEPS, Verdict.Confidence.LIKELY)));
    }

    private void show(Summary sample) {
        page.show(new Summary(Summary.Scope.INTERVAL, sample.collector(), sample.startNs(), sample.durationNs(), sample.events(),
                sample.syscallEvents(), sample.lost(), sample.counters(), sample.self(), sample.processes()),
                new Summary(Summary.Scope.SO_FAR, sample.collector(), sample.startNs(), sample.durationNs(), sample.events(),
                        sample.syscallEvents(), sample.lost(), sample.counters(), sample.self(), sample.processes(), sample.verdict(),
                        sample.graph()));
    }

    private void press(Key key) {
        page.press(Typed.of(key));
    }

    private void type(String text) {
        text.codePoints().forEach(c -> page.press(new Typed(c == ' ' ? Key.PAUSE : c == 's' ? Key.SORT : Key.OTHER, Character.toString(c))));
    }

    private void tab(Tab tab) {
        page.press(new Typed(Key.TAB, Integer.toString(tab.ordinal())));
    }

    private List<String> text(int rows, int columns) {
        List<Line> lines = page.lines(rows, columns);
        assertEquals(rows, lines.size());
        lines.forEach(line -> assertTrue(line.width() <= columns, line.plain()));
        return lines.stream().map(Line::plain).toList();
    }

    /** With names as long as they may be, in a kind of a long name, and great figures. */
    @Test
    void whatIsSaidOfAnEdgeFitsBesideTheWidestFigures() {
        Node one = new Node(4_194_301, 0, "a-name-of-fiftn");
        Node two = new Node(4_194_302, 0, "b-name-of-fiftn");
        Node three = new Node(4_194_303, 0, "c-name-of-fiftn");
        Graph graph = Graph.of(List.of(edge(one, two), edge(two, three), edge(three, two), edge(one, three)),
                new Graph.LeftOut(0, 0, 0));
        Summary sample = Samples.judged(Samples.bottleneck(Cause.SLEEPS, Verdict.Confidence.LIKELY));
        show(new Summary(Summary.Scope.FINAL, sample.collector(), 0, sample.durationNs(), 1, 1, 0, Map.of(), sample.self(),
                sample.processes(), sample.verdict(), graph));
        tab(Tab.GRAPH);
        List<String> lines = text(24, 80);
        assertEquals(2, lines.stream().filter(line -> line.stripTrailing().endsWith(" above")).count(), String.join("\n", lines));
        assertEquals(1, lines.stream().filter(line -> line.stripTrailing().endsWith(" circle")).count(), String.join("\n", lines));
    }

    private static Edge edge(Node from, Node to) {
        return new Edge(from, to, ObjectKind.FILELOCK, 123_456, 100_900_000_000L, 999_000_000, 1023L << 20, Evidence.INTERRUPT, 0, 0, 0);
    }

    private String frame(int columns) {
        return text(24, columns).stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource(value = Tab.class, mode = EnumSource.Mode.EXCLUDE, names = "ALL")
    void frames(Tab tab) throws IOException {
        show();
        tab(tab);
        Golden.assertMatches("tab-" + tab + "-80.txt", frame(80));
        Golden.assertMatches("tab-" + tab + "-200.txt", frame(200));
        press(Key.ENTER);
        Golden.assertMatches("tab-" + tab + "-chain-80.txt", frame(80));
    }

    @ParameterizedTest
    @EnumSource(Tab.class)
    void everyTabFitsEveryScreenAndEverySample(Tab tab) {
        for (Summary sample : List.of(Samples.empty(), Samples.hostile(), Samples.crowd(300), Samples.everyKind(), Samples.threads())) {
            show(sample);
            tab(tab);
            for (int rows : new int[] {0, 1, 3, 7, 24, 60}) {
                for (int columns : new int[] {1, 20, 80, 200}) {
                    text(rows, columns);
                    press(Key.ENTER);
                    text(rows, columns);
                    press(Key.ENTER);
                    press(Key.PAGE_DOWN);
                }
            }
        }
    }

    @Test
    void theVerdictStandsOnTopOfEveryTab() {
        show();
        for (Tab tab : List.of(Tab.PROCESSES, Tab.WAITS, Tab.GRAPH, Tab.CALLS, Tab.CONNECTIONS)) {
            tab(tab);
            assertTrue(text(24, 80).get(2).startsWith("likely bottleneck so far: "), text(24, 80).toString());
            assertTrue(text(24, 80).get(3).contains("[" + tab.ordinal() + " " + tab + "]"), text(24, 80).toString());
        }
        tab(Tab.ALL);
        assertTrue(text(24, 80).stream().anyMatch(line -> line.startsWith("SYSTEM CALL")));
        assertTrue(text(24, 80).get(2).startsWith("likely bottleneck so far: "), text(24, 80).toString());
        press(Key.DOWN);
        press(Key.DOWN);
        assertTrue(text(24, 80).get(2).startsWith("likely bottleneck so far: "), "also when what is below it is scrolled");
    }

    @Test
    void tabAndArrowsGoRound() {
        show();
        press(Key.NEXT);
        assertTrue(frame(80).contains("[1 processes]"));
        press(Key.PREVIOUS);
        press(Key.PREVIOUS);
        assertTrue(frame(80).contains("[5 connections]"));
    }

    private String chosen() {
        return text(24, 80).stream().filter(line -> line.startsWith(">")).findFirst().orElse("");
    }

    @Test
    void theChosenRowStaysChosenWhenFiguresChange() {
        show();
        tab(Tab.PROCESSES);
        String first = chosen();
        press(Key.DOWN);
        String second = chosen();
        assertFalse(second.isEmpty() || second.equals(first));
        press(Key.SORT);
        press(Key.SORT);
        assertEquals(second.split(" ")[0], chosen().split(" ")[0], "in another order");
        press(Key.BOTTOM);
        String last = chosen();
        press(Key.DOWN);
        assertEquals(last, chosen());
        press(Key.TOP);
        assertTrue(text(24, 80).get(5).startsWith(">"));
    }

    @Test
    void longListsScrollWithTheChosenRow() {
        show(Samples.crowd(300));
        tab(Tab.PROCESSES);
        text(24, 80);
        for (int i = 0; i < 40; i++) {
            press(Key.DOWN);
        }
        assertTrue(frame(80).contains("41 of 300"), frame(80));
        assertFalse(chosen().isEmpty());
        press(Key.PAGE_UP);
        assertFalse(chosen().isEmpty());
        press(Key.BOTTOM);
        assertTrue(text(24, 80).get(22).startsWith(">"), "the last row of the screen");
    }

    @Test
    void theFilterKeepsWhatIsTyped() {
        show();
        tab(Tab.CALLS);
        String all = frame(80);
        press(Key.FILTER);
        type("sort fut");
        assertTrue(frame(80).contains("1 of 1 /sort fut_"), frame(80));
        assertTrue(text(24, 80).getLast().startsWith(" type what"));
        press(Key.ENTER);
        assertTrue(frame(80).contains("1 of 1 /sort fut\n"), "the keys are keys again: " + frame(80));
        press(Key.ENTER);
        assertTrue(frame(80).contains("sort(812) futex  310 calls"), frame(80));
        press(Key.ESCAPE);
        press(Key.ESCAPE);
        assertEquals(all, frame(80));
        press(Key.FILTER);
        type("nobody at all");
        assertTrue(frame(80).contains("no row has \"nobody at all\""), frame(80));
        for (int i = 0; i < 20; i++) {
            press(Key.ERASE);
        }
        assertTrue(frame(80).contains("1 of 7 /_"), frame(80));
    }

    @Test
    void nothingTypedReachesTheTerminalRaw() {
        show(Samples.hostile());
        tab(Tab.WAITS);
        press(Key.FILTER);
        type("\u202e\u009b2J");
        String frame = page.lines(24, 200).stream().map(Line::plain).collect(Collectors.joining());
        assertFalse(frame.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT), frame);
    }

    @Test
    void pausedTabsHoldStill() {
        show();
        tab(Tab.PROCESSES);
        press(Key.PAUSE);
        String before = frame(80);
        show(Samples.crowd(30));
        assertEquals(before, frame(80));
        assertTrue(before.contains("PAUSED"));
    }
}
