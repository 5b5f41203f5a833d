package ktrace.export.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ktrace.analysis.Summary;
import ktrace.intervals.ThreadState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlPageTest {
    private static final int MIB = 1 << 20;
    private static final Pattern ELEMENT = Pattern.compile("<(script|style)([^>]*)>(.*?)</\\1>", Pattern.DOTALL);

    private static PageText page(int mostCells, int mostRows, String name, long events, int pairs) throws IOException {
        HtmlPage page = BusyTrace.page(mostCells, mostRows, name);
        Summary summary = new BusyTrace(page, name).tell(events, pairs);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.write(out, summary);
        return new PageText(out.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 5_000, 300})
    void theTimelinesAddUpToTheFiguresHoweverFewCellsThereMayBe(int mostCells) throws IOException {
        PageText page = page(mostCells, 4_096, "cat", 30_000, 8);
        assertEquals(page.figures(), page.sums());
        int cells = 0;
        for (JsonNode row : page.data("stretches").get("rows")) {
            cells += PageText.cells(row).size();
        }
        assertTrue(cells <= mostCells, cells + " cells");
        assertTrue(cells > Math.min(mostCells, 20_000) / 8, "no coarser than need be: " + cells);
    }

    @Test
    void aMillionEventsAreAPageOfSomeMegabytes() throws IOException {
        HtmlPage page = new HtmlPage(number -> "call" + number, "1.2.3", "busy", 0);
        Summary summary = new BusyTrace(page, "busy").tell(1_000_000, 30);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.write(out, summary);
        assertTrue(out.size() < 20 * MIB, out.size() + " bytes");
        PageText text = new PageText(out.toString(StandardCharsets.UTF_8));
        assertEquals(text.figures(), text.sums());
    }

    /** What the browser runs is what came with ktrace, and is what the policy allows: no name can add to it. */
    @ParameterizedTest
    @ValueSource(strings = {"</script><script>", "<!--<script>", "-->", "]]>&lt;\"'`", "\u2028\u2029\u202e", "\ud800\udc00\ud800",
        "\u0000\u001b[2J"})
    void hostileNamesStayWithinTheirTexts(String name) throws Exception {
        PageText page = page(1 << 20, 4_096, name, 300, 2);
        int scripts = 0;
        int data = 0;
        Matcher elements = ELEMENT.matcher(page.html());
        while (elements.find()) {
            if (elements.group(2).contains("application/json")) {
                data++;
                for (String unsafe : new String[] {"<", ">", "&", "\u2028", "\u2029", "\u202e", "\u0000", "\u001b"}) {
                    assertFalse(elements.group(3).contains(unsafe), elements.group(2));
                }
            } else {
                scripts++;
                assertTrue(page.html().contains("'" + hash(elements.group(3)) + "'"), "the policy allows " + elements.group(1));
            }
        }
        assertEquals(3, data);
        assertEquals(2, scripts);
        assertFalse(PageFrame.load().tail().contains("<!--"));
        String comm = page.data("summary").get("processes").get(0).get("cmdline").asText();
        assertTrue(comm.startsWith(name.substring(0, 1)) || Character.isSurrogate(name.charAt(0)), comm);
    }

    @Test
    void nothingIsLoadedFromAnywhere() {
        String frame = PageFrame.load().head() + PageFrame.load().tail();
        assertFalse(Pattern.compile("(?m)^(import|export) ").matcher(frame).find(), "one script");
        String withoutNames = frame.replace("http://www.w3.org/2000/svg", "");
        for (String loads : new String[] {"http:", "https:", "url(", "@import", "fetch(", "innerHTML", "insertAdjacentHTML",
            "document.write", "eval(", "new Function"}) {
            assertFalse(withoutNames.contains(loads), loads);
        }
        assertTrue(frame.contains("default-src 'none'"));
    }

    /** Of threads that have come and gone those that were there for the shortest time give way; what they did is told in sum. */
    @Test
    void aPageHasNoMoreRowsThanItShows() throws IOException {
        HtmlPage page = BusyTrace.page(1 << 20, 40, "many");
        Summary summary = new BusyTrace(page, "many").tell(600, 5, 200);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.write(out, summary);
        PageText text = new PageText(out.toString(StandardCharsets.UTF_8));
        JsonNode stretches = text.data("stretches");
        assertEquals(210, stretches.get("rows").size() + stretches.get("leftOut").asInt());
        assertTrue(stretches.get("rows").size() <= 80, stretches.get("rows").size() + " rows");
        Map<ThreadState, Long> told = new EnumMap<>(ThreadState.class);
        text.sums().values().forEach(sums -> sums.forEach((state, ns) -> told.merge(state, ns, Long::sum)));
        for (ThreadState state : ThreadState.values()) {
            long leftOutNs = stretches.get("leftOutNs").get(state.ordinal()).asLong();
            if (leftOutNs > 0) {
                told.merge(state, leftOutNs, Long::sum);
            }
        }
        Map<ThreadState, Long> figures = new EnumMap<>(ThreadState.class);
        text.figures().values().forEach(sums -> sums.forEach((state, ns) -> figures.merge(state, ns, Long::sum)));
        assertEquals(figures, told);
        assertTrue(text.sums().keySet().containsAll(List.of("100/100", "10199/10199")), "those that go on, and the longest");
        assertFalse(text.sums().containsKey("10000/10000"), "the shortest");
    }

    /** The modules become one script. */
    @Test
    void noTwoModulesUseOneName() {
        Matcher names = Pattern.compile("(?m)^(?:async )?(?:const|let|function|class) (\\w+)").matcher(PageFrame.load().tail());
        Set<String> met = new HashSet<>();
        while (names.find()) {
            assertTrue(met.add(names.group(1)), names.group(1));
        }
        assertTrue(met.size() > 50, "found in the script: " + met);
    }

    private static String hash(String text) throws Exception {
        return "sha256-" + Base64.getEncoder().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
