package ktrace.perf;

import ktrace.tracefs.TracepointFormat;

/**
 * Where the fields that ktrace reads lie in the raw data of one tracepoint, taken from its format file once. Which slot of this
 * table means what is said in {@link RecordDecoder}; a slot that the tracepoint does not use is -1.
 */
record RawLayout(Tracepoint tracepoint, int id, int minBytes, int commonFlags, int commonPid, int a, int b, int c, int d) {

    static RawLayout of(Tracepoint tracepoint, TracepointFormat f) {
        return switch (tracepoint) {
            case SYS_ENTER -> of(tracepoint, f, at(f, "id", 8), at(f, "args", 48), -1, -1);
            case SYS_EXIT -> of(tracepoint, f, at(f, "id", 8), at(f, "ret", 8), -1, -1);
            case SCHED_SWITCH -> of(tracepoint, f, at(f, "prev_pid", 4), at(f, "prev_state", 8), at(f, "next_pid", 4),
                    at(f, "next_comm", 16));
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> of(tracepoint, f, at(f, "pid", 4), at(f, "target_cpu", 4), -1, -1);
            case SCHED_MIGRATE_TASK -> of(tracepoint, f, at(f, "pid", 4), at(f, "orig_cpu", 4), at(f, "dest_cpu", 4), -1);
            case TASK_NEWTASK -> of(tracepoint, f, at(f, "pid", 4), at(f, "clone_flags", 8), at(f, "comm", 16), -1);
            case TASK_RENAME -> of(tracepoint, f, at(f, "pid", 4), at(f, "newcomm", 16), -1, -1);
            case SCHED_PROCESS_EXEC -> of(tracepoint, f, at(f, "pid", 4), at(f, "old_pid", 4), at(f, "filename", 4), -1);
            case SCHED_PROCESS_EXIT -> of(tracepoint, f, at(f, "pid", 4), -1, -1, -1);
        };
    }

    private static RawLayout of(Tracepoint tracepoint, TracepointFormat f, int a, int b, int c, int d) {
        int minBytes = 0;
        for (TracepointFormat.Field field : f.fields()) {
            minBytes = Math.max(minBytes, field.offset() + field.sizeBytes());
        }
        return new RawLayout(tracepoint, f.id(), minBytes, at(f, "common_flags", 1), at(f, "common_pid", 4), a, b, c, d);
    }

    private static int at(TracepointFormat format, String field, int sizeBytes) {
        return format.require(field, sizeBytes).offset();
    }
}
