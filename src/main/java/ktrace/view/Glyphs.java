package ktrace.view;

import java.util.Map;
import ktrace.text.Escaper;

/**
 * The characters that draw: Unicode where the locale says UTF-8, ASCII elsewhere. The parts of a bar differ in shape as well as in
 * colour, so that they can be told apart without colours.
 *
 * @param levels for histograms, lowest first; the first is for nothing at all
 * @param none stands where a figure would be 0
 */
record Glyphs(String running, String queued, String ipc, String disk, String sleep, String other, String unknown,
        String levels, String from, String ellipsis, String dot, String none, String atMost, String times, String upDown,
        Units units, Escaper escaper) {

    static final Glyphs UNICODE = new Glyphs("█", "▓", "▒", "▚", "░", "─", "╌", " ▁▂▃▄▅▆▇█", "←", "…", "·", "·", "≤", "×", "↑↓",
            new Units("µ"), Escaper.UNICODE);
    static final Glyphs ASCII = new Glyphs("#", "%", "=", "d", "z", "-", "?", " .:-=+*#@", "<-", "...", "|", "-", "<=", "x",
            "up/down", new Units("u"), Escaper.ASCII);

    /** What setlocale(3) would choose for LC_CTYPE. */
    static Glyphs of(Map<String, String> environment) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = environment.getOrDefault(name, "");
            if (!locale.isEmpty()) {
                String lower = locale.toLowerCase(java.util.Locale.ROOT);
                return lower.contains("utf-8") || lower.contains("utf8") ? UNICODE : ASCII;
            }
        }
        return ASCII;
    }

    /** A name from a traced process, or the name that ktrace gave to an object, with its arrows. */
    String escape(String name) {
        String arrows = escaper == Escaper.ASCII ? name.replace("↔", "<->").replace("→", "->") : name;
        return escaper.escape(arrows);
    }
}
