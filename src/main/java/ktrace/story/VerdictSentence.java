package ktrace.story;

import java.util.stream.Stream;
import ktrace.analysis.Cause;
import ktrace.analysis.Verdict.Bottleneck;
import ktrace.analysis.Verdict.Confidence;
import ktrace.event.Peer;

/**
 * The bottleneck as a sentence: {@code bottleneck: stage1(812) computes; others waited 3.22 s for it, 48 % of all waiting}. Where that
 * is too long, first what the share is of gives way, then the thread of the process.
 */
public final class VerdictSentence {
    /** A second cause is told of when it has as great a part. */
    private static final double NEXT = 0.25;

    private final Bottleneck bottleneck;
    private final Alphabet alphabet;

    public VerdictSentence(Bottleneck bottleneck, Alphabet alphabet) {
        this.bottleneck = bottleneck;
        this.alphabet = alphabet;
    }

    public Telling whole() {
        return told(true, " of all waiting");
    }

    /** The longest that is not wider than {@code columns}, or the shortest. */
    public Telling fit(int columns) {
        return Stream.of(whole(), told(true, "")).filter(told -> told.width() <= columns).findFirst().orElseGet(() -> told(false, ""));
    }

    private Telling told(boolean withThread, String ofWhat) {
        Telling sentence = Telling.of(confidence(bottleneck.confidence()), Tone.STRONG);
        sentence.add(Names.of(bottleneck.comm(), bottleneck.pid(), alphabet, Names.MAX_COLUMNS), Tone.STRONG);
        if (withThread && bottleneck.tid() != 0 && bottleneck.tid() != bottleneck.pid()) {
            sentence.add(", thread " + Names.of(bottleneck.threadComm(), bottleneck.tid(), alphabet, Names.MAX_COLUMNS) + ",");
        }
        return sentence.add(" " + does() + "; others waited ")
                .add(alphabet.units().time(bottleneck.ns()), Tone.STRONG)
                .add(" for it, " + Units.percent(Math.round(1000 * bottleneck.share()), 1000) + ofWhat);
    }

    private static String confidence(Confidence confidence) {
        return switch (confidence) {
            case SURE -> "bottleneck: ";
            case LIKELY -> "likely bottleneck: ";
            case WEAK -> "perhaps the bottleneck: ";
        };
    }

    private String does() {
        String most = told(bottleneck.cause());
        if (bottleneck.causes().size() > 1 && bottleneck.causes().get(1).ns() > NEXT * bottleneck.ns()) {
            return most + " or " + told(bottleneck.causes().get(1).cause());
        }
        return most;
    }

    private String told(Cause cause) {
        Peer runner = cause == Cause.QUEUE ? bottleneck.runner() : null;
        return does(cause) + (runner == null ? "" : " (" + Names.of(runner, alphabet, Names.MAX_COLUMNS) + " has it)");
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
