package ktrace.ptrace;

import java.io.Serial;

/** ptrace cannot be used on a process, told in one line for people: what, why, and what would help. */
public final class PtraceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    PtraceException(String message) {
        super(message);
    }
}
