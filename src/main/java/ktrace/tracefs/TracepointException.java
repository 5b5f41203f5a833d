package ktrace.tracefs;

import java.io.Serial;

/** A tracepoint that cannot be used, told in one line for people. */
public final class TracepointException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public TracepointException(String message) {
        super(message);
    }
}
