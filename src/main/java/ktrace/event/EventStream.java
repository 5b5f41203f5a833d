package ktrace.event;

/**
 * Events of one origin (a CPU, mostly) in time order, taken one by one without copying more than the event taken. Used by one
 * thread.
 */
public interface EventStream {
    /** What {@link #nextTimeNs()} gives when nothing is there at the moment. */
    long NOTHING = Long.MAX_VALUE;

    /** Looks for what has been added since; before that, {@link #nextTimeNs()} does not change by itself. */
    void refresh();

    /** Time of the next event, or {@link #NOTHING}. */
    long nextTimeNs();

    /** Writes the next event's first group of fields into {@code slot}, and steps past it. */
    void take(TraceEvent slot);

    /** Gives the room of all events taken so far back to their origin. */
    void release();
}
