package ktrace.ctf.mapping;

/**
 * What {@code prev_state} of sched_switch says, in the bits of the kernel's own tracepoint (TASK_REPORT of include/linux/sched.h: 1
 * S, 2 D, 4 T, 8 t, 0x10 X, 0x20 Z, 0x40 P, 0x80 I, 0x100 preempted). LTTng recorded the kernel's bare {@code state} before Linux
 * 4.14, and from then on until its own 2.9.15, 2.10.12 and 2.11.0 came; its bits are others on each of these kernels.
 */
enum TaskState {
    REPORTED(0, 0, 0) {
        @Override
        long reported(long prevState) {
            return prevState;
        }
    },
    /** Until Linux 3.8: the bit that says preempted is where TASK_PARKED came to be. */
    BARE_WITHOUT_PARKED(0x40, 0, 0),
    /** Until Linux 4.13. */
    BARE(0x40, 0x200, 0),
    /** Since Linux 4.14, by an LTTng that did not know of it. */
    BARE_OF_4_14(0x80, 0x40, 0x400);

    private static final long PREEMPTED = 0x100;
    private static final long PARKED = 0x40;
    private static final long IDLE = 0x80;
    private static final long DEAD = 0x10;
    /** TASK_INTERRUPTIBLE to TASK_TRACED, the same in all versions. */
    private static final long BARE_WAITS = 0x0f;
    private static final long UNINTERRUPTIBLE = 2;
    /** EXIT_ZOMBIE and EXIT_DEAD. */
    private static final long BARE_EXITED = 0x30;

    private final long bareDead;
    private final long bareParked;
    private final long bareNoLoad;

    /** The bits of TASK_DEAD and TASK_PARKED, and of TASK_NOLOAD where the kernel itself tells idle from uninterruptible. */
    TaskState(long bareDead, long bareParked, long bareNoLoad) {
        this.bareDead = bareDead;
        this.bareParked = bareParked;
        this.bareNoLoad = bareNoLoad;
    }

    long reported(long state) {
        if ((state & (BARE_EXITED | bareDead)) != 0) {
            return DEAD;
        }
        long waits = state & BARE_WAITS;
        if (waits != 0) {
            return waits == UNINTERRUPTIBLE && (state & bareNoLoad) != 0 ? IDLE : waits;
        }
        return state == 0 ? 0 : state == bareParked ? PARKED : PREEMPTED;
    }

    /**
     * @param release as {@code uname -r} gives it, or null when the trace does not say
     * @param tracer of LTTng the version's three numbers, -1 for those that are not told; null for another tracer
     */
    static TaskState of(String release, long[] tracer) {
        if (release == null) {
            return REPORTED;
        }
        String[] numbers = release.split("[^0-9]+", 3);
        int major = number(numbers, 0);
        int minor = number(numbers, 1);
        if (major < 0 || major > 4 || major == 4 && minor >= 14) {
            return tracer == null || knowsOf414(tracer) ? REPORTED : BARE_OF_4_14;
        }
        return major < 3 || major == 3 && minor < 9 ? BARE_WITHOUT_PARKED : BARE;
    }

    private static boolean knowsOf414(long[] tracer) {
        long minor = tracer[1];
        long patch = tracer[2];
        if (tracer[0] != 2 || minor < 0) {
            return true;
        }
        return minor >= 11 || minor == 10 && patch >= 12 || minor == 9 && patch >= 15;
    }

    private static int number(String[] numbers, int index) {
        if (index >= numbers.length || numbers[index].isEmpty() || numbers[index].length() > 6) {
            return -1;
        }
        return Integer.parseInt(numbers[index]);
    }
}
