package ktrace.story;

import java.util.EnumSet;
import java.util.Set;
import ktrace.analysis.Cause;
import ktrace.analysis.Verdict.Bottleneck;
import ktrace.analysis.Verdict.Confidence;
import ktrace.event.Peer;

/**
 * The bottleneck as a sentence: {@code bottleneck: stage1(812) computes; others waited 3.22 s for it, 48 % of all waiting}. Where that
 * is too long its parts give way, the share last of all.
 */
public final class VerdictSentence {
    /** What gives way, in this order. */
    private enum Part {
        OF_WHAT, RUNNER, GROUP, SECOND_CAUSE, THREAD, FOR_IT, SO_FAR
    }

    /** A second cause is told of when it has as great a part. */
    private static final double NEXT = 0.25;

    private final Bottleneck bottleneck;
    private final Alphabet alphabet;
    private final boolean soFar;

    /** That of a whole trace. */
    public VerdictSentence(Bottleneck bottleneck, Alphabet alphabet) {
        this(bottleneck, alphabet, false);
    }

    /** @param soFar the trace goes on, and what stands beside it may be of a part of it alone */
    public VerdictSentence(Bottleneck bottleneck, Alphabet alphabet, boolean soFar) {
        this.bottleneck = bottleneck;
        this.alphabet = alphabet;
        this.soFar = soFar;
    }

    public Telling whole() {
        return told(EnumSet.allOf(Part.class));
    }

    /** The longest that is not wider than {@code columns}, or the shortest. */
    public Telling fit(int columns) {
        return Telling.fitting(Part.class, this::told, columns);
    }

    private Telling told(Set<Part> parts) {
        Telling sentence = Telling.of(confidence(bottleneck.confidence()) + (soFar && parts.contains(Part.SO_FAR) ? " so far: " : ": "),
                Tone.STRONG);
        boolean are = bottleneck.processes() > 1;
        sentence.add(are ? Names.many(bottleneck.processes(), bottleneck.comm(), alphabet, Names.MAX_COLUMNS)
                : Names.of(bottleneck.comm(), bottleneck.pid(), alphabet, Names.MAX_COLUMNS), Tone.STRONG);
        if (parts.contains(Part.THREAD) && bottleneck.tid() != 0 && bottleneck.tid() != bottleneck.pid()) {
            sentence.add(", thread " + Names.of(bottleneck.threadComm(), bottleneck.tid(), alphabet, Names.MAX_COLUMNS) + ",");
        }
        return sentence.add(" " + does(parts) + "; others waited ")
                .add(alphabet.units().time(bottleneck.ns()), Tone.STRONG)
                .add((!parts.contains(Part.FOR_IT) ? ", " : are ? " for them, " : " for it, ")
                        + Units.percent(Math.round(1000 * bottleneck.share()), 1000) + (parts.contains(Part.OF_WHAT) ? " of all waiting" : ""));
    }

    private static String confidence(Confidence confidence) {
        return switch (confidence) {
            case SURE -> "bottleneck";
            case LIKELY -> "likely bottleneck";
            case WEAK -> "perhaps the bottleneck";
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
        if (bottleneck.processes() > 1) {
            return doMany(cause);
        }
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

    /** What several do who are waited for. */
    private static String doMany(Cause cause) {
        return switch (cause) {
            case COMPUTES -> "compute";
            case QUEUE -> "have no CPU";
            case THROTTLED -> "are held back by their cgroup's quota";
            case DISK -> "wait for the disk";
            case STOPPED -> "are held still";
            case SLEEPS, IDLE -> "sleep";
            case OUTSIDE -> "wait for somebody outside";
            case GOES_ON, FURTHER_BACK, UNKNOWN -> "do what is not known";
        };
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
}
