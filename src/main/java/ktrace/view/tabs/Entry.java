package ktrace.view.tabs;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import ktrace.view.screen.Line;

/**
 * A row of a list.
 *
 * @param key by which it is found again when the figures are new
 * @param lines what it looks like; one at least
 * @param chain what is told of it when it is opened
 */
record Entry(String key, List<Line> lines, Supplier<List<Line>> chain) {
    /** Whether each word of a filter is in it, whatever the case. */
    boolean matches(String filter) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.plain().toLowerCase(Locale.ROOT)).append('\n'));
        return List.of(filter.toLowerCase(Locale.ROOT).strip().split(" +")).stream().allMatch(word -> text.indexOf(word) >= 0);
    }
}
