package ktrace.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.path.CriticalPath.Reach;
import ktrace.analysis.path.History;
import ktrace.analysis.path.PathSummary;
import ktrace.analysis.shard.Timeline;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.Waker;
import ktrace.export.JsonPath;
import ktrace.story.Alphabet;
import ktrace.view.screen.Line;
import org.junit.jupiter.api.Test;

/** A critical path as it is shown, of threads with names that want to do harm. */
class PathViewTest {
    private static PathSummary path() {
        Timeline t = new Timeline();
        ThreadId a = t.at(0).thread(10, 10);
        ThreadId b = t.thread(20, 20);
        t.in(Timeline.CPU_0, a).in(Timeline.CPU_1, b).rename(a, "cli\u001b[2Jent").rename(b, "server").at(100_000)
                .enter(a, "read", Timeline.object(ObjectKind.UNIX, "unix:\u009b31m/run/" + "x".repeat(90))).out(Timeline.CPU_0, a, 'S').at(900_000)
                .waking(a, Evidence.OBJECT, new Peer(20, "server"), e -> {
                    e.tid = 20;
                    e.waker = new Waker(b, 20, "server", new Peer(20, "server"));
                }).in(Timeline.CPU_0, a).at(1_000_000).end();
        History history = new History(0, Long.MAX_VALUE, 1000);
        t.events.forEach(history::onEvent);
        return PathSummary.of(history, a, 0, 1_000_000, Reach.BOUNDED, true);
    }

    private static List<String> text(int width) {
        PathView view = new PathView(path(), Alphabet.UNICODE, width);
        List<Line> lines = new ArrayList<>(view.head());
        lines.addAll(view.shares(10));
        lines.addAll(view.stretches(0, 3));
        lines.forEach(line -> assertTrue(line.width() <= width, line::plain));
        return lines.stream().map(Line::plain).toList();
    }

    @Test
    void whoAndWhatTookHowMuchStandsInEightyColumns() {
        List<String> lines = text(80);
        assertEquals("critical path of cli\\x1b[2Jent(10): 1 ms, from 0.000000 to 0.001000 s", lines.getFirst());
        assertTrue(lines.stream().anyMatch(line -> line.matches(" *80 % +800 µs +server\\(20\\) +computes +1")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.matches(" *20 % +200 µs +cli\\\\x1b\\[2Jent\\(10\\) +computes +2")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.matches(" *0\\.000100 +800 µs server\\(20\\) +computes +unix:.*object")), lines::toString);
    }

    @Test
    void nothingOfATracedProcessReachesTheTerminalRaw() {
        for (int width : new int[] {60, 80, 200}) {
            assertFalse(String.join("", text(width)).codePoints().anyMatch(Character::isISOControl));
        }
    }

    @Test
    void theDocumentHasThePathAndItsSums() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonPath.write(out, path(), "1");
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().count());
        assertFalse(text.strip().codePoints().anyMatch(Character::isISOControl));
        JsonNode json = new ObjectMapper().readTree(text);
        assertEquals("{\"pid\":20,\"comm\":\"server\",\"outside\":null,\"cause\":\"computes\",\"ns\":800000,\"stretches\":1}",
                json.path("shares").get(0).toString());
        assertEquals(3, json.path("stretches").size());
        JsonNode second = json.path("stretches").get(1);
        assertEquals("[100000,900000,20,\"unix\",\"object\"]", new ObjectMapper().createArrayNode().add(second.get("fromNs"))
                .add(second.get("toNs")).add(second.get("tid")).add(second.get("kind")).add(second.get("evidence")).toString());
        assertEquals("cli\u001b[2Jent", json.path("of").path("comm").asText());
    }
}
