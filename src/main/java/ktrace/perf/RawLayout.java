package ktrace.perf;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointException;
import ktrace.tracefs.TracepointFormat;

/**
 * Where the fields that ktrace reads lie in the raw data of one tracepoint, taken from its format file once. Which slot of this
 * table means what is said in {@link RecordDecoder}; a slot that the tracepoint does not use is -1.
 */
record RawLayout(Tracepoint tracepoint, int id, int minBytes, int commonFlags, int commonPid, int a, int b, int c, int d,
        int e, int f, int g) {
    /** Set in the place of a comm when what lies there is a {@code __data_loc}. */
    static final int DATA_LOCATION = 1 << 30;

    /** It has no raw data; its sample is the shortest of all, see {@link RecordDecoder}. */
    static final RawLayout OF_FAULTS = new RawLayout(Tracepoint.PAGE_FAULTED, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1);

    static RawLayout of(Tracepoint tracepoint, TracepointFormat f) {
        return switch (tracepoint) {
            case SYS_ENTER -> of(tracepoint, f, at(f, "id", 8), at(f, "args", 48));
            case SYS_EXIT -> of(tracepoint, f, at(f, "id", 8), at(f, "ret", 8));
            case SCHED_SWITCH -> of(tracepoint, f, at(f, "prev_pid", 4), at(f, "prev_state", 8), at(f, "next_pid", 4),
                    comm(f, "next_comm"), comm(f, "prev_comm"), at(f, "prev_prio", 4), at(f, "next_prio", 4));
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> of(tracepoint, f, at(f, "pid", 4), at(f, "target_cpu", 4), comm(f, "comm"),
                    at(f, "prio", 4));
            case SCHED_MIGRATE_TASK -> of(tracepoint, f, at(f, "pid", 4), at(f, "orig_cpu", 4), at(f, "dest_cpu", 4),
                    comm(f, "comm"), at(f, "prio", 4));
            case TASK_NEWTASK -> of(tracepoint, f, at(f, "pid", 4), at(f, "clone_flags", 8), comm(f, "comm"));
            case TASK_RENAME -> of(tracepoint, f, at(f, "pid", 4), comm(f, "newcomm"), comm(f, "oldcomm"));
            case SCHED_PROCESS_EXEC -> of(tracepoint, f, at(f, "pid", 4), at(f, "old_pid", 4), at(f, "filename", 4));
            case SCHED_PROCESS_EXIT -> of(tracepoint, f, at(f, "pid", 4), comm(f, "comm"), at(f, "prio", 4),
                    ifThere(f, "group_dead"));
            case RING_CREATE -> of(tracepoint, f, at(f, "ctx", 8), at(f, "fd", 4), at(f, "flags", 4));
            case RING_SUBMIT -> of(tracepoint, f, at(f, "ctx", 8), at(f, "req", 8), at(f, "opcode", 1));
            case RING_FILE -> of(tracepoint, f, at(f, "ctx", 8), at(f, "req", 8), at(f, "fd", 4));
            case RING_READY -> of(tracepoint, f, at(f, "ctx", 8), at(f, "req", 8));
            case RING_COMPLETE -> of(tracepoint, f, at(f, "ctx", 8), at(f, "req", 8), at(f, "res", 4), at(f, "cflags", 4));
            case RING_WAIT -> of(tracepoint, f, at(f, "ctx", 8));
            case LOCK_CONTENDED -> of(tracepoint, f, at(f, "lock_addr", 8), at(f, "flags", 4));
            case WORK_QUEUED, WORK_STARTED -> of(tracepoint, f, at(f, "work", 8));
            case INET_SOCK_SET_STATE -> of(tracepoint, f, at(f, "skaddr", 8), at(f, "oldstate", 4), at(f, "newstate", 4),
                    at(f, "sport", 2), at(f, "dport", 2), at(f, "saddr_v6", 16), at(f, "daddr_v6", 16));
            case PAGE_FAULTED -> OF_FAULTS;
        };
    }

    /**
     * Those of all tracepoints, without the optional ones that this kernel lacks or lays out otherwise.
     *
     * @throws TracepointException when it lacks one that ktrace cannot do without
     */
    static List<RawLayout> all(TraceFs tracefs) {
        Map<Tracepoint, RawLayout> layouts = new EnumMap<>(Tracepoint.class);
        for (Tracepoint tracepoint : Tracepoint.values()) {
            try {
                layouts.put(tracepoint, tracepoint.hasFormat() ? of(tracepoint, format(tracefs, tracepoint))
                        : OF_FAULTS);
            } catch (TracepointException e) {
                if (!tracepoint.optional()) {
                    throw e;
                }
            }
        }
        return layouts.values().stream().filter(layout -> layouts.keySet().containsAll(layout.tracepoint.group())).toList();
    }

    private static TracepointFormat format(TraceFs tracefs, Tracepoint tracepoint) {
        try {
            return tracefs.format(tracepoint.system(), tracepoint.tracepoint());
        } catch (TracepointException e) {
            if (tracepoint.olderName().equals(tracepoint.tracepoint())) {
                throw e;
            }
            return tracefs.format(tracepoint.system(), tracepoint.olderName());
        }
    }

    private static RawLayout of(Tracepoint tracepoint, TracepointFormat f, int... used) {
        int[] at = Arrays.copyOf(used, 7);
        Arrays.fill(at, used.length, at.length, -1);
        int minBytes = 0;
        for (TracepointFormat.Field field : f.fields()) {
            minBytes = Math.max(minBytes, field.offset() + field.sizeBytes());
        }
        return new RawLayout(tracepoint, f.id(), minBytes, at(f, "common_flags", 1), at(f, "common_pid", 4),
                at[0], at[1], at[2], at[3], at[4], at[5], at[6]);
    }

    /** Where a comm lies: in place, or behind a {@code __data_loc}, as more and more tracepoints have it (since 6.16). */
    private static int comm(TracepointFormat format, String field) {
        TracepointFormat.Field found = format.require(field, 4);
        return found.dataLocation() ? found.offset() | DATA_LOCATION : format.require(field, 16).offset();
    }

    /** A field that not all kernels have; -1 where it is not. */
    private static int ifThere(TracepointFormat format, String field) {
        return format.find(field) == null ? -1 : at(format, field, 1);
    }

    private static int at(TracepointFormat format, String field, int sizeBytes) {
        return format.require(field, sizeBytes).offset();
    }
}
