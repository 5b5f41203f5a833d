package ktrace.view;

import java.util.List;
import ktrace.analysis.StateTimes;

/** The time of a thread or a process as one bar: how it divides into states. */
final class StateBar {
    /** One state: its shape in the bar, its colour, how long, and what it is called over a column of figures. */
    record Part(String glyph, Style style, long timeNs, String title) {
        /** Most traces have none of it: no column of figures then. */
        boolean isRare() {
            return style == Style.OTHER || style == Style.UNKNOWN;
        }
    }

    private StateBar() {
    }

    /** In the order of the bar; page faults count as other, since they have no column of their own. */
    static List<Part> parts(StateTimes states, Glyphs glyphs) {
        return List.of(
                new Part(glyphs.running(), Style.RUNNING, states.runningNs(), "RUN"),
                new Part(glyphs.queued(), Style.QUEUED, states.runnableNs(), "QUEUE"),
                new Part(glyphs.ipc(), Style.IPC, states.ipcNs(), "IPC"),
                new Part(glyphs.disk(), Style.DISK, states.diskNs(), "DISK"),
                new Part(glyphs.sleep(), Style.SLEEP, states.sleepNs(), "SLEEP"),
                new Part(glyphs.other(), Style.OTHER, states.pagefaultNs() + states.otherNs(), "OTHER"),
                new Part(glyphs.unknown(), Style.UNKNOWN, states.unknownNs(), "UNKNOWN"));
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
