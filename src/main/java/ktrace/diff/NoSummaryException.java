package ktrace.diff;

import java.io.Serial;

/** What was given is no summary that a run can be read from; the message says what it is, as a sentence after its name. */
public final class NoSummaryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NoSummaryException(String message) {
        super(message);
    }
}
