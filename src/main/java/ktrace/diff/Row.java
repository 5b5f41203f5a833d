package ktrace.diff;

import ktrace.analysis.Cause;
import ktrace.event.ObjectKind;

/** What is the same in two runs, by its names: unescaped, as they were when it happened. */
public sealed interface Row {

    /** A system call of the processes of one name. */
    record Call(String process, String syscall) implements Row {
    }

    /**
     * Waits of the processes of one name for those of another.
     *
     * @param syscall the call it waited in, or empty
     * @param object a name that is likely to be the same in another run, as the end that a server listens at; or empty
     * @param waker who ended them; empty where that is nobody known
     */
    record Wait(String process, ObjectKind kind, String syscall, String object, String waker) implements Row {
    }

    /**
     * What the processes of one name did while others waited for them, or, where {@code own}, did with their own time.
     *
     * @param process empty when it is nobody known
     */
    record Reason(String process, Cause cause, boolean own) implements Row {
    }

    /** Stands for the calls, or waits, of all that found no room in a table. */
    String OTHERS = "(others)";
}
