package ktrace.bpf.program;

import java.util.List;
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
 * and goes on, from {@link #BODY}, as told here. A comm takes 16 bytes.
 */
public enum RecordKind {
    /** s64 number, six arguments of 8 bytes. */
    SYS_ENTER(EventType.SYS_ENTER, "sys_enter", 80),
    /** s64 number, s64 result. */
    SYS_EXIT(EventType.SYS_EXIT, "sys_exit", 40),
    /** u32 tid and next tid, u32 state, exit state, preempted, priority of both, comm of both. */
    SCHED_SWITCH(EventType.SCHED_SWITCH, "sched_switch", 88),
    /** u32 the woken, its CPU, its priority, the CPU's preempt_count; its comm. */
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
    /** u32 tid, priority; comm. */
    SCHED_PROCESS_EXIT(EventType.SCHED_PROCESS_EXIT, "sched_process_exit", 48),
    /** A call from entry to exit, between which nothing else was told of its CPU: s32 number, u32 duration, s64 result. */
    CALL_WITH_NONE(EventType.SYS_ENTER, null, 40),
    /** The same, and three arguments of 8 bytes. */
    CALL_WITH_THREE(EventType.SYS_ENTER, null, 40 + 3 * 8),
    CALL_WITH_SIX(EventType.SYS_ENTER, null, 40 + 6 * 8);

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

    /** By {@link #KIND}. */
    public static final RecordKind[] ALL = values();
    /** Those that a program of their own writes. */
    public static final List<RecordKind> OF_TRACEPOINTS = Stream.of(ALL).filter(kind -> kind.tracepoint != null).toList();

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

    /** Whether it tells of a system call, and not of the scheduler. */
    public boolean isSyscall() {
        return this == SYS_ENTER || this == SYS_EXIT || isWholeCall();
    }

    /** Whether it is two events: the entry of a call, and its exit. */
    public boolean isWholeCall() {
        return this == CALL_WITH_NONE || this == CALL_WITH_THREE || this == CALL_WITH_SIX;
    }

    /** How many arguments a whole call is told with. */
    public int arguments() {
        return (sizeBytes - ARGUMENTS) / Long.BYTES;
    }

    /** Of its tracepoint; null for what is written by the program of another. */
    String tracepoint() {
        return tracepoint;
    }

    /** The type by which the kernel knows the tracepoint. */
    String typedef() {
        return "btf_trace_" + tracepoint;
    }
}
