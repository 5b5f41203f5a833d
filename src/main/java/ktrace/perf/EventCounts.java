package ktrace.perf;

import java.util.HashMap;
import java.util.Map;

/** What the kernel counted of each tracepoint on each CPU, and how many records of it found no room. */
final class EventCounts {
    private static final int TRACEPOINTS = Tracepoint.values().length;

    private record OnCpu(long[] counted, long[] noRoom) {
    }

    private final Map<Integer, OnCpu> cpus = new HashMap<>();

    void add(int cpu, Tracepoint tracepoint, long counted, long noRoom) {
        OnCpu onCpu = cpus.computeIfAbsent(cpu, c -> new OnCpu(new long[TRACEPOINTS], new long[TRACEPOINTS]));
        onCpu.counted[tracepoint.ordinal()] += counted;
        onCpu.noRoom[tracepoint.ordinal()] += noRoom;
    }

    void addAll(EventCounts others) {
        others.cpus.forEach((cpu, counts) -> {
            for (Tracepoint tracepoint : Tracepoint.values()) {
                add(cpu, tracepoint, counts.counted[tracepoint.ordinal()], counts.noRoom[tracepoint.ordinal()]);
            }
        });
    }

    /** How often it happened there. */
    long counted(int cpu, Tracepoint tracepoint) {
        OnCpu onCpu = cpus.get(cpu);
        return onCpu == null ? 0 : onCpu.counted[tracepoint.ordinal()];
    }

    /** How many of these could not be written because the ring was full. */
    long noRoom(int cpu, Tracepoint tracepoint) {
        OnCpu onCpu = cpus.get(cpu);
        return onCpu == null ? 0 : onCpu.noRoom[tracepoint.ordinal()];
    }
}
