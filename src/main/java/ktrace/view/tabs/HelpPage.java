package ktrace.view.tabs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;

/** What the keys do and what the words mean. */
final class HelpPage {
    private static final String TEXT = """
            q, Ctrl-C   end the trace, and print its summary
            0 1 2 3 4 5 all at once, processes, waits, graph, calls, connections; Tab next
            Enter       the chain of the row: what it waited for, and what that one did
            /           only rows with what is typed; Enter keeps it, Esc shows all again
            UP          choose a row, or scroll; also j k, PgUp PgDn, g G
            t           figures of the last interval, or since the start
            s           what comes first: time wait cpu runq disk calls errors pid name
            space, p    hold the figures; the trace goes on

            RUN on a CPU    QUEUE ready, for a CPU    IPC blocked, for another thread
            DISK for storage    SLEEP asked to    OTHER page faults, stops    ? not seen
            SWITCHES gave up the CPU, FORCED lost it, MOVED to another CPU
            EMPTY nothing to read, FULL no room to write, POLLED either; TIME of all threads
            310+ and one more, which has not ended; goes on: none has ended
            NONE none    BOUND at most: several rows are joined in this one
            FROM name(pid) ended the wait; peer: holds the other end
            How sure it is who ended a wait:
            [object]     seen in a call on the same object
            [waker]      woke it up, but the object is not known or another
            [interrupt]  a timer, a disk or a network card woke it up
            [none]       the wake-up was not seen
            """;

    private HelpPage() {
    }

    static List<Line> lines(Glyphs glyphs) {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of("ktrace: who waits for whom, through what, how long", Style.STRONG));
        lines.add(new Line());
        String text = TEXT.replace("UP         ", String.format(Locale.ROOT, "%-11s", glyphs.upDown()))
                .replace("FROM", glyphs.alphabet().from())
                .replace("NONE none", glyphs.alphabet().none() + " none")
                .replace("BOUND at", glyphs.alphabet().atMost() + " at");
        text.lines().forEach(line -> lines.add(Line.of(line)));
        return lines;
    }
}
