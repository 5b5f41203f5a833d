package ktrace.story;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ktrace.analysis.CheaperCollector;
import ktrace.analysis.Summary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.WaitSummary;
import ktrace.event.TraceCounter;

/**
 * Something that could not be seen, decoded or explained.
 *
 * @param text how often, and what
 * @param meaning what that means for who reads the figures; may be empty
 * @param isAdvice whether it says what would be better, which is worth its line on the smallest screen
 */
public record Remark(TraceCounter.Severity severity, String text, String meaning, boolean isAdvice) {
    /** What is less than one in so many takes nothing away from the figures. */
    private static final int RARE = 1000;

    /** All that is to be said of a summary, worst first. */
    public static List<Remark> of(Summary summary) {
        Stream<Remark> counted = summary.counters().entrySet().stream()
                .filter(e -> e.getValue() != 0 && !isToldOtherwise(e.getKey(), summary.counters()))
                .sorted(Map.Entry.comparingByKey()).map(e -> of(e.getKey(), e.getValue(), summary));
        return Stream.concat(counted, Stream.ofNullable(summary.cheaper()).map(Remark::of))
                .sorted(Comparator.comparing(Remark::severity).reversed()).toList();
    }

    private static Remark of(CheaperCollector cheaper) {
        boolean ofTraced = cheaper.name().equals("bpf");
        String others = Units.count(cheaper.othersPerSecond());
        String traced = Units.count(cheaper.targetsPerSecond());
        String who = (ofTraced ? "the traced made " + traced : "others made " + others) + " system calls a second and "
                + (ofTraced ? "others " + others : "the traced " + traced);
        return new Remark(TraceCounter.Severity.NOTE,
                "for " + new Units("us").time(cheaper.forNs()) + " " + who + ": -c " + cheaper.name() + " would have cost them less",
                "; ktrace stays with what a trace began with", true);
    }

    /** Where there is no ring, none of the lost found no room in one. */
    private static boolean isToldOtherwise(TraceCounter counter, Map<TraceCounter, Long> counters) {
        return counter == TraceCounter.LOST_EVENTS && counters.get(counter).equals(counters.get(TraceCounter.LOST_AT_END));
    }

    private static Remark of(TraceCounter counter, long count, Summary summary) {
        long all = all(counter, summary);
        boolean rare = counter.severity() == TraceCounter.Severity.DOUBT && all / RARE > count;
        return new Remark(rare ? TraceCounter.Severity.NOTE : counter.severity(), Units.count(count) + " " + counter.sentence(count)
                + (all < count || all == 0 ? "" : " (" + Units.percent(count, all) + " of all)"), meaning(counter),
                false);
    }

    /** How many there are of what is counted; 0 where that is not known. */
    private static long all(TraceCounter counter, Summary summary) {
        return switch (counter) {
            case LOST_EVENTS, UNRECORDED, REORDERED -> summary.events() + summary.lost();
            case UNMATCHED_ENTER, UNMATCHED_EXIT, IN_FLIGHT_AT_ATTACH -> summary.processes().stream()
                    .flatMap(process -> process.syscalls().stream()).mapToLong(SyscallSummary::calls).sum();
            case MISSED_WAKEUP, ANSWERED_LATE -> summary.processes().stream().flatMap(process -> process.waits().stream())
                    .mapToLong(WaitSummary::count).sum();
            default -> 0;
        };
    }

    /** What it means for who reads the figures. */
    private static String meaning(TraceCounter counter) {
        return switch (counter) {
            case LOST_EVENTS -> "; a larger --buffer may help";
            case UNRECORDED -> "; who ended a wait may be unknown for it";
            case UNMATCHED_ENTER, UNMATCHED_EXIT -> "; no latency has such a call";
            case UNKNOWN_FD -> "; what is waited for there has no name";
            case UNKNOWN_PEER -> "; who is at the other end is told where it was seen";
            case WAKER_NOT_RUNNING -> "; another may have ended the wait than it says";
            case MISSED_WAKEUP -> "; such a wait is [none]";
            case STATE_CORRECTED -> "; some time is in the wrong column";
            case UNREADABLE_PROCESS -> "; what is held open there is not known";
            case ANSWERED_LATE -> "; what is told of the object may be less exact";
            case ANSWER_TIMED_OUT -> "; what was asked for stays without a name";
            default -> "";
        };
    }

    /** What stands before it, one word. */
    public String label() {
        return switch (severity) {
            case ERROR -> "error";
            case LOSS -> "loss";
            case DOUBT -> "doubt";
            case NOTE -> "note";
        };
    }

    public Tone ofLabel() {
        return switch (severity) {
            case ERROR, LOSS -> Tone.BAD;
            case DOUBT -> Tone.DOUBT;
            case NOTE -> Tone.FAINT;
        };
    }

    public Tone ofText() {
        return severity == TraceCounter.Severity.DOUBT ? Tone.PLAIN : ofLabel();
    }
}
