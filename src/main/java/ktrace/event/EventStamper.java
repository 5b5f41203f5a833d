package ktrace.event;

/**
 * Sees every event first, and writes its stamps: who it is about, what it is on, who woke whom. One thread, the one that brings the
 * events.
 */
@FunctionalInterface
public interface EventStamper extends EventSink {
    /**
     * Told of an event that {@link #onEvent} will see next: asks for what should be known by then. What it asks changes nothing of
     * what the stamper knows; the answers, if they come in time, go into the stream before the event.
     *
     * @return whether something was asked that is worth waiting for, a moment
     */
    default boolean asksBefore(TraceEvent event) {
        return false;
    }

    /** All events until {@code nowNs} have been seen: asks what only the time that goes by tells to ask. As above it changes nothing. */
    default void passes(long nowNs) {
    }
}
