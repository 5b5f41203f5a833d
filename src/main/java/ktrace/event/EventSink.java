package ktrace.event;

/** Takes events one by one, in time order, always on one thread. */
@FunctionalInterface
public interface EventSink {
    /** Looks at one event; the slot is overwritten as soon as this returns. Must not throw for any content of the slot. */
    void onEvent(TraceEvent event);
}
