package ktrace.intervals;

import ktrace.event.ObjectKind;

/** What a thread is doing, as far as its time is accounted; blocked is split by its reason. */
public enum ThreadState {
    /** On a CPU. */
    RUNNING,
    /** Ready, waiting for a CPU. */
    RUNNABLE,
    /** Ready, and not given a CPU that had nothing else to do: its control group has used up what it may. */
    THROTTLED,
    /** Before its first event, and after events were lost. */
    UNKNOWN,
    /** Blocked in a call that waits for somebody else. */
    IPC,
    /** Blocked on storage. */
    DISK,
    /** Blocked because it asked to sleep. */
    SLEEP,
    /** Blocked uninterruptibly outside a system call. */
    PAGEFAULT,
    /** Held still by a signal, a debugger or the freezer. */
    STOPPED,
    /** Blocked for none of these reasons, or for one that is not known. */
    OTHER;

    public boolean blocked() {
        return ordinal() >= IPC.ordinal();
    }

    /** Ready, whatever it is that it is not running for. */
    boolean ready() {
        return this == RUNNABLE || this == THROTTLED;
    }

    /**
     * The reason that goes with what is waited for. A wait keeps its reason however exactly its object becomes known later, unless
     * it turns out to have been for something else: see {@link Interval#toldState}.
     */
    static ThreadState waitingFor(ObjectKind kind) {
        return switch (kind.reason()) {
            case IPC -> IPC;
            case DISK -> DISK;
            case SLEEP -> SLEEP;
            case STOPPED -> STOPPED;
            case OTHER -> OTHER;
        };
    }
}
