package ktrace.pipeline;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/**
 * The events that ktrace itself puts into the stream: what /proc told, and the ends of intervals. Any thread adds; the poller
 * thread takes. Allocates for each event: they are rare.
 */
final class ControlStream implements EventStream {
    private record Entry(EventType type, long timeNs, int tid, Object payload, long sequence) {
    }

    private static final Comparator<Entry> BY_TIME =
            Comparator.comparingLong(Entry::timeNs).thenComparingLong(Entry::sequence);

    private final ConcurrentLinkedQueue<Entry> added = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Entry> waiting = new PriorityQueue<>(BY_TIME);
    private final AtomicInteger facts = new AtomicInteger();
    private long sequence;

    /** Adds an event. Of two with the same time the one added first comes first. */
    void add(EventType type, long timeNs, int tid, Object payload) {
        if (type == EventType.FACT) {
            facts.incrementAndGet();
        }
        added.add(new Entry(type, timeNs, tid, payload, 0));
    }

    /** How many facts wait for their turn. Any thread. */
    int facts() {
        return facts.get();
    }

    @Override
    public void refresh() {
        for (Entry entry = added.poll(); entry != null; entry = added.poll()) {
            waiting.add(new Entry(entry.type, entry.timeNs, entry.tid, entry.payload, sequence++));
        }
    }

    @Override
    public long nextTimeNs() {
        return waiting.isEmpty() ? NOTHING : waiting.peek().timeNs;
    }

    @Override
    public void take(TraceEvent slot) {
        Entry entry = waiting.remove();
        if (entry.type == EventType.FACT) {
            facts.decrementAndGet();
        }
        slot.become(entry.type, entry.timeNs, entry.payload);
        slot.tid = entry.tid;
    }

    @Override
    public void release() {
        // Nothing to give back: entries are taken out one by one.
    }
}
