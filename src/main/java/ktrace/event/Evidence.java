package ktrace.event;

/** How sure it is who ended a wait, from surest to unknown. The JSON name is the lower-case name. */
public enum Evidence {
    /** The waker was in a system call on the very object that the waiter waited for. */
    OBJECT,
    /** The waker is a task, but the object did not match or is not known. */
    WAKER,
    /** The wake-up came from a hard or soft interrupt, and no object confirms a sender: a timer, a disk, a network card. */
    INTERRUPT,
    /** The wake-up was not seen. */
    NONE;

    /** What an interrupt that ended a wait came of. */
    public enum Interrupt {
        /** The call has returned because its time was up. */
        TIMED_OUT,
        /** A clock: a sleep that ran to its end, a timer that went off. */
        TIMER,
        /** Storage. */
        DISK,
        /** What another machine sent. */
        NETWORK,
        /** None of these, or not known. */
        UNKNOWN
    }

    private final String label = name().toLowerCase(java.util.Locale.ROOT);

    /** The name in JSON and on the screen. */
    public String label() {
        return label;
    }
}
