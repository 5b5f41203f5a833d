package ktrace.linux.terminal;

import java.io.IOException;
import java.io.Serial;

/** A write to a pipe or socket that nobody reads any more, EPIPE: what {@code head} does, and no failure of the writer's. */
public final class ReaderGoneException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public ReaderGoneException() {
        super("its reader has gone");
    }
}
