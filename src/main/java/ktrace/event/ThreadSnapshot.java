package ktrace.event;

/**
 * A thread as /proc/PID/task/TID/{stat,syscall} told of it at the time of the event. What ktrace
 * asked holds from the start of the trace on for a thread of which no event was seen before.
 *
 * @param tid its number
 * @param tgid the number of its process
 * @param comm its name, unescaped
 * @param state the letter of /proc/PID/stat (proc(5)): R, S, D, T, t, Z, X, I; or F for one that is frozen, of
 *     which the kernel says S or D
 * @param syscall the number of the call it is in, or -1 when it is in none, or -2 when that could not be read, as for a kernel
 *     thread, which makes no calls
 * @param args the six arguments of that call, or an empty array
 * @param sinceBegin whether it holds from the start of the trace on; else only from the time of the event on
 */
public record ThreadSnapshot(int tid, int tgid, String comm, char state, int syscall, long[] args, boolean sinceBegin) {
    /** {@link #syscall} when the kernel did not let it be read, or there is nothing to be read. */
    public static final int SYSCALL_UNKNOWN = -2;
    /** {@link #state} of one that is frozen. */
    public static final char FROZEN = 'F';

    /** What holds from the start of the trace on. */
    public ThreadSnapshot(int tid, int tgid, String comm, char state, int syscall, long[] args) {
        this(tid, tgid, comm, state, syscall, args, true);
    }
}
