package ktrace.bpf.kernel;

import java.io.Serial;

/** The in-kernel collector cannot be used, told in one line for people: what, why, and what would help. */
public final class BpfException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public BpfException(String message) {
        super(message);
    }
}
