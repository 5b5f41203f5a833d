package ktrace.perf;

import java.io.Serial;

/** perf_event cannot be used, told in one line for people: what, why, and what would help. */
public final class PerfException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Whether it was refused for want of privileges, so that another collector may still work. */
    private final boolean refused;

    PerfException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    public boolean refused() {
        return refused;
    }
}
