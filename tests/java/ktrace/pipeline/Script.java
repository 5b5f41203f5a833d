package ktrace.pipeline;

import java.util.List;
import ktrace.event.EventStream;
import ktrace.event.TraceEvent;

/** A stream of these very events. */
final class Script implements EventStream {
    private final List<TraceEvent> events;
    private int next;

    Script(TraceEvent... events) {
        this.events = List.of(events);
    }

    @Override
    public void refresh() {
        // All were there from the beginning.
    }

    @Override
    public long nextTimeNs() {
        return next < events.size() ? events.get(next).timeNs : NOTHING;
    }

    @Override
    public void take(TraceEvent slot) {
        slot.copyFrom(events.get(next++));
    }

    @Override
    public void release() {
        // Nothing to give back.
    }
}
