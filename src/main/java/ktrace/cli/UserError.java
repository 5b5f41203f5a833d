package ktrace.cli;

import java.io.Serial;

/** Something the user can put right, told in one line: what, why, and what would help. */
final class UserError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int exitStatus;

    UserError(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    static UserError usage(String message) {
        return new UserError(ExitStatus.USAGE, message);
    }

    static UserError failed(String message) {
        return new UserError(ExitStatus.FAILED, message);
    }

    int exitStatus() {
        return exitStatus;
    }
}
