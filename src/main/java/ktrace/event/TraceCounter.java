package ktrace.event;

/**
 * Everything that ktrace could not see, not decode or not explain. Each is counted where it happens, and those that are not
 * zero are shown in the view, in the JSON summary and in the trace.
 */
public enum TraceCounter {
    LOST_EVENTS("lost", Severity.LOSS, "events that found no room in the kernel's ring"),
    UNRECORDED("unrecorded", Severity.DOUBT,
            "events that the kernel makes no record of, ring or no ring: most often wake-ups by virtual CPUs that idle"),
    LOST_SYSCALLS("lostSyscalls", Severity.LOSS, "system-call events among the lost"),
    LOST_SCHED("lostSched", Severity.LOSS, "scheduler events among the lost"),
    MALFORMED_RECORDS("malformedRecords", Severity.ERROR, "records that could not be decoded and were passed over"),
    UNKNOWN_RECORDS("unknownRecords", Severity.ERROR, "records of a type that ktrace does not know"),
    DAMAGED_PACKETS("damagedPackets", Severity.LOSS,
            "packets of the trace that were cut off or damaged, and were read up to there"),
    OTHER_TRACE("otherTrace", Severity.LOSS,
            "files that hold packets of another trace, by their UUID, and were not read from there on"),
    IMPOSSIBLE_CPU("impossibleCpu", Severity.LOSS, "packets of a CPU with a number that no machine has, which were not read"),
    LOST_PACKETS("lostPackets", Severity.LOSS, "packets that are missing from the trace, as its numbering shows"),
    THROTTLED("throttled", Severity.LOSS, "times that the kernel throttled an event"),
    REORDERED("reordered", Severity.NOTE, "events that came later than their time and were moved up to their predecessor's"),
    TASKS_LOST_AT_ATTACH("tasksGoneAtAttach", Severity.NOTE, "threads that ended while ktrace attached to them"),
    IN_FLIGHT_AT_ATTACH("inFlightAtAttach", Severity.NOTE, "calls in flight at attach, left out of the latency figures"),
    UNMATCHED_EXIT("unmatchedExit", Severity.DOUBT, "system-call exits without an entry"),
    UNMATCHED_ENTER("unmatchedEnter", Severity.DOUBT, "system-call entries whose exit was not seen"),
    UNKNOWN_THREAD("unknownThread", Severity.DOUBT, "events of a thread whose birth was not seen"),
    UNKNOWN_PROCESS("unknownProcess", Severity.DOUBT,
            "threads whose process nothing in the trace tells: each is shown as a process of its own number"),
    UNEVEN_STREAMS("unevenStreams", Severity.DOUBT,
            "streams of the trace that begin later or end earlier than others: what their CPUs did meanwhile is not recorded"),
    UNKNOWN_FD("unknownFd", Severity.DOUBT, "file descriptors whose object could not be found out"),
    UNKNOWN_PEER("unknownPeer", Severity.DOUBT, "objects whose other end could not be found out"),
    WAKER_NOT_RUNNING("wakerNotRunning", Severity.DOUBT, "wake-ups whose waker was not the thread known to run on that CPU"),
    MISSED_WAKEUP("missedWakeup", Severity.DOUBT, "blocked threads that ran again though no wake-up was seen"),
    STATE_CORRECTED("stateCorrected", Severity.DOUBT, "threads found in another state than the last event had left them in"),
    POLL_GUESS_TAKEN_BACK("pollGuessTakenBack", Severity.NOTE, "objects guessed for a poll that the next call did not confirm"),
    STATES_BROKEN_OFF("statesBrokenOff", Severity.DOUBT,
            "times that the trace ended before all was told that was there at its begin: who waits for what may be unknown"),
    UNREADABLE_PROCESS("unreadableProcess", Severity.DOUBT, "processes whose /proc entries could not be read"),
    NOT_ASKED("notAsked", Severity.NOTE, "questions about the system that were not asked because there were too many at once"),
    ANSWERED_LATE("answeredLate", Severity.DOUBT, "waits that began before it was known what for, because the answer took too long"),
    ANSWER_TIMED_OUT("answerTimedOut", Severity.DOUBT, "questions about the system that /proc did not answer in time"),
    SETUID_EXEC("setuidExec", Severity.LOSS, "times that the kernel ended the tracing of a program at exec, as its caller has not the"
            + " right to it: calls were not seen until ktrace had attached to it again, some milliseconds later"),
    TEXTS_NOT_READ("textsNotRead", Severity.NOTE, "paths and addresses that the kernel could not read for ktrace when a call was"
            + " given them: each is shown by where it lies"),
    ROWS_JOINED("rowsJoined", Severity.NOTE, "ended threads, ended processes and waited-for objects shown summed up with others"),
    WINDOWS_SKIPPED("windowsSkipped", Severity.NOTE, "intervals that were joined with the next because the reader was late");

    /** How much a counter that is not zero says against the figures. */
    public enum Severity {
        /** Explains, takes nothing away. */
        NOTE,
        /** Some figures rest on a guess or are left out. */
        DOUBT,
        /** Events are missing. */
        LOSS,
        /** ktrace or the kernel did something that should not be. */
        ERROR
    }

    private final String label;
    private final Severity severity;
    private final String sentence;

    TraceCounter(String label, Severity severity, String sentence) {
        this.label = label;
        this.severity = severity;
        this.sentence = sentence;
    }

    /** The name in the JSON summary. */
    public String label() {
        return label;
    }

    public Severity severity() {
        return severity;
    }

    /** What is counted, for people; goes after the number. */
    public String sentence() {
        return sentence;
    }
}
