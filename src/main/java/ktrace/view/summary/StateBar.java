package ktrace.view.summary;

import java.util.Arrays;
import java.util.List;
import ktrace.analysis.StateTimes;
import ktrace.story.Portion;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;

/** The time of a thread or a process as one bar: how it divides into states. */
final class StateBar {
    /** One state: its shape in the bar, its colour, and how long. */
    record Part(Portion portion, String glyph, Style style, long timeNs) {
    }

    private StateBar() {
    }

    /** In the order of the bar. */
    static List<Part> parts(StateTimes states, Glyphs glyphs) {
        return Arrays.stream(Portion.values()).map(p -> new Part(p, glyph(p, glyphs), style(p), p.ofNs(states))).toList();
    }

    private static String glyph(Portion portion, Glyphs glyphs) {
        return switch (portion) {
            case RUN -> glyphs.running();
            case QUEUE -> glyphs.queued();
            case IPC -> glyphs.ipc();
            case DISK -> glyphs.disk();
            case SLEEP -> glyphs.sleep();
            case OTHER -> glyphs.other();
            case UNKNOWN -> glyphs.unknown();
        };
    }

    private static Style style(Portion portion) {
        return switch (portion) {
            case RUN -> Style.RUNNING;
            case QUEUE -> Style.QUEUED;
            case IPC -> Style.IPC;
            case DISK -> Style.DISK;
            case SLEEP -> Style.SLEEP;
            case OTHER -> Style.OTHER;
            case UNKNOWN -> Style.UNKNOWN;
        };
    }

    /** The bar, exactly {@code columns} wide; empty when there is no time to show. */
    static Line draw(List<Part> parts, int columns) {
        long totalNs = parts.stream().mapToLong(Part::timeNs).sum();
        Line line = new Line();
        if (totalNs <= 0) {
            return line;
        }
        long untilNs = 0;
        for (Part part : parts) {
            untilNs += part.timeNs;
            int end = (int) Math.round((double) untilNs * columns / totalNs);
            line.add(part.glyph.repeat(Math.max(0, end - line.width())), part.style);
        }
        return line;
    }
}
