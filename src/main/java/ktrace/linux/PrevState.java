package ktrace.linux;

/** The bits of {@code prev_state} in sched_switch, as the kernel's TASK_REPORT has them (include/linux/sched.h). */
public final class PrevState {
    /** Why a thread does not run. The bits above say that it was preempted, and could run. */
    public static final long NOT_RUNNABLE = 0xff;
    /** TASK_UNINTERRUPTIBLE, alone. */
    public static final long UNINTERRUPTIBLE = 2;
    /** TASK_INTERRUPTIBLE, alone. */
    public static final long INTERRUPTIBLE = 1;
    /** __TASK_STOPPED: a signal stopped it, whatever call it is in. */
    public static final long STOPPED = 4;
    /** __TASK_TRACED: a debugger did. */
    public static final long TRACED = 8;
    /** TASK_FROZEN. The kernel shows it as one of the two sleeps; /proc tells in which of its functions that is. */
    public static final long FROZEN = 0x8000 | UNINTERRUPTIBLE;
    /** EXIT_DEAD and EXIT_ZOMBIE: the last that there is of a thread. */
    public static final long DEAD = 0x10 | 0x20;

    private PrevState() {
    }

    /**
     * The bit of a letter of /proc/PID/stat, proc_pid_stat(5), or of F for what is frozen; 0 for a thread that runs or could run: which of both, its next event
     * tells, and until then it is unknown.
     */
    public static long ofLetter(char state) {
        return switch (state) {
            case 'S' -> 1;
            case 'D' -> 2;
            case 'T' -> 4;
            case 't' -> 8;
            case 'P' -> 64;
            case 'I' -> 128;
            case 'F' -> FROZEN;
            default -> 0;
        };
    }
}
