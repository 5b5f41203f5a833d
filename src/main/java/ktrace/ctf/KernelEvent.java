package ktrace.ctf;

/**
 * The events of a CPU's stream that are no system calls: their names and fields, in the layout of LTTng-modules 2.9
 * (instrumentation/events/lttng-module/sched.h, lttng-statedump.h). What ktrace adds stands behind LTTng's own fields.
 */
public enum KernelEvent {
    START("ktrace_start", ""),
    INTERVAL("ktrace_interval", Parts.WINDOW),
    END("ktrace_end", Parts.WINDOW),
    EVENTS_LOST("ktrace_events_lost", Tsdl.u64("count")),
    STATEDUMP_START("lttng_statedump_start", ""),
    STATEDUMP_THREAD("lttng_statedump_process_state", Tsdl.i32("tid") + Tsdl.i32("vtid") + Tsdl.i32("pid") + Tsdl.i32("vpid")
            + Tsdl.i32("ppid") + Tsdl.i32("vppid") + Tsdl.comm("name") + Tsdl.i32("type") + Tsdl.i32("mode") + Tsdl.i32("submode")
            + Tsdl.i32("status") + Tsdl.i32("ns_level") + Tsdl.u32("cpu") + Tsdl.u8("state") + Tsdl.i32("syscall")
            + Tsdl.sequenceX64("args")),
    STATEDUMP_FD("lttng_statedump_file_descriptor", Tsdl.i32("pid") + Tsdl.i32("fd") + Tsdl.x32("flags") + Tsdl.x32("fmode")
            + Tsdl.string("filename") + Parts.FD),
    STATEDUMP_PROCESS("ktrace_statedump_process", Parts.PROCESS),
    STATEDUMP_END("lttng_statedump_end", ""),
    SCHED_SWITCH("sched_switch", Parts.SWITCH),
    SCHED_WAKING("sched_waking", Parts.WAKEUP),
    SCHED_WAKEUP_NEW("sched_wakeup_new", Parts.WAKEUP),
    SCHED_MIGRATE_TASK("sched_migrate_task", Tsdl.comm("comm") + Tsdl.i32("tid") + Tsdl.i32("prio") + Tsdl.i32("orig_cpu")
            + Tsdl.i32("dest_cpu")),
    SCHED_PROCESS_FORK("sched_process_fork", Tsdl.comm("parent_comm") + Tsdl.i32("parent_tid") + Tsdl.i32("parent_pid")
            + Tsdl.comm("child_comm") + Tsdl.i32("child_tid") + Tsdl.i32("child_pid") + Tsdl.x64("clone_flags")),
    SCHED_PROCESS_EXEC("sched_process_exec", Tsdl.string("filename") + Tsdl.i32("tid") + Tsdl.i32("old_tid")),
    SCHED_PROCESS_EXIT("sched_process_exit", Tsdl.comm("comm") + Tsdl.i32("tid") + Tsdl.i32("prio") + Tsdl.u8("last")),
    TASK_RENAME("task_rename", Tsdl.i32("tid") + Tsdl.comm("oldcomm") + Tsdl.comm("newcomm")),
    RING_CREATE("io_uring_create", Tsdl.x64("ctx") + Tsdl.i32("fd") + Tsdl.x32("flags")),
    RING_SUBMIT("io_uring_submit_req", Parts.REQUEST + Tsdl.u8("opcode")),
    RING_FILE("io_uring_file_get", Parts.REQUEST + Tsdl.i32("fd")),
    RING_READY("io_uring_task_add", Parts.REQUEST + Tsdl.u8("common_flags")),
    RING_COMPLETE("io_uring_complete", Parts.REQUEST + Tsdl.i32("res") + Tsdl.x32("cflags") + Tsdl.u8("common_flags")),
    RING_WAIT("io_uring_cqring_wait", Tsdl.x64("ctx")),
    LOCK_CONTENDED("contention_begin", Tsdl.x64("lock_addr") + Tsdl.x32("flags")),
    WORK_QUEUED("workqueue_queue_work", Tsdl.x64("work") + Tsdl.u8("common_flags")),
    WORK_STARTED("workqueue_execute_start", Tsdl.x64("work")),
    PAGE_FAULTED("ktrace_page_faulted", Tsdl.x64("address")),
    INET_SOCK_SET_STATE("inet_sock_set_state", Tsdl.x64("skaddr") + Tsdl.i32("oldstate") + Tsdl.i32("newstate") + Tsdl.u32("ports")
            + Tsdl.x64("saddr_high") + Tsdl.x64("saddr_low") + Tsdl.x64("daddr_high") + Tsdl.x64("daddr_low")
            + Tsdl.u8("common_flags")),
    FACT_FD("ktrace_fact_fd", Parts.FD_FACT),
    FACT_NO_FD("ktrace_fact_no_fd", Tsdl.i32("pid") + Tsdl.i32("fd")),
    FACT_HELD("ktrace_fact_held", Parts.FD_FACT),
    FACT_TABLE("ktrace_fact_table", Tsdl.i32("pid")),
    FACT_PROCESS("ktrace_fact_process", Tsdl.i32("tid") + Parts.PROCESS),
    FACT_MAPPING("ktrace_fact_mapping", Tsdl.i32("pid") + Tsdl.x64("address") + Tsdl.x64("start") + Tsdl.x64("end")
            + Tsdl.u8("shared") + Tsdl.i32("device") + Tsdl.i64("inode") + Tsdl.i64("offset") + Tsdl.string("path")),
    FACT_OPENING("ktrace_fact_opening", Parts.OBJECT_FACT + Tsdl.x64("address")),
    FACT_PATH("ktrace_fact_path", Parts.OBJECT_FACT + Tsdl.i32("directory") + Tsdl.string("path")),
    FACT_AT_PATH("ktrace_fact_at_path", Tsdl.i32("tid") + Tsdl.x64("address") + Tsdl.string("path")),
    FACT_SLEEP("ktrace_fact_sleep", Tsdl.i32("tid") + Tsdl.i32("pid") + Tsdl.comm("name") + Tsdl.string("function")
            + Tsdl.i64("since_ns") + Tsdl.u8("state") + Tsdl.i32("syscall") + Tsdl.sequenceX64("args")),
    FACT_POLLED("ktrace_fact_polled", Tsdl.i32("tid") + Tsdl.i64("since_ns") + Tsdl.u8("is_all") + Tsdl.sequenceI32("fds")),
    FACT_SYSV_IPC("ktrace_fact_sysv_ipc", Parts.OBJECT_FACT),
    FACT_QUOTA("ktrace_fact_quota", Tsdl.i32("pid") + Tsdl.string("cgroup") + Tsdl.i64("throttled_ns")),
    FACT_AFFINITY("ktrace_fact_affinity", Tsdl.i32("tid") + Tsdl.string("cpus") + Tsdl.i64("idle_elsewhere_ns")),
    FACT_STEAL("ktrace_fact_steal", Tsdl.i32("cpu") + Tsdl.i64("stolen_ns")),
    FACT_HELD_BY("ktrace_fact_held_by", Tsdl.i32("tid") + Tsdl.i64("since_ns") + Tsdl.i32("holder_tid") + Tsdl.i32("holder_pid")
            + Tsdl.string("comm") + Tsdl.string("thread_comm") + Tsdl.u8("sole")),
    FACT_SUBMITTED("ktrace_fact_submitted", Tsdl.i32("pid") + Tsdl.x64("context") + Tsdl.x64("list") + Tsdl.i32("operation")
            + Tsdl.i32("fd")),
    SYSCALL_ENTRY_UNKNOWN("syscall_entry_unknown", Tsdl.i64("id") + Tsdl.sequenceX64("args")),
    SYSCALL_EXIT_UNKNOWN("syscall_exit_unknown", Tsdl.i64("id") + Tsdl.i64("ret")),
    /** By a thread that is not traced, with what it was doing. */
    SCHED_WAKING_IN_CALL("sched_waking", Parts.WAKEUP + Tsdl.i32("waker_call") + Tsdl.x64("waker_arg0") + Tsdl.x64("waker_arg1")
            + Tsdl.i64("waker_inode") + Tsdl.x32("waker_mode")),
    /** For readers of LTTng's traces, who know no facts; ktrace itself takes the fact. */
    LEARNT_FD("lttng_statedump_file_descriptor", Tsdl.i32("pid") + Tsdl.i32("fd") + Tsdl.x32("flags") + Tsdl.x32("fmode")
            + Tsdl.string("filename") + Tsdl.u8("learnt")),
    /** From a thread that is watched for states, with what it waits in. */
    SCHED_SWITCH_IN_CALL("sched_switch", Parts.SWITCH + Tsdl.i32("prev_call") + Tsdl.x64("prev_arg0") + Tsdl.x64("prev_arg1")
            + Tsdl.i64("prev_inode") + Tsdl.x32("prev_mode")),
    FACT_WATCH("ktrace_fact_watch", Tsdl.i32("pid") + Tsdl.u8("watched")),
    FACT_COLLECTOR("ktrace_fact_collector", Tsdl.string("cheaper") + Tsdl.i64("others_per_s") + Tsdl.i64("targets_per_s")),
    /** For readers of LTTng's traces: nobody has seen it, but by then the CPU had gone from the one to the other. */
    SCHED_SWITCH_INFERRED("sched_switch", Parts.SWITCH + Tsdl.u8("inferred")),
    /** To a thread that turns out to run since then: for ktrace, which learnt of it now. Others have it as inferred, at its time. */
    SCHED_SWITCH_LATE("ktrace_sched_switch_late", Parts.SWITCH + Tsdl.i64("next_since"));

    /** LTTng, and so a trace of ktrace's, counts priorities from the lowest of real time, which is this of the kernel's. */
    public static final int MAX_RT_PRIO = 100;

    /** What the field is called that has the address of a text that a system call was given, behind the text's own name. */
    public static final String ADDRESS = "_address";

    /**
     * Of a text that a system call was given: 0 when it could not be read (then it is its address), 1 when it is what the caller
     * gave, 2 when it is cut. Of the address of a socket: how many of its bytes follow, 0 when it could not be read. Stands
     * behind all arguments, in the traces of collectors that read memory.
     */
    public static final String READ = "_read";

    /** What the field is called that has those bytes. */
    public static final String BYTES = "_bytes";

    private final String label;
    private final String fields;

    KernelEvent(String label, String fields) {
        this.label = label;
        this.fields = fields;
    }

    /** The name in the trace. */
    public String label() {
        return label;
    }

    /** The declarations of its fields. */
    public String fields() {
        return fields;
    }

    /** Fields that several events have. */
    static final class Parts {
        static final String WINDOW = Tsdl.u64("start_ns") + Tsdl.u64("events") + Tsdl.u64("syscall_events")
                + Tsdl.string("counters");
        static final String SWITCH = Tsdl.comm("prev_comm") + Tsdl.i32("prev_tid") + Tsdl.i32("prev_prio") + Tsdl.i64("prev_state")
                + Tsdl.comm("next_comm") + Tsdl.i32("next_tid") + Tsdl.i32("next_prio");
        static final String WAKEUP = Tsdl.comm("comm") + Tsdl.i32("tid") + Tsdl.i32("prio") + Tsdl.i32("target_cpu")
                + Tsdl.u8("common_flags");
        static final String REQUEST = Tsdl.x64("ctx") + Tsdl.x64("req");
        static final String FD = Tsdl.string("kind") + Tsdl.i64("key") + Tsdl.i64("peer_key") + Tsdl.sequenceI32("watched");
        static final String FD_FACT = Tsdl.i32("pid") + Tsdl.i32("fd") + Tsdl.x32("flags") + Tsdl.string("filename") + FD;
        static final String OBJECT_FACT = Tsdl.i32("number") + Tsdl.string("kind") + Tsdl.i64("key") + Tsdl.string("name");
        static final String PROCESS = Tsdl.i32("pid") + Tsdl.i32("ppid") + Tsdl.string("comm") + Tsdl.string("cmdline")
                + Tsdl.i32("inside") + Tsdl.u8("in_namespace");

        private Parts() {
        }
    }
}
