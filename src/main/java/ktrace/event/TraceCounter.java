package ktrace.event;

/**
 * Everything that ktrace could not see, not decode or not explain. Each is counted where it happens, and those that are not
 * zero are shown in the view, in the JSON summary and in the trace.
 */
public enum TraceCounter {
    LOST_EVENTS("lost", Severity.LOSS,
            "event that found no room in the kernel's ring",
            "events that found no room in the kernel's ring"),
    UNRECORDED("unrecorded", Severity.DOUBT,
            "event that the kernel makes no record of, ring or no ring: most often a wake-up by a virtual CPU that idles",
            "events that the kernel makes no record of, ring or no ring: most often wake-ups by virtual CPUs that idle"),
    LOST_SYSCALLS("lostSyscalls", Severity.LOSS,
            "system-call event among the lost",
            "system-call events among the lost"),
    LOST_SCHED("lostSched", Severity.LOSS,
            "scheduler event among the lost",
            "scheduler events among the lost"),
    LOST_AT_END("lostAtEnd", Severity.LOSS,
            "event that came when the trace was at its end",
            "events that came when the trace was at its end"),
    MALFORMED_RECORDS("malformedRecords", Severity.ERROR,
            "record that could not be decoded and was passed over",
            "records that could not be decoded and were passed over"),
    UNKNOWN_RECORDS("unknownRecords", Severity.ERROR,
            "record of a type that ktrace does not know",
            "records of a type that ktrace does not know"),
    DAMAGED_PACKETS("damagedPackets", Severity.LOSS,
            "packet of the trace that was cut off or damaged, and was read up to there",
            "packets of the trace that were cut off or damaged, and were read up to there"),
    OTHER_TRACE("otherTrace", Severity.LOSS,
            "file that holds packets of another trace, by their UUID, and was not read from there on",
            "files that hold packets of another trace, by their UUID, and were not read from there on"),
    IMPOSSIBLE_CPU("impossibleCpu", Severity.LOSS,
            "packet of a CPU with a number that no machine has, which was not read",
            "packets of a CPU with a number that no machine has, which were not read"),
    LOST_PACKETS("lostPackets", Severity.LOSS,
            "packet that is missing from the trace, as its numbering shows",
            "packets that are missing from the trace, as its numbering shows"),
    THROTTLED("throttled", Severity.LOSS,
            "time that the kernel throttled an event",
            "times that the kernel throttled an event"),
    REORDERED("reordered", Severity.NOTE,
            "event that came later than its time and was moved up to its predecessor's",
            "events that came later than their time and were moved up to their predecessor's"),
    TASKS_LOST_AT_ATTACH("tasksGoneAtAttach", Severity.NOTE,
            "thread that ended while ktrace attached to it",
            "threads that ended while ktrace attached to them"),
    IN_FLIGHT_AT_ATTACH("inFlightAtAttach", Severity.NOTE,
            "call in flight at attach, left out of the latency figures",
            "calls in flight at attach, left out of the latency figures"),
    UNMATCHED_EXIT("unmatchedExit", Severity.DOUBT,
            "system-call exit without an entry",
            "system-call exits without an entry"),
    UNMATCHED_ENTER("unmatchedEnter", Severity.DOUBT,
            "system-call entry whose exit was not seen",
            "system-call entries whose exit was not seen"),
    UNKNOWN_THREAD("unknownThread", Severity.DOUBT,
            "event of a thread whose birth was not seen",
            "events of a thread whose birth was not seen"),
    UNKNOWN_PROCESS("unknownProcess", Severity.DOUBT,
            "thread whose process nothing in the trace tells: it is shown as a process of its own number",
            "threads whose process nothing in the trace tells: each is shown as a process of its own number"),
    UNEVEN_STREAMS("unevenStreams", Severity.DOUBT,
            "stream of the trace that begins later or ends earlier than others: what its CPU did meanwhile is not recorded",
            "streams of the trace that begin later or end earlier than others: what their CPUs did meanwhile is not recorded"),
    UNKNOWN_FD("unknownFd", Severity.DOUBT,
            "file descriptor whose object could not be found out",
            "file descriptors whose object could not be found out"),
    UNKNOWN_PEER("unknownPeer", Severity.DOUBT,
            "object whose other end could not be found out",
            "objects whose other end could not be found out"),
    WAKER_NOT_RUNNING("wakerNotRunning", Severity.DOUBT,
            "wake-up whose waker was not the thread known to run on that CPU",
            "wake-ups whose waker was not the thread known to run on that CPU"),
    MISSED_WAKEUP("missedWakeup", Severity.DOUBT,
            "blocked thread that ran again though no wake-up was seen",
            "blocked threads that ran again though no wake-up was seen"),
    STATE_CORRECTED("stateCorrected", Severity.DOUBT,
            "time that a thread was found in another state than the last event had left it in",
            "times that a thread was found in another state than the last event had left it in"),
    POLL_GUESS_TAKEN_BACK("pollGuessTakenBack", Severity.NOTE,
            "object guessed for a poll that the next call did not confirm",
            "objects guessed for a poll that the next call did not confirm"),
    NOT_WATCHED("notWatched", Severity.NOTE,
            "process that was waited for and not watched: as many were as can be, or it would have been one behind too many others",
            "processes that were waited for and not watched: as many were as can be, or it would have been one behind too many others"),
    STATES_BROKEN_OFF("statesBrokenOff", Severity.DOUBT,
            "time that the trace ended before all was told that was there at its begin: who waits for what may be unknown",
            "times that the trace ended before all was told that was there at its begin: who waits for what may be unknown"),
    UNREADABLE_PROCESS("unreadableProcess", Severity.DOUBT,
            "process whose /proc entries could not be read",
            "processes whose /proc entries could not be read"),
    NOT_ASKED("notAsked", Severity.NOTE,
            "question about the system that was not asked because there were too many at once",
            "questions about the system that were not asked because there were too many at once"),
    ANSWERED_LATE("answeredLate", Severity.DOUBT,
            "wait that began before it was known what for, because the answer took too long",
            "waits that began before it was known what for, because the answer took too long"),
    ANSWER_TIMED_OUT("answerTimedOut", Severity.DOUBT,
            "question about the system that /proc did not answer in time",
            "questions about the system that /proc did not answer in time"),
    SETUID_EXEC("setuidExec", Severity.LOSS,
            "time that the kernel ended the tracing of a program at exec, as its caller has not the right to it: calls were not"
                    + " seen until ktrace had attached to it again, some milliseconds later",
            "times that the kernel ended the tracing of a program at exec, as its caller has not the right to it: calls were not"
                    + " seen until ktrace had attached to it again, some milliseconds later"),
    TEXTS_NOT_READ("textsNotRead", Severity.NOTE,
            "path or address that the kernel could not read for ktrace when a call was given it: it is shown by where it lies",
            "paths and addresses that the kernel could not read for ktrace when a call was given them: each is shown by where it"
                    + " lies"),
    ROWS_JOINED("rowsJoined", Severity.NOTE,
            "row of an ended thread or process, of something waited for, or of who woke whom, shown summed up with others",
            "rows of ended threads and processes, of things waited for, and of who woke whom, shown summed up with others"),
    WINDOWS_SKIPPED("windowsSkipped", Severity.NOTE,
            "interval that was joined with the next because the reader was late",
            "intervals that were joined with the next because the reader was late");

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
    private final String one;
    private final String sentence;

    TraceCounter(String label, Severity severity, String one, String sentence) {
        this.label = label;
        this.severity = severity;
        this.one = one;
        this.sentence = sentence;
    }

    /** The name in the JSON summary. */
    public String label() {
        return label;
    }

    public Severity severity() {
        return severity;
    }

    /** What is counted, for people; goes after {@code count}. */
    public String sentence(long count) {
        return count == 1 ? one : sentence;
    }
}
