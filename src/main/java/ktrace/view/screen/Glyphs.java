package ktrace.view.screen;

import java.util.Locale;
import java.util.Map;
import ktrace.story.Alphabet;

/**
 * The characters that draw: Unicode where the locale says UTF-8, ASCII elsewhere. The parts of a bar differ in shape as well as in
 * colour, so that they can be told apart without colours.
 *
 * @param levels for histograms, lowest first; the first is for nothing at all
 * @param alphabet that of the text between the drawings
 */
public record Glyphs(String running, String queued, String ipc, String disk, String sleep, String other, String unknown,
        String levels, String upDown, Alphabet alphabet) {

    public static final Glyphs UNICODE =
            new Glyphs("█", "▓", "▒", "▚", "░", "─", "╌", " ▁▂▃▄▅▆▇█", "↑↓", Alphabet.UNICODE);
    public static final Glyphs ASCII = new Glyphs("#", "%", "=", "d", "z", "-", "?", " .:-=+*#@", "up/down", Alphabet.ASCII);

    /** What setlocale(3) would choose for LC_CTYPE. */
    public static Glyphs of(Map<String, String> environment) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = environment.getOrDefault(name, "");
            if (!locale.isEmpty()) {
                String lower = locale.toLowerCase(Locale.ROOT);
                return lower.contains("utf-8") || lower.contains("utf8") ? UNICODE : ASCII;
            }
        }
        return ASCII;
    }
}
