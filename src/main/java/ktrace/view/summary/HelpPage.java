package ktrace.view.summary;

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
            t           figures of the last interval, or since the start
            s           what comes first: time wait cpu runq disk calls errors pid name
            space, p    hold the figures; the trace goes on
            UP          scroll through the whole summary; also j k, PgUp PgDn, g G

            RUN    on a CPU             IPC    blocked, for another thread or process
            QUEUE  ready, for a CPU     DISK   blocked, for storage      SLEEP  asked to
            OTHER  page faults, stops   ?      not seen
            SWITCHES gave up the CPU, FORCED lost it, MOVED to another CPU
            TIME   under observation, of all threads
            310+   and one more, which has not ended; goes on: none has ended
            NONE none    BOUND at most: several rows are joined in this one
            FROM name(pid) ended the wait; peer: holds the other end
            name(tid) where the threads of one process wait for one another

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
