package ktrace.linux;

import java.io.Serial;

/**
 * A system call that failed, told in one line for people: which call, on what, why, and what would help.
 */
public final class SyscallException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String call;
    private final int errno;

    /**
     * @param call name of the man page
     * @param errno the positive error number, errno(3)
     * @param tried what it was meant to do, as a phrase that follows "cannot": {@code "open sched:sched_switch on CPU 3"}
     * @param hint what would help, a sentence without its full stop, or an empty string
     */
    public SyscallException(String call, int errno, String tried, String hint) {
        super("cannot " + tried + ": " + call + ": " + Errno.describe(errno) + (hint.isEmpty() ? "" : "; " + hint));
        this.call = call;
        this.errno = errno;
    }

    public SyscallException(String call, long negativeErrno, String tried) {
        this(call, (int) -negativeErrno, tried, "");
    }

    public String call() {
        return call;
    }

    public int errno() {
        return errno;
    }
}
