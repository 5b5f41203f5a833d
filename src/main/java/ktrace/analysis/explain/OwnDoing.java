package ktrace.analysis.explain;

import java.util.Arrays;
import ktrace.analysis.Cause;
import ktrace.intervals.ThreadState;

/** What a thread does itself. */
public final class OwnDoing {
    private static final Cause[] BY_STATE = Arrays.stream(ThreadState.values()).map(OwnDoing::of).toArray(Cause[]::new);

    private OwnDoing() {
    }

    /** Null when it waits for somebody, or for something that is not known. */
    public static Cause in(ThreadState state) {
        return BY_STATE[state.ordinal()];
    }

    private static Cause of(ThreadState state) {
        return switch (state) {
            case RUNNING -> Cause.COMPUTES;
            case RUNNABLE -> Cause.QUEUE;
            case THROTTLED -> Cause.THROTTLED;
            case DISK, PAGEFAULT -> Cause.DISK;
            case SLEEP -> Cause.SLEEPS;
            case STOPPED -> Cause.STOPPED;
            case UNKNOWN -> Cause.UNKNOWN;
            case IPC, OTHER -> null;
        };
    }
}
