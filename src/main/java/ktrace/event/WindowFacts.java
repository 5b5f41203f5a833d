package ktrace.event;

import java.util.Map;

/**
 * What the poller knew when a window ended; the payload of {@link EventType#INTERVAL} and {@link EventType#END}.
 *
 * @param startNs begin of the trace
 * @param events events that went into the pipeline since the begin of the trace
 * @param counters the source's and the merger's counters that were not zero, counted since the begin of the trace
 */
public record WindowFacts(long startNs, long events, Map<TraceCounter, Long> counters) {
    public WindowFacts {
        counters = Map.copyOf(counters);
    }

    /** Events lost in the kernel since the begin of the trace. */
    public long lost() {
        return counters.getOrDefault(TraceCounter.LOST_EVENTS, 0L);
    }
}
