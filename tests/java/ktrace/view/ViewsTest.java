package ktrace.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ktrace.story.SortKey;
import org.junit.jupiter.api.Test;

class ViewsTest {

    @Test
    void aScreenNeedsATerminalForOutputAndKeysInTheForeground() {
        assertTrue(new Surroundings(true, true, true, true, Map.of("TERM", "xterm")).isScreen());
        assertFalse(new Surroundings(false, true, true, true, Map.of("TERM", "xterm")).isScreen());
        assertFalse(new Surroundings(true, false, true, true, Map.of("TERM", "xterm")).isScreen());
        assertFalse(new Surroundings(true, true, true, false, Map.of("TERM", "xterm")).isScreen());
        assertFalse(new Surroundings(true, true, true, true, Map.of("TERM", "dumb")).isScreen());
        assertFalse(new Surroundings(true, true, true, true, Map.of()).isScreen());
    }

    @Test
    void coloursOnlyOnATerminalAndUnlessForbidden() {
        assertTrue(terminal(Map.of("TERM", "xterm")).hasColours(1));
        assertTrue(terminal(Map.of("TERM", "xterm", "NO_COLOR", "")).hasColours(1), "empty means nothing (no-color.org)");
        assertFalse(terminal(Map.of("TERM", "xterm", "NO_COLOR", "1")).hasColours(1));
        assertFalse(terminal(Map.of("TERM", "dumb")).hasColours(1));
        assertFalse(new Surroundings(true, false, true, true, Map.of("TERM", "xterm")).hasColours(1));
        assertTrue(new Surroundings(true, false, true, true, Map.of("TERM", "xterm")).hasColours(2));
    }

    @Test
    void aCommandOwnsTheTerminal() throws IOException {
        assertInstanceOf(PlainView.class, Views.open(terminal(Map.of("TERM", "xterm")), "-- top", true, 0, null));
        assertInstanceOf(PlainView.class, Views.open(terminal(Map.of("TERM", "dumb")), "-p 1", false, 0, SortKey.CPU));
    }

    @Test
    void theWidthOfAPipeIsTheUsualOneOrThatOfColumns() {
        int notOpen = 1_000_000;
        assertEquals(132, Views.width(notOpen, Map.of()));
        assertEquals(95, Views.width(notOpen, Map.of("COLUMNS", "95")));
        assertEquals(60, Views.width(notOpen, Map.of("COLUMNS", "3")));
        assertEquals(132, Views.width(notOpen, Map.of("COLUMNS", "wide")));
    }

    /** Starting is fast only because of this. */
    @Test
    void plainTextAndJsonLoadNothingOfTheScreen() throws Exception {
        assertFalse(classesOf("pipeline", "1").contains("ktrace.view.LiveView"));
        String json = classesOf("pipeline", "1", "json");
        assertFalse(json.contains("ktrace.view.LiveView"));
        assertTrue(json.contains("ktrace.view.DocumentView"), "the log of loaded classes is there");
    }

    private static String classesOf(String... arguments) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "--enable-native-access=ALL-UNNAMED",
                "-Xlog:class+load:stderr", "-cp", System.getProperty("java.class.path"), "ktrace.view.ViewDemo"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    private static Surroundings terminal(Map<String, String> environment) {
        return new Surroundings(true, true, true, true, environment);
    }
}
