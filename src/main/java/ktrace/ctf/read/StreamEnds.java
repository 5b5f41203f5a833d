package ktrace.ctf.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/**
 * Tells that a CPU's stream ends while others go on: from then on anything may have happened there. It is a loss, of nobody knows
 * how many events: of 0, as far as is known.
 */
final class StreamEnds implements EventStream {
    /** @param timeNs up to which the CPU's events were recorded */
    record End(int cpu, long timeNs) {
    }

    private final Deque<End> ends;

    StreamEnds(List<End> ends) {
        this.ends = new ArrayDeque<>(ends);
    }

    @Override
    public void refresh() {
        // All is known.
    }

    @Override
    public long nextTimeNs() {
        return ends.isEmpty() ? NOTHING : ends.getFirst().timeNs;
    }

    @Override
    public void take(TraceEvent slot) {
        End end = ends.removeFirst();
        slot.become(EventType.EVENTS_LOST, end.timeNs, null);
        slot.cpu = end.cpu;
        slot.number = 0;
    }

    @Override
    public void release() {
        // Nothing is held.
    }
}
