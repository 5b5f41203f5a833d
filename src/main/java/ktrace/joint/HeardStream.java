package ktrace.joint;

import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.TraceEvent;

/** A stream of which somebody else hears what is taken. Owned by the poller thread. */
final class HeardStream implements EventStream {
    private final EventStream stream;
    private final EventSink other;

    HeardStream(EventStream stream, EventSink other) {
        this.stream = stream;
        this.other = other;
    }

    @Override
    public void refresh() {
        stream.refresh();
    }

    @Override
    public long nextTimeNs() {
        return stream.nextTimeNs();
    }

    @Override
    public void take(TraceEvent slot) {
        stream.take(slot);
        other.onEvent(slot);
    }

    @Override
    public void release() {
        stream.release();
    }
}
