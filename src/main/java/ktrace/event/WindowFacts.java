package ktrace.event;

import java.util.Map;

/**
 * What the poller knew when a window ended; the payload of {@link EventType#INTERVAL} and {@link EventType#END}.
 *
 * @param startNs begin of the trace
 * @param events events that went into the pipeline since the begin of the trace
 * @param syscallEvents those of them that are entries and exits of system calls
 * @param counters the counters that were not zero, of all that works outside the stages: the source, the merger, who reads /proc;
 *     counted since the begin of the trace
 * @param lostOnCpu at END, and only if any: how many events were lost on each CPU since the begin of the trace
 */
public record WindowFacts(long startNs, long events, long syscallEvents, Map<TraceCounter, Long> counters,
        Map<Integer, Long> lostOnCpu) {
    public WindowFacts {
        counters = Map.copyOf(counters);
        lostOnCpu = Map.copyOf(lostOnCpu);
    }

    /** Where nothing was lost, or it is not known where. */
    public WindowFacts(long startNs, long events, long syscallEvents, Map<TraceCounter, Long> counters) {
        this(startNs, events, syscallEvents, counters, Map.of());
    }

    /** Events lost in the kernel since the begin of the trace. */
    public long lost() {
        return counters.getOrDefault(TraceCounter.LOST_EVENTS, 0L);
    }
}
