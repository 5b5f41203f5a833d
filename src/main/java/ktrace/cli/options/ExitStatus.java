package ktrace.cli.options;

import ktrace.linux.uapi.Uapi;

/** What ktrace ends with, as shells and env(1) have it. */
public final class ExitStatus {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    /** Two runs differ, and it was asked for that this be told so. */
    public static final int DIFFERENT = 3;
    /** The command was found but could not be run. */
    public static final int CANNOT_RUN = 126;
    public static final int NOT_FOUND = 127;
    private static final int SIGNAL_BASE = 128;

    private ExitStatus() {
    }

    /** The status for a wait status of wait(2): the command's own, or 128 + the signal that killed it. */
    public static int ofWaitStatus(int waitStatus) {
        int signal = waitStatus & 0x7f;
        return signal == 0 ? waitStatus >>> 8 & 0xff : SIGNAL_BASE + signal;
    }

    /** The status for an exec that failed. */
    public static int ofExecError(int errno) {
        return errno == Uapi.ENOENT() || errno == Uapi.ENOTDIR() ? NOT_FOUND : CANNOT_RUN;
    }
}
