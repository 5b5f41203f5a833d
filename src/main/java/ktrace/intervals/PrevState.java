package ktrace.intervals;

/** The bits of {@code prev_state} in sched_switch, as the kernel's TASK_REPORT has them (include/linux/sched.h). */
final class PrevState {
    private PrevState() {
    }

    /**
     * The bit of a letter of /proc/PID/stat, proc_pid_stat(5); 0 for a thread that runs or could run: which of both, its next event
     * tells, and until then it is unknown.
     */
    static long ofLetter(char state) {
        return switch (state) {
            case 'S' -> 1;
            case 'D' -> 2;
            case 'T' -> 4;
            case 't' -> 8;
            case 'P' -> 64;
            case 'I' -> 128;
            default -> 0;
        };
    }
}
