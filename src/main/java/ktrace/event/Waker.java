package ktrace.event;

/**
 * The thread that ended a wait. Made once for each thread and name, so that an event that carries it allocates nothing.
 *
 * @param thread null when it is not observed, or not known
 * @param tid its number; 0 when only its process is known
 * @param threadComm its own name when it was seen, unescaped; empty when that is not known
 * @param process the process that it belongs to
 */
public record Waker(ThreadId thread, int tid, String threadComm, Peer process) {
    /** Some thread of {@code process}. */
    public static Waker of(Peer process) {
        return new Waker(null, 0, "", process);
    }

    /** Thread group id of its process. */
    public int pid() {
        return process.pid();
    }

    /** The name of its process. */
    public String comm() {
        return process.comm();
    }
}
