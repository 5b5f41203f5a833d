package ktrace.perf;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToLongFunction;
import ktrace.event.EventType;

/** The tracepoints that the collector opens, with the system they live in. */
enum Tracepoint {
    SYS_ENTER("raw_syscalls", "sys_enter", EventType.SYS_ENTER),
    SYS_EXIT("raw_syscalls", "sys_exit", EventType.SYS_EXIT),
    SCHED_SWITCH("sched", "sched_switch", EventType.SCHED_SWITCH),
    SCHED_WAKING("sched", "sched_waking", EventType.SCHED_WAKING),
    SCHED_WAKEUP_NEW("sched", "sched_wakeup_new", EventType.SCHED_WAKEUP_NEW),
    SCHED_MIGRATE_TASK("sched", "sched_migrate_task", EventType.SCHED_MIGRATE_TASK),
    TASK_NEWTASK("task", "task_newtask", EventType.TASK_NEWTASK),
    TASK_RENAME("task", "task_rename", EventType.TASK_RENAME),
    SCHED_PROCESS_EXEC("sched", "sched_process_exec", EventType.SCHED_PROCESS_EXEC),
    SCHED_PROCESS_EXIT("sched", "sched_process_exit", EventType.SCHED_PROCESS_EXIT),
    RING_CREATE("io_uring", "io_uring_create", EventType.RING_CREATE),
    RING_SUBMIT("io_uring", "io_uring_submit_req", EventType.RING_SUBMIT),
    RING_FILE("io_uring", "io_uring_file_get", EventType.RING_FILE),
    RING_READY("io_uring", "io_uring_task_add", EventType.RING_READY),
    RING_COMPLETE("io_uring", "io_uring_complete", EventType.RING_COMPLETE),
    RING_WAIT("io_uring", "io_uring_cqring_wait", EventType.RING_WAIT),
    LOCK_CONTENDED("lock", "contention_begin", EventType.LOCK_CONTENDED),
    WORK_QUEUED("workqueue", "workqueue_queue_work", EventType.WORK_QUEUED),
    WORK_STARTED("workqueue", "workqueue_execute_start", EventType.WORK_STARTED),
    INET_SOCK_SET_STATE("sock", "inet_sock_set_state", EventType.INET_SOCK_SET_STATE),
    /** Not a tracepoint but the kernel's counter of page faults that had to wait for their page; its records have the address. */
    PAGE_FAULTED("software", "major-faults", EventType.PAGE_FAULTED);

    /** LCB_F_SPIN, include/trace/events/lock.h: not slept for. */
    private static final String SLEEPING = "!(flags & 1)";
    /**
     * Of the states of a TCP connection (include/net/tcp_states.h) those with which its addresses become known, or that the thread
     * which closes it brings about: SYN_SENT 2, ESTABLISHED 1, FIN_WAIT1 4, LAST_ACK 9, LISTEN 10, and CLOSE 7 of a connection that
     * was never made or is cut off.
     */
    private static final String ADDRESSED = "protocol == 6 && (newstate == 1 || newstate == 2 || newstate == 4 || newstate == 9"
            + " || newstate == 10 || (newstate == 7 && oldstate <= 2))";
    /** The work by which what is written at one side of a terminal comes to the other. */
    private static final String TERMINAL_WORK = "flush_to_ldisc";

    /** Those of io_uring: of use only together, and on kernels that tell of which request each is (since 5.18). */
    private static final Set<Tracepoint> RINGS = EnumSet.range(RING_CREATE, RING_WAIT);
    private static final Set<Tracepoint> WORKS = EnumSet.of(WORK_QUEUED, WORK_STARTED);

    private final String system;
    private final String tracepoint;
    private final EventType eventType;

    Tracepoint(String system, String tracepoint, EventType eventType) {
        this.system = system;
        this.tracepoint = tracepoint;
        this.eventType = eventType;
    }

    String system() {
        return system;
    }

    /** Its name within the system. */
    String tracepoint() {
        return tracepoint;
    }

    EventType eventType() {
        return eventType;
    }

    /** Opened for each traced thread; the others are opened for each CPU. */
    boolean perTask() {
        return this == SYS_ENTER || this == SYS_EXIT;
    }

    /** Whether the kernel describes how its data is laid out; else it has none. */
    boolean hasFormat() {
        return this != PAGE_FAULTED;
    }

    /** What it was called on older kernels; else its name. */
    String olderName() {
        // Renamed in 6.4.
        return this == RING_SUBMIT ? "io_uring_submit_sqe" : tracepoint;
    }

    /** Where the kernel has not got it, ktrace does without, and without all of {@link #group}. */
    boolean optional() {
        return ordinal() >= RING_CREATE.ordinal();
    }

    /** Those that are of use only together. */
    Set<Tracepoint> group() {
        return RINGS.contains(this) ? RINGS : WORKS.contains(this) ? WORKS : Set.of(this);
    }

    /** What alone is wanted of it, where it tells of the whole machine; null when that is all. */
    String filter() {
        return switch (this) {
            case LOCK_CONTENDED -> SLEEPING;
            case INET_SOCK_SET_STATE -> ADDRESSED;
            case WORK_QUEUED, WORK_STARTED -> "function.function == " + TERMINAL_WORK;
            default -> null;
        };
    }

    /**
     * The same for a kernel that does not compare functions by their names.
     *
     * @param symbols the address of a function, or 0
     * @return null when there is none
     */
    String filterByAddress(ToLongFunction<String> symbols) {
        long function = this == WORK_QUEUED || this == WORK_STARTED ? symbols.applyAsLong(TERMINAL_WORK) : 0;
        return function == 0 ? null : "function == 0x" + Long.toHexString(function);
    }

    @Override
    public String toString() {
        return system + ":" + tracepoint;
    }
}
