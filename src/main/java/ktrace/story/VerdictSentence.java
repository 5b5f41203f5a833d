package ktrace.story;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ktrace.analysis.Cause;
import ktrace.analysis.Stuck;
import ktrace.analysis.Verdict.Bottleneck;
import ktrace.analysis.Verdict.Confidence;
import ktrace.event.Peer;
import ktrace.system.WaitWords;
import ktrace.system.family.Families;

/**
 * The bottleneck as a sentence: {@code bottleneck: stage1(812) computes; others waited 3.22 s for it, 48 % of all waiting}. Where that
 * is too long its parts give way, the share last of all.
 */
public final class VerdictSentence {
    /** What gives way, in this order. */
    private enum Part {
        OF_WHAT, RUNNER, GROUP, SECOND_CAUSE, THREAD, FOR_IT
    }

    /** A second cause is told of when it has as great a part. */
    private static final double NEXT = 0.25;
    private static final int MOST_PARTIES = 4;

    private final Bottleneck bottleneck;
    private final Alphabet alphabet;

    public VerdictSentence(Bottleneck bottleneck, Alphabet alphabet) {
        this.bottleneck = bottleneck;
        this.alphabet = alphabet;
    }

    public Telling whole() {
        return told(EnumSet.allOf(Part.class));
    }

    /** The longest that is not wider than {@code columns}, or the shortest. */
    public Telling fit(int columns) {
        Set<Part> parts = EnumSet.allOf(Part.class);
        Telling sentence = told(parts);
        for (Part part : Part.values()) {
            if (sentence.width() > columns) {
                parts.remove(part);
                sentence = told(parts);
            }
        }
        return sentence;
    }

    private Telling told(Set<Part> parts) {
        Telling sentence = Telling.of(confidence(bottleneck.confidence()), Tone.STRONG);
        sentence.add(Names.of(bottleneck.comm(), bottleneck.pid(), alphabet, Names.MAX_COLUMNS), Tone.STRONG);
        if (parts.contains(Part.THREAD) && bottleneck.tid() != 0 && bottleneck.tid() != bottleneck.pid()) {
            sentence.add(", thread " + Names.of(bottleneck.threadComm(), bottleneck.tid(), alphabet, Names.MAX_COLUMNS) + ",");
        }
        return sentence.add(" " + does(parts) + "; others waited ")
                .add(alphabet.units().time(bottleneck.ns()), Tone.STRONG)
                .add((parts.contains(Part.FOR_IT) ? " for it, " : ", ") + Units.percent(Math.round(1000 * bottleneck.share()), 1000)
                + (parts.contains(Part.OF_WHAT) ? " of all waiting" : ""));
    }

    private static String confidence(Confidence confidence) {
        return switch (confidence) {
            case SURE -> "bottleneck: ";
            case LIKELY -> "likely bottleneck: ";
            case WEAK -> "perhaps the bottleneck: ";
        };
    }

    private String does(Set<Part> parts) {
        String most = told(bottleneck.cause(), parts);
        if (parts.contains(Part.SECOND_CAUSE) && bottleneck.causes().size() > 1
                && bottleneck.causes().get(1).ns() > NEXT * bottleneck.ns()) {
            return most + " or " + told(bottleneck.causes().get(1).cause(), parts);
        }
        return most;
    }

    private String told(Cause cause, Set<Part> parts) {
        Peer runner = cause == Cause.QUEUE && parts.contains(Part.RUNNER) ? bottleneck.runner() : null;
        if (cause == Cause.THROTTLED && parts.contains(Part.GROUP)) {
            return heldBack(bottleneck.cgroup(), alphabet);
        }
        if (cause == Cause.QUEUE && parts.contains(Part.GROUP) && !bottleneck.affinity().isEmpty()) {
            return does(cause) + bound(bottleneck.affinity());
        }
        return does(cause) + (runner == null ? "" : " (" + Names.of(runner, alphabet, Names.MAX_COLUMNS) + " has it)");
    }

    /** Why somebody has no CPU who is bound to these. */
    public static String bound(String affinity) {
        return affinity.isEmpty() ? "" : " (it may run on " + affinity + " alone, and others idle)";
    }

    /** What somebody does whom the quota of a control group holds back; {@code group} is empty when it is not known which. */
    public static String heldBack(String group, Alphabet alphabet) {
        return group.isEmpty() ? does(Cause.THROTTLED) : "is throttled by the quota of cgroup " + alphabet.escape(group);
    }

    /** What somebody does who is waited for. */
    public static String does(Cause cause) {
        return switch (cause) {
            case COMPUTES -> "computes";
            case QUEUE -> "has no CPU";
            case THROTTLED -> "is held back by its cgroup's quota";
            case DISK -> "waits for the disk";
            case STOPPED -> "is held still";
            case SLEEPS, IDLE -> "sleeps";
            case OUTSIDE -> "waits for somebody outside";
            case GOES_ON, FURTHER_BACK, UNKNOWN -> "does what is not known";
        };
    }

    /**
     * Those who wait for each other: {@code stuck for 3.2 s: a(12) waits to read pipe:[1], b(13) waits to read pipe:[2]; each for
     * another of them}. Where that is too long, without what they wait for.
     */
    public static Telling of(Stuck stuck, Alphabet alphabet, int columns) {
        Telling whole = waiting(stuck, alphabet);
        return whole.width() <= columns ? whole : brief(stuck, alphabet);
    }

    private static Telling waiting(Stuck stuck, Alphabet alphabet) {
        Telling told = begin(stuck, alphabet);
        List<Stuck.Party> parties = stuck.parties();
        for (int i = 0; i < Math.min(MOST_PARTIES, parties.size()); i++) {
            WaitWords words = Families.ALL.words(parties.get(i).kind(), parties.get(i).syscall(), parties.get(i).object());
            String what = (words.before() + " " + alphabet.escape(words.object())).strip() + words.after();
            told.add(i == 0 ? "" : ", ").add(name(stuck, parties.get(i), alphabet), Tone.STRONG).add(" waits " + what);
        }
        told.add(parties.size() > MOST_PARTIES ? " and " + (parties.size() - MOST_PARTIES) + " more" : "");
        return told.add(parties.size() == 1 ? ", which it would have to end itself" : "; each for another of them");
    }

    private static Telling brief(Stuck stuck, Alphabet alphabet) {
        String names = stuck.parties().stream().limit(2).map(party -> name(stuck, party, alphabet))
                .collect(Collectors.joining(", "));
        int more = stuck.parties().size() - 2;
        return begin(stuck, alphabet).add(names + (more > 0 ? " and " + more + " more" : ""), Tone.STRONG)
                .add(stuck.parties().size() == 1 ? " waits for itself" : " wait for each other");
    }

    private static Telling begin(Stuck stuck, Alphabet alphabet) {
        return Telling.of("stuck", Tone.STRONG).add(" for ").add(alphabet.units().time(stuck.ns())).add(": ");
    }

    private static String name(Stuck stuck, Stuck.Party party, Alphabet alphabet) {
        boolean isAlone = stuck.parties().stream().filter(other -> other.process() == party.process()).count() == 1;
        return Names.of(party.comm(), party.process().tgid(), alphabet, Names.MAX_COLUMNS)
                + (isAlone ? "" : " thread " + party.tid());
    }
}
