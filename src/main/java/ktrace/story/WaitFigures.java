package ktrace.story;

import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;

/** How many waits a sentence is about, how long they were, and how sure it is who ended them. */
public record WaitFigures(WaitRow row, Alphabet alphabet) {
    /** {@code 310+ waits}: so many came to an end, and one goes on. */
    public String count() {
        WaitSummary wait = row.what();
        if (wait.count() == 0) {
            return "goes on";
        }
        return wait.ongoing() ? Units.count(wait.count()) + "+ waits" : Units.count(wait.count(), "wait", "waits");
    }

    /** {@code 310+}. */
    public String shortCount() {
        WaitSummary wait = row.what();
        return (wait.count() == 0 ? "" : Units.count(wait.count())) + (wait.ongoing() ? "+" : "");
    }

    /** Whether any of them has ended: of how long they were nothing is known else. */
    public boolean hasLengths() {
        return row.what().count() > 0;
    }

    /** Not of joined rows. */
    public boolean hasMedian() {
        return hasLengths() && !row.isJoined();
    }

    public Telling median() {
        return hasMedian() ? time(row.what().p50Ns()) : none();
    }

    /** Of joined rows only an upper bound is known. */
    public Telling p99() {
        return hasLengths() ? Telling.of(row.isJoined() ? alphabet.atMost() : "").add(time(row.what().p99Ns())) : none();
    }

    public Telling max() {
        return hasLengths() ? time(row.what().maxNs()) : none();
    }

    private Telling time(long timeNs) {
        return Telling.of(alphabet.units().time(timeNs));
    }

    private Telling none() {
        return Telling.of(alphabet.none(), Tone.FAINT);
    }

    /** {@code [object]}; of an interrupt what it came of, where that is known: {@code [timed out]}. */
    public Telling evidence() {
        return Telling.of("[" + proof() + "]", switch (row.what().evidence()) {
            case OBJECT -> Tone.SURE;
            case WAKER -> Tone.DOUBT;
            case INTERRUPT, NONE -> Tone.FAINT;
        });
    }

    /** {@code object}, {@code timed out}. */
    public String proof() {
        WaitSummary wait = row.what();
        return wait.evidence() != Evidence.INTERRUPT ? wait.evidence().label() : switch (wait.interrupts().ofAll(wait.count())) {
            case TIMED_OUT -> "timed out";
            case TIMER -> "timer";
            case DISK -> "disk";
            case NETWORK -> "network";
            case UNKNOWN -> wait.evidence().label();
        };
    }
}
