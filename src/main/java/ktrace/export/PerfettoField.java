package ktrace.export;

/** Field numbers and values of the messages of Perfetto that ktrace writes: protos/perfetto/trace/*.proto and below. */
final class PerfettoField {
    private PerfettoField() {
    }

    /** trace.proto: a file is one Trace, that is, packets one behind the other. */
    static final class Trace {
        static final int PACKET = 1;
    }

    /** trace_packet.proto. */
    static final class TracePacket {
        static final int FTRACE_EVENTS = 1;
        static final int PROCESS_TREE = 2;
        static final int CLOCK_SNAPSHOT = 6;
        static final int TIMESTAMP = 8;
        static final int TRUSTED_PACKET_SEQUENCE_ID = 10;
        static final int TRACK_EVENT = 11;
        static final int SYSTEM_INFO = 45;
        static final int TIMESTAMP_CLOCK_ID = 58;
        static final int TRACK_DESCRIPTOR = 60;
    }

    /** clock_snapshot.proto and its Clock, builtin_clock.proto. */
    static final class ClockSnapshot {
        static final int CLOCKS = 1;
        static final int PRIMARY_TRACE_CLOCK = 2;
        static final int CLOCK_ID = 1;
        static final int CLOCK_TIMESTAMP = 2;
        static final int REALTIME = 1;
        static final int MONOTONIC = 3;
        static final int BOOTTIME = 6;
    }

    /** system_info.proto and its Utsname. */
    static final class SystemInfo {
        static final int UTSNAME = 1;
        static final int TRACING_SERVICE_VERSION = 4;
        static final int MACHINE_NAME = 17;
        static final int SYSNAME = 1;
        static final int VERSION = 2;
        static final int RELEASE = 3;
        static final int MACHINE = 4;
    }

    /** ps/process_tree.proto with its Process and Thread. */
    static final class ProcessTree {
        static final int PROCESSES = 1;
        static final int THREADS = 2;
        static final int PROCESS_PID = 1;
        static final int PROCESS_PPID = 2;
        static final int PROCESS_CMDLINE = 3;
        static final int PROCESS_CMDLINE_IS_COMM = 9;
        static final int THREAD_TID = 1;
        static final int THREAD_NAME = 2;
        static final int THREAD_TGID = 3;
    }

    /** ftrace/ftrace_event_bundle.proto. */
    static final class FtraceEventBundle {
        static final int CPU = 1;
        static final int EVENT = 2;
        static final int LOST_EVENTS = 3;
    }

    /** ftrace/ftrace_event.proto. */
    static final class FtraceEvent {
        static final int TIMESTAMP = 1;
        static final int PID = 2;
        static final int PRINT = 3;
        static final int SCHED_SWITCH = 4;
        static final int COMMON_FLAGS = 5;
        static final int SCHED_WAKING = 20;
        static final int SCHED_WAKEUP_NEW = 114;
        static final int TASK_NEWTASK = 235;
        static final int TASK_RENAME = 236;
        static final int SCHED_PROCESS_EXEC = 237;
        static final int SCHED_PROCESS_EXIT = 238;
        static final int SCHED_PROCESS_FORK = 239;
        static final int SYS_ENTER = 329;
        static final int SYS_EXIT = 330;
        static final int SCHED_MIGRATE_TASK = 491;
    }

    /** track_event/track_descriptor.proto, thread_descriptor.proto, process_descriptor.proto. */
    static final class TrackDescriptor {
        static final int UUID = 1;
        static final int NAME = 2;
        static final int PROCESS = 3;
        static final int THREAD = 4;
        static final int PROCESS_PID = 1;
        static final int PROCESS_NAME = 6;
        static final int THREAD_PID = 1;
        static final int THREAD_TID = 2;
    }

    /** track_event/track_event.proto. */
    static final class TrackEvent {
        static final int DEBUG_ANNOTATIONS = 4;
        static final int TYPE = 9;
        static final int TRACK_UUID = 11;
        static final int CATEGORIES = 22;
        static final int NAME = 23;
        static final int FLOW_IDS = 47;
        static final int TERMINATING_FLOW_IDS = 48;
        static final int TYPE_SLICE_BEGIN = 1;
        static final int TYPE_SLICE_END = 2;
        static final int TYPE_INSTANT = 3;
    }

    /** track_event/debug_annotation.proto. */
    static final class DebugAnnotation {
        static final int UINT_VALUE = 3;
        static final int STRING_VALUE = 6;
        static final int NAME = 10;
    }
}
