package ktrace.story.computing;

import java.util.EnumSet;
import java.util.Set;
import ktrace.analysis.Computing;
import ktrace.analysis.Computing.Call;
import ktrace.story.Alphabet;
import ktrace.story.Names;
import ktrace.story.ObjectName;
import ktrace.story.Telling;
import ktrace.story.Tone;
import ktrace.story.Units;

/**
 * Somebody who computed while others waited, as a sentence: {@code node(812) computed 541 ms between read and write of
 * tcp :8080→:55600; 3 waited meanwhile}. Where that is too long its parts give way.
 */
public final class ComputingSentence {
    /** What gives way, in this order. */
    private enum Part {
        WHOLE_OBJECTS, THREAD, TIMES, OBJECTS
    }

    /** When it took so many times as long as it computed, that is told as well. */
    private static final double HELD_UP = 1.25;
    private static final int SHORT_COLUMNS = 16;

    private final Computing computing;
    private final Alphabet alphabet;

    public ComputingSentence(Computing computing, Alphabet alphabet) {
        this.computing = computing;
        this.alphabet = alphabet;
    }

    public Telling whole() {
        return told(EnumSet.allOf(Part.class));
    }

    /** The longest that is not wider than {@code columns}, or the shortest. */
    public Telling fit(int columns) {
        return Telling.fitting(Part.class, this::told, columns);
    }

    private Telling told(Set<Part> parts) {
        Computing.Greatest greatest = computing.greatest();
        return Telling.of(Names.of(computing.comm(), computing.thread().process().tgid(), alphabet, Names.MAX_COLUMNS), Tone.STRONG)
                .add(isLeader() || !parts.contains(Part.THREAD) ? "" : ", thread " + Names.of(computing.threadComm(),
                        computing.thread().tid(), alphabet, Names.MAX_COLUMNS) + ",")
                .add(" computed ").add(alphabet.units().time(greatest.ns()), Tone.STRONG)
                .add(HELD_UP * greatest.ns() >= greatest.lengthNs() ? ""
                        : " in " + alphabet.units().time(greatest.lengthNs()))
                .add(between(greatest.from(), greatest.to(), parts))
                .add(computing.times() == 1 || !parts.contains(Part.TIMES) ? ""
                        : ", the worst of " + Units.count(computing.times()) + " times")
                .add("; ").add(Units.count(greatest.waiters()), Tone.STRONG).add(" waited meanwhile");
    }

    private boolean isLeader() {
        return computing.thread().tid() == computing.thread().process().tgid();
    }

    private String between(Call from, Call to, Set<Part> parts) {
        if (parts.contains(Part.OBJECTS) && !from.object().isEmpty() && from.object().equals(to.object())) {
            return " between " + from.syscall() + " and " + to.syscall() + " of " + object(from.object(), parts);
        }
        return " between " + told(from, parts) + " and " + told(to, parts);
    }

    private String told(Call call, Set<Part> parts) {
        return call.object().isEmpty() || !parts.contains(Part.OBJECTS) ? call.syscall()
                : call.syscall() + " " + object(call.object(), parts);
    }

    private String object(String name, Set<Part> parts) {
        String escaped = alphabet.escape(name);
        return parts.contains(Part.WHOLE_OBJECTS) ? escaped : ObjectName.fit(escaped, SHORT_COLUMNS, alphabet.ellipsis());
    }
}
