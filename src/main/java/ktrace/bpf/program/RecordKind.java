package ktrace.bpf.program;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ktrace.event.EventType;

/**
 * The records in the rings. Each begins with
 *
 * <pre>
 *  0  u16 kind      place in this list
 *  2  u16 flags     {@link #COMPAT}
 *  4  u32 lost      how many records this CPU had no room for, until this one
 *  8  u64 time      CLOCK_MONOTONIC; of a whole call, its entry
 * 16  u32 tid       who ran, as the first pid namespace numbers it
 * 20  u32 tgid
 * </pre>
 *
 * and goes on, from {@link #BODY}, as told here. A comm takes 16 bytes. Only the next calls of a thread have a head of their own.
 */
public enum RecordKind {
    /** s64 number, six arguments of 8 bytes; longer where what arguments point to follows ({@link TextReads}). */
    SYS_ENTER(EventType.SYS_ENTER, "sys_enter", 80),
    /** s64 number, s64 result. */
    SYS_EXIT(EventType.SYS_EXIT, "sys_exit", 40),
    /** u32 tid and next tid, u32 state, exit state, preempted, priority of both, whether it freezes, comm of both. */
    SCHED_SWITCH(EventType.SCHED_SWITCH, "sched_switch", 88),
    /**
     * u32 the woken, its CPU, its priority, the CPU's preempt_count; its comm; longer where a waker that is not traced is in a call
     * ({@link WakerCalls}).
     */
    SCHED_WAKING(EventType.SCHED_WAKING, "sched_waking", 56),
    /** As SCHED_WAKING. */
    SCHED_WAKEUP_NEW(EventType.SCHED_WAKEUP_NEW, "sched_wakeup_new", 56),
    /** u32 the moved, from which CPU, to which, its priority; its comm. */
    SCHED_MIGRATE_TASK(EventType.SCHED_MIGRATE_TASK, "sched_migrate_task", 56),
    /** u32 the child; u64 flags of clone(2); comm. */
    TASK_NEWTASK(EventType.TASK_NEWTASK, "task_newtask", 56),
    /** u32 the renamed; the new comm, the old. */
    TASK_RENAME(EventType.TASK_RENAME, "task_rename", 64),
    /** u32 tid after and before; the file's name, up to a zero. */
    SCHED_PROCESS_EXEC(EventType.SCHED_PROCESS_EXEC, "sched_process_exec", 32 + 4096),
    /** u32 tid, priority; comm; u32 whether others of its process live, as events have it. */
    SCHED_PROCESS_EXIT(EventType.SCHED_PROCESS_EXIT, "sched_process_exit", 56),
    /** u64 ring, request; u32 number, as events of io_uring have it, s32 result, u32 the CPU's preempt_count. */
    RING_CREATE(EventType.RING_CREATE, "io_uring_create", 56),
    RING_SUBMIT(EventType.RING_SUBMIT, "io_uring_submit_req", 56),
    RING_FILE(EventType.RING_FILE, "io_uring_file_get", 56),
    RING_READY(EventType.RING_READY, "io_uring_task_add", 56),
    RING_COMPLETE(EventType.RING_COMPLETE, "io_uring_complete", 56),
    RING_WAIT(EventType.RING_WAIT, "io_uring_cqring_wait", 56),
    /** u64 the lock, u32 flags, the CPU's preempt_count. */
    LOCK_CONTENDED(EventType.LOCK_CONTENDED, "contention_begin", 40),
    /** u64 the work, u32 nothing, the CPU's preempt_count. */
    WORK_QUEUED(EventType.WORK_QUEUED, "workqueue_queue_work", 40),
    WORK_STARTED(EventType.WORK_STARTED, "workqueue_execute_start", 40),
    /**
     * u64 the socket, s32 old state, new state; u16 family, local port, remote port, nothing; u32 local and remote address by
     * version 4, 16 bytes of each by version 6, u32 the CPU's preempt_count. Ports and addresses as the network orders them.
     */
    INET_SOCK_SET_STATE(EventType.INET_SOCK_SET_STATE, "inet_sock_set_state", 96),
    /** A call from entry to exit, between which nothing else was told of its CPU: s32 number, u32 duration, s64 result. */
    CALL_WITH_NONE(EventType.SYS_ENTER, null, 40),
    /** The same, and arguments of 8 bytes. */
    CALL_WITH_ONE(EventType.SYS_ENTER, null, 40 + 8),
    CALL_WITH_THREE(EventType.SYS_ENTER, null, 40 + 3 * 8),
    CALL_WITH_FOUR(EventType.SYS_ENTER, null, 40 + 4 * 8),
    CALL_WITH_SIX(EventType.SYS_ENTER, null, 40 + 6 * 8),
    /**
     * Such a call, where the record before on this CPU is a call of the same thread in one record: what is said of the thread goes
     * for this one. u16 kind, number, u32 time from the entry of that call to the entry of this one, u32 duration, s32 result.
     */
    NEXT_WITH_NONE(EventType.SYS_ENTER, null, 16),
    /** The same, and arguments of 8 bytes. */
    NEXT_WITH_ONE(EventType.SYS_ENTER, null, 16 + 8),
    NEXT_WITH_THREE(EventType.SYS_ENTER, null, 16 + 3 * 8),
    NEXT_WITH_FOUR(EventType.SYS_ENTER, null, 16 + 4 * 8),
    NEXT_WITH_SIX(EventType.SYS_ENTER, null, 16 + 6 * 8),
    /** What a thread polls for that is about to be switched out ({@link PolledSets}); longer. */
    POLLED(EventType.FACT, null, 32),
    /** At which path a thread begins to wait that is about to be switched out ({@link WaitedPaths}); longer. */
    AT_PATH(EventType.FACT, null, 32),
    /** u64 the address. */
    PAGE_FAULTED(EventType.PAGE_FAULTED, null, 32),
    /** A switch that was not told as it happened ({@link Arrivals}): u32 tid and next tid, priority; u64 when; comm of both. */
    LATE_SWITCH(EventType.SCHED_SWITCH, null, 80);

    public static final int KIND = 0;
    public static final int FLAGS = 2;
    public static final int LOST = 4;
    public static final int TIME = 8;
    public static final int TID = 16;
    public static final int TGID = 20;
    public static final int BODY = 24;
    /** Of a record of a call: its number and its registers are those of i386. */
    public static final int COMPAT = 1;
    /** Of a call with its exit. */
    public static final int DURATION = BODY + 4;
    public static final int RESULT = BODY + 8;
    public static final int ARGUMENTS = BODY + 16;
    /** Of a thread's next call. */
    public static final int NEXT_NUMBER = 2;
    public static final int NEXT_AFTER = 4;
    public static final int NEXT_DURATION = 8;
    public static final int NEXT_RESULT = 12;
    public static final int NEXT_ARGUMENTS = 16;

    /** By {@link #KIND}. */
    public static final RecordKind[] ALL = values();
    /** No record is longer. */
    public static final int MOST_BYTES = Math.max(TextReads.MOST_BYTES,
            Stream.of(ALL).mapToInt(RecordKind::sizeBytes).max().orElseThrow());
    /** Those that a program of their own writes. */
    public static final List<RecordKind> OF_TRACEPOINTS = Stream.of(ALL).filter(kind -> kind.tracepoint != null).toList();

    /** Those of io_uring: of use only together. */
    private static final Set<RecordKind> RINGS = EnumSet.range(RING_CREATE, RING_WAIT);
    private static final Set<RecordKind> WORKS = EnumSet.of(WORK_QUEUED, WORK_STARTED);

    private final EventType eventType;
    private final String tracepoint;
    private final int sizeBytes;

    RecordKind(EventType eventType, String tracepoint, int sizeBytes) {
        this.eventType = eventType;
        this.tracepoint = tracepoint;
        this.sizeBytes = sizeBytes;
    }

    public EventType eventType() {
        return eventType;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    /** Whether a record of this kind can have so many bytes. */
    public boolean canTake(int bytes) {
        return bytes == sizeBytes || tellsCall() && bytes == sizeBytes + WakerCalls.SIZE_BYTES
                || this == POLLED && bytes > sizeBytes && bytes <= PolledSets.MOST_BYTES
                || this == AT_PATH && bytes > sizeBytes && bytes <= WaitedPaths.MOST_BYTES
                || this == SYS_ENTER && bytes >= TextReads.TEXTS && bytes <= TextReads.MOST_BYTES;
    }

    /** Whether a longer one of this kind tells what somebody was doing whose calls are not told else. */
    public boolean tellsCall() {
        return this == SCHED_WAKING || this == SCHED_SWITCH;
    }

    /** Whether it tells of a system call, and not of the scheduler. */
    public boolean isSyscall() {
        return this == SYS_ENTER || this == SYS_EXIT || isWholeCall();
    }

    /** Whether it is two events: the entry of a call, and its exit. */
    public boolean isWholeCall() {
        return ordinal() >= CALL_WITH_NONE.ordinal() && ordinal() <= NEXT_WITH_SIX.ordinal();
    }

    /** Whether it is a whole call of the thread of the record before. */
    public boolean isNextCall() {
        return ordinal() >= NEXT_WITH_NONE.ordinal() && ordinal() <= NEXT_WITH_SIX.ordinal();
    }

    /** How many arguments a whole call is told with. */
    public int arguments() {
        return (sizeBytes - (isNextCall() ? NEXT_ARGUMENTS : ARGUMENTS)) / Long.BYTES;
    }

    /** Where the kernel has not got it, or refuses its program, ktrace does without, and without all of {@link #group}. */
    boolean optional() {
        return ordinal() >= RING_CREATE.ordinal();
    }

    /** Those that are of use only together. */
    Set<RecordKind> group() {
        return RINGS.contains(this) ? RINGS : WORKS.contains(this) ? WORKS : Set.of(this);
    }

    /** What its tracepoint was called on older kernels; else its name. */
    String olderName() {
        // Renamed in 6.4.
        return this == RING_SUBMIT ? "io_uring_submit_sqe" : tracepoint;
    }

    /** Of its tracepoint; null for what is written by the program of another. */
    String tracepoint() {
        return tracepoint;
    }

    /** The type by which the kernel knows a tracepoint. */
    static String typedef(String tracepoint) {
        return "btf_trace_" + tracepoint;
    }
}
