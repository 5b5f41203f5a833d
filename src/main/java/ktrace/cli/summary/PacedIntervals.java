package ktrace.cli.summary;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;

/**
 * Ends an interval for those who aggregate only when its document will be taken in time. One that is not ended goes on into the
 * next, so that nothing is left out of the sums, and however slow a reader is, only a few documents wait for it.
 *
 * <p>All readers must end the same intervals, each on a thread of its own: who comes to an end first decides for all.
 */
public final class PacedIntervals {
    private record Decision(boolean ends, int asked) {
    }

    private final BooleanSupplier admits;
    private final int readers;
    private final TraceCounters counters = new TraceCounters();
    private final Map<Long, Decision> decisions = new HashMap<>();

    /**
     * @param admits asked once for each interval, whether there is room for its document; may wait
     * @param readers how many sinks will be paced
     */
    public PacedIntervals(BooleanSupplier admits, int readers) {
        this.admits = admits;
        this.readers = readers;
    }

    /** How many intervals were joined with the next. */
    public TraceCounters counters() {
        return counters;
    }

    /** Hands everything on but the ends that are left out. */
    public EventSink pace(EventSink reader) {
        return new Paced(reader);
    }

    private synchronized boolean ends(long interval) {
        Decision decision = decisions.get(interval);
        if (decision == null) {
            decision = new Decision(admits.getAsBoolean(), 0);
            if (!decision.ends) {
                counters.increment(TraceCounter.WINDOWS_SKIPPED);
            }
        }
        if (decision.asked + 1 < readers) {
            decisions.put(interval, new Decision(decision.ends, decision.asked + 1));
        } else {
            decisions.remove(interval);
        }
        return decision.ends;
    }

    private final class Paced implements EventSink {
        private final EventSink reader;
        private long intervals;

        Paced(EventSink reader) {
            this.reader = reader;
        }

        @Override
        public void onEvent(TraceEvent event) {
            if (event.type != EventType.INTERVAL || ends(intervals++)) {
                reader.onEvent(event);
            }
        }
    }
}
