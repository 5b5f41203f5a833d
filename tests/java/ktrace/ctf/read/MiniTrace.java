package ktrace.ctf.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ktrace.ctf.read.LttngTrace.Alignment;

/** Makes a small kernel trace as LTTng's, in a few lines: what happens on which CPU, in milliseconds. */
public final class MiniTrace {
    private static final long MS = 1_000_000;
    private static final int FIRST_ID = 1;
    private static final Map<String, String> FIELDS = Map.of(
            "sched_switch", "c16 prev_comm, i32 prev_tid, i32 prev_prio, i64 prev_state,"
                    + " c16 next_comm, i32 next_tid, i32 next_prio",
            "sched_migrate_task", "c16 comm, i32 tid, i32 prio, i32 orig_cpu, i32 dest_cpu",
            "sched_process_fork", "c16 parent_comm, i32 parent_tid, i32 parent_pid, c16 child_comm, i32 child_tid, i32 child_pid",
            "sched_process_exit", "c16 comm, i32 tid, i32 prio",
            "sys_unknown", "u32 id",
            "exit_syscall", "i64 ret",
            "lttng_statedump_process_state", "i32 tid, i32 vtid, i32 pid, i32 vpid, i32 ppid, i32 vppid, c16 name, i32 type,"
                    + " i32 mode, i32 submode, i32 status, i32 ns_level");

    private record Event(long timeNs, String name, List<Object> values) {
    }

    private static final class Stream0 {
        private final List<Event> events = new ArrayList<>();
        private long endNs;
        private int sequence;
    }

    private final LttngTrace trace;
    private final List<String> context;
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final Map<Integer, Stream0> cpus = new LinkedHashMap<>();
    private Stream0 stream;

    /** @param context of each event: {@code "i32 pid, i32 tid"}; empty for none */
    public MiniTrace(Path directory, boolean ctf2, String context) {
        trace = new LttngTrace(directory, false, Alignment.BYTES, false, context);
        if (ctf2) {
            trace.ctf2();
        }
        this.context = context.isEmpty() ? List.of() : List.of(context.split(", "));
        kernel("4.15.0", 9, 20);
        cpu(0);
    }

    public MiniTrace(Path directory, boolean ctf2) {
        this(directory, ctf2, "");
    }

    public MiniTrace kernel(String release, int tracerMinor, int tracerPatch) {
        trace.env("kernel_release", release).env("tracer_minor", tracerMinor).env("tracer_patchlevel", tracerPatch);
        return this;
    }

    /** What follows is on that CPU. */
    public MiniTrace cpu(int cpu) {
        stream = cpus.computeIfAbsent(cpu, number -> new Stream0());
        return this;
    }

    /** Its packet was closed then; else with its last event. */
    public MiniTrace until(double ms) {
        stream.endNs = ns(ms);
        return this;
    }

    /** There were packets before it, which are gone. */
    public MiniTrace begunBefore() {
        stream.sequence = 7;
        return this;
    }

    public MiniTrace event(double ms, String name, Object... values) {
        if (!ids.containsKey(name)) {
            ids.put(name, FIRST_ID + ids.size());
            trace.event(ids.get(name), name, FIELDS.getOrDefault(name, name.contains("exit_") ? "i64 ret" : "u32 fd"));
        }
        long timeNs = ns(ms);
        stream.events.add(new Event(timeNs, name, List.of(values)));
        stream.endNs = Math.max(stream.endNs, timeNs);
        return this;
    }

    private static long ns(double ms) {
        return Math.round(ms * MS);
    }

    public MiniTrace sched(double ms, int prev, int next, long prevState) {
        return event(ms, "sched_switch", comm(prev), prev, 20, prevState, comm(next), next, 20);
    }

    /** A thread as the state dump found it: it waits. */
    public MiniTrace dump(double ms, int tid, int pid) {
        return event(ms, "lttng_statedump_process_state", tid, tid, pid, pid, 1, 1, comm(pid), 0, 5, 0, 5, 0);
    }

    /** A call that takes a millisecond. */
    public MiniTrace call(double ms, String name) {
        return event(ms, "syscall_entry_" + name, 3).event(ms + 1, "syscall_exit_" + name, 0L);
    }

    private static String comm(int tid) {
        return tid == 0 ? "swapper" : "p" + tid;
    }

    /** Each event with these values as its context. */
    public Path write(Object... ofContext) throws IOException {
        for (Map.Entry<Integer, Stream0> cpu : cpus.entrySet()) {
            Stream0 of = cpu.getValue();
            if (of.events.isEmpty()) {
                continue;
            }
            LttngTrace.Packet packet = trace.packet("channel0_" + cpu.getKey(), cpu.getKey(), of.events.getFirst().timeNs, of.endNs,
                    of.sequence, 0);
            of.events.forEach(event -> packet.event(event.timeNs, event.name,
                    Stream.concat(Stream.of(ofContext).limit(context.size()), event.values.stream()).toArray()));
            packet.close();
        }
        return trace.write();
    }
}
