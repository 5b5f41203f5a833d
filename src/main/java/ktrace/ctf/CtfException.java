package ktrace.ctf;

import java.io.Serial;

/** A binary trace cannot be read or written, told in one line for people: what, why, and what would help. */
public final class CtfException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public CtfException(String message) {
        super(message);
    }

    public CtfException(String message, Throwable cause) {
        super(message, cause);
    }
}
