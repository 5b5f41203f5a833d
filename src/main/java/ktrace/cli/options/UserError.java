package ktrace.cli.options;

import java.io.Serial;

/** Something the user can put right, told in one line: what, why, and what would help. */
public final class UserError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int exitStatus;

    public UserError(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    public static UserError usage(String message) {
        return new UserError(ExitStatus.USAGE, message);
    }

    public static UserError failed(String message) {
        return new UserError(ExitStatus.FAILED, message);
    }

    public int exitStatus() {
        return exitStatus;
    }
}
