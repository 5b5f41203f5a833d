package ktrace.perf;

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
    SCHED_PROCESS_EXIT("sched", "sched_process_exit", EventType.SCHED_PROCESS_EXIT);

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

    @Override
    public String toString() {
        return system + ":" + tracepoint;
    }
}
