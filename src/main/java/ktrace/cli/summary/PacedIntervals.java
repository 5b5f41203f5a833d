package ktrace.cli.summary;

import java.util.function.BooleanSupplier;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;

/**
 * Ends an interval for those who aggregate only when its document will be taken in time. One that is not ended goes on into the
 * next, so that nothing is left out of the sums, and however slow a reader is, only a few documents wait for it.
 */
public final class PacedIntervals {
    private final BooleanSupplier admits;
    private final TraceCounters counters = new TraceCounters();

    /** @param admits asked once for each interval, whether there is room for its document; may wait */
    public PacedIntervals(BooleanSupplier admits) {
        this.admits = admits;
    }

    /** How many intervals were joined with the next. */
    public TraceCounters counters() {
        return counters;
    }

    /** Hands everything on but the ends that are left out. */
    public EventSink pace(EventSink reader) {
        return event -> {
            if (event.type != EventType.INTERVAL || ends()) {
                reader.onEvent(event);
            }
        };
    }

    private boolean ends() {
        if (admits.getAsBoolean()) {
            return true;
        }
        counters.increment(TraceCounter.WINDOWS_SKIPPED);
        return false;
    }
}
