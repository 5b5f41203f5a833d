package ktrace.ctf.mapping;

/**
 * What {@code prev_state} of sched_switch says, in the bits of the kernel's own tracepoint (TASK_REPORT of include/linux/sched.h: 1
 * S, 2 D, 4 T, 8 t, 0x10 X, 0x20 Z, 0x40 P, 0x80 I, 0x100 preempted). LTTng recorded the kernel's bare {@code state} before Linux
 * 4.14.
 */
enum TaskState {
    REPORTED {
        @Override
        long reported(long prevState) {
            return prevState;
        }
    },
    /** Until Linux 3.8: the bit that says preempted is where TASK_PARKED came to be. */
    BARE_WITHOUT_PARKED {
        @Override
        long reported(long prevState) {
            return fromBare(prevState, PREEMPTED);
        }
    },
    BARE {
        @Override
        long reported(long prevState) {
            return fromBare(prevState, PARKED);
        }
    };

    private static final long PREEMPTED = 0x100;
    private static final long PARKED = 0x40;
    private static final long DEAD = 0x10;
    /** TASK_INTERRUPTIBLE to TASK_TRACED, the same in all versions. */
    private static final long BARE_WAITS = 0x0f;
    /** EXIT_ZOMBIE, EXIT_DEAD and TASK_DEAD. */
    private static final long BARE_DEAD = 0x70;
    private static final long BARE_PARKED = 0x200;

    abstract long reported(long prevState);

    private static long fromBare(long state, long parked) {
        if ((state & BARE_DEAD) != 0) {
            return DEAD;
        }
        if ((state & BARE_WAITS) != 0) {
            return state & BARE_WAITS;
        }
        return state == 0 ? 0 : state == BARE_PARKED ? parked : PREEMPTED;
    }

    /** @param release as {@code uname -r} gives it, or null when the trace does not say */
    static TaskState of(String release) {
        if (release == null) {
            return REPORTED;
        }
        String[] numbers = release.split("[^0-9]+", 3);
        int major = number(numbers, 0);
        int minor = number(numbers, 1);
        if (major < 0 || major > 4 || major == 4 && minor >= 14) {
            return REPORTED;
        }
        return major < 3 || major == 3 && minor < 9 ? BARE_WITHOUT_PARKED : BARE;
    }

    private static int number(String[] numbers, int index) {
        if (index >= numbers.length || numbers[index].isEmpty() || numbers[index].length() > 6) {
            return -1;
        }
        return Integer.parseInt(numbers[index]);
    }
}
