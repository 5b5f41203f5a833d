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
    /**
     * What somebody was doing whose calls are not told: a waker when it woke, the payload of a SCHED_WAKING whose collector has
     * looked, or one that is watched for states as it began to wait, that of a SCHED_SWITCH.
     *
     * @param call the number of its system call
     * @param arg0 the first argument
     * @param arg1 the second
     * @param inode of the file that its first argument is the descriptor of, at that moment; 0 when it is none
     * @param mode what sort of file that is, as stat(2) has it; with its permissions
     */
    public record InCall(int call, long arg0, long arg1, long inode, int mode) {
    }

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
