package ktrace.facts;

import ktrace.event.EventType;

/** Takes what /proc told, to be put into the stream of events at its time. */
@FunctionalInterface
public interface StateSink {
    /**
     * @param type PROCESS_STATE, THREAD_STATE or FD_STATE, or FACT
     * @param timeNs on CLOCK_MONOTONIC, from before the reading began
     * @param tid what the event is about, see {@link EventType}
     */
    void state(EventType type, long timeNs, int tid, Object payload);
}
