package ktrace.story.stuck;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ktrace.analysis.Cause;
import ktrace.analysis.Stuck;
import ktrace.analysis.Stuck.Party;
import ktrace.event.Waker;
import ktrace.story.Alphabet;
import ktrace.story.Names;
import ktrace.story.Telling;
import ktrace.story.Tone;
import ktrace.story.VerdictSentence;
import ktrace.system.ToldWait.Words;
import ktrace.system.family.Families;

/**
 * Those who cannot go on, as a sentence. Where it is too long, without what they wait for.
 *
 * <ul>
 * <li>{@code stuck for 3.2 s: a(12) waits to read pipe:[1], b(13) waits to read pipe:[2]; each for another of them}
 * <li>{@code deadlock for 3.2 s: a(12) waits for a lock on /x held by b(13), b(13) waits for a lock on /y held by a(12); each for
 *     another of them}
 * <li>{@code stuck for 3.2 s: worker-1(14) waits for futex 0x7f held by worker-3(16), which sleeps}
 * <li>{@code stuck for 3.2 s: a(12) waits to read unix:[1] ← b(13), b(13) waits to read pipe:[2] ← c(14), which sleeps}
 * </ul>
 */
public final class StuckSentence {
    private static final int MOST_PARTIES = 4;

    private final Stuck stuck;
    private final Alphabet alphabet;

    private StuckSentence(Stuck stuck, Alphabet alphabet) {
        this.stuck = stuck;
        this.alphabet = alphabet;
    }

    /** In at most {@code columns}, or as short as it can be told. */
    public static Telling of(Stuck stuck, Alphabet alphabet, int columns) {
        StuckSentence sentence = new StuckSentence(stuck, alphabet);
        Telling whole = sentence.whole();
        return whole.width() <= columns ? whole : sentence.brief();
    }

    private Telling whole() {
        Telling told = begin();
        List<Party> parties = stuck.parties();
        int more = parties.size() - MOST_PARTIES;
        // The last waits for who does not.
        List<Party> named = more <= 0 ? parties : stuck.end() == null ? parties.subList(0, MOST_PARTIES)
                : parties.subList(more, parties.size());
        for (Party party : named) {
            told.add(party == named.getFirst() ? "" : ", ").add(name(party), Tone.STRONG);
            told.add((party == named.getFirst() ? process(party) : "") + " waits " + what(party));
            if (party.actor() != null) {
                told.add(party.heldBy() != null ? " held by " : " " + alphabet.from() + " ").add(holder(party), Tone.STRONG);
            }
        }
        if (stuck.end() != null) {
            return told.add(", which " + does(stuck.end()) + (more > 0 ? "; " + more + " more wait for it" : ""));
        }
        told.add(more > 0 ? " and " + more + " more" : "");
        return told.add(parties.size() == 1 ? ", which it would have to end itself" : "; each for another of them");
    }

    private Telling brief() {
        List<Party> parties = stuck.parties();
        String names = parties.stream().limit(2).map(this::name).collect(Collectors.joining(", "));
        int more = parties.size() - 2;
        Telling told = begin().add(names + (more > 0 ? " and " + more + " more" : ""), Tone.STRONG);
        boolean isOne = parties.size() == 1;
        if (stuck.end() != null) {
            return told.add(isOne ? " waits for " : " wait for ").add(holder(parties.getLast()), Tone.STRONG)
                    .add(stuck.end().waits() == null ? ", which " + does(stuck.end()) : "");
        }
        return told.add(isOne ? " waits for itself" : " wait for each other");
    }

    private Telling begin() {
        return Telling.of(stuck.isDeadlock() ? "deadlock" : "stuck", Tone.STRONG).add(" for ").add(alphabet.units().time(stuck.ns()))
                .add(": ");
    }

    private String what(Party party) {
        Words words = Families.ALL.words(party.kind(), party.syscall(), party.object());
        return (words.before() + " " + alphabet.escape(words.object())).strip() + words.after();
    }

    private String does(Stuck.End end) {
        if (end.waits() != null) {
            return "waits " + what(end.waits());
        }
        return end.who().thread() == null && end.does() == Cause.UNKNOWN ? "is not observed" : VerdictSentence.does(end.does());
    }

    private String name(Party party) {
        boolean isAlone = stuck.parties().stream().filter(other -> other.process() == party.process()).count() == 1
                && (stuck.end() == null || stuck.end().who().pid() != party.process().tgid());
        return isAlone ? Names.of(party.comm(), party.process().tgid(), alphabet, Names.MAX_COLUMNS)
                : thread(party.comm(), party.process().tgid(), party.threadComm(), party.tid());
    }

    /** Of which process a thread is that goes by its own name. */
    private String process(Party party) {
        String process = Names.of(party.comm(), party.process().tgid(), alphabet, Names.MAX_COLUMNS);
        return name(party).startsWith(process) ? "" : " of " + process;
    }

    /** One that has a name of its own goes by that. */
    private String thread(String comm, int pid, String threadComm, int tid) {
        return threadComm.isEmpty() || threadComm.equals(comm)
                ? Names.of(comm, pid, alphabet, Names.MAX_COLUMNS) + " thread " + tid
                : Names.of(threadComm, tid, alphabet, Names.MAX_COLUMNS);
    }

    private String holder(Party party) {
        Waker holder = party.actor();
        Set<Integer> several = stuck.parties().stream().collect(Collectors.groupingBy(other -> other.process().tgid(),
                Collectors.counting())).entrySet().stream().filter(entry -> entry.getValue() > 1).map(entry -> entry.getKey())
                .collect(Collectors.toSet());
        boolean isOneOfMany = holder.tid() != 0 && (holder.pid() == party.process().tgid() || several.contains(holder.pid()));
        return holder.tid() == party.tid() ? "itself"
                : isOneOfMany ? thread(holder.comm(), holder.pid(), holder.threadComm(), holder.tid())
                : Names.of(holder.process(), alphabet, Names.MAX_COLUMNS);
    }
}
