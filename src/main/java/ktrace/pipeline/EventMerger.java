package ktrace.pipeline;

import java.util.List;
import ktrace.event.EventStream;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;

/**
 * Puts the events of several streams in time order: a binary heap of streams by the time of their next event. A run of events
 * from the same stream, which is what busy CPUs give, costs one comparison for each event.
 *
 * <p>Times given out never go backwards. Within one ring a record can stand behind a later one (an interrupt between taking the
 * time and reserving the room); it gets the time of its predecessor, and is counted. Owned by the poller thread; allocates
 * nothing.
 */
final class EventMerger {
    private final EventStream[] streams;
    private final EventStream[] heap;
    private final long[] heapTimes;
    private final TraceCounters counters;
    private int heapSize;
    private long lastTimeNs = Long.MIN_VALUE;

    EventMerger(List<? extends EventStream> streams, TraceCounters counters) {
        this.streams = streams.toArray(EventStream[]::new);
        this.heap = new EventStream[this.streams.length];
        this.heapTimes = new long[this.streams.length];
        this.counters = counters;
    }

    /** Looks at every stream anew. */
    void refresh() {
        heapSize = 0;
        for (EventStream stream : streams) {
            stream.refresh();
            if (stream.nextTimeNs() != EventStream.NOTHING) {
                push(stream);
            }
        }
    }

    /** Whether there is an event not later than {@code untilNs}. */
    boolean hasNext(long untilNs) {
        return heapSize > 0 && heapTimes[0] <= untilNs;
    }

    /** Takes the earliest event; only after {@link #hasNext}. */
    void take(TraceEvent slot) {
        EventStream stream = heap[0];
        stream.take(slot);
        if (slot.timeNs < lastTimeNs) {
            slot.timeNs = lastTimeNs;
            counters.increment(TraceCounter.REORDERED);
        } else {
            lastTimeNs = slot.timeNs;
        }
        long next = stream.nextTimeNs();
        if (next == EventStream.NOTHING) {
            heapSize--;
            heap[0] = heap[heapSize];
            heapTimes[0] = heapTimes[heapSize];
        } else {
            heapTimes[0] = next;
        }
        sink();
    }

    /** Gives the room of everything taken back to the streams. */
    void release() {
        for (EventStream stream : streams) {
            stream.release();
        }
    }

    /** Time of the last event that was taken. */
    long lastTimeNs() {
        return lastTimeNs;
    }

    private void push(EventStream stream) {
        int child = heapSize++;
        long time = stream.nextTimeNs();
        while (child > 0) {
            int parent = (child - 1) >>> 1;
            if (heapTimes[parent] <= time) {
                break;
            }
            heap[child] = heap[parent];
            heapTimes[child] = heapTimes[parent];
            child = parent;
        }
        heap[child] = stream;
        heapTimes[child] = time;
    }

    private void sink() {
        EventStream stream = heap[0];
        long time = heapTimes[0];
        int parent = 0;
        for (int child = 1; child < heapSize; child = 2 * parent + 1) {
            if (child + 1 < heapSize && heapTimes[child + 1] < heapTimes[child]) {
                child++;
            }
            if (time <= heapTimes[child]) {
                break;
            }
            heap[parent] = heap[child];
            heapTimes[parent] = heapTimes[child];
            parent = child;
        }
        heap[parent] = stream;
        heapTimes[parent] = time;
    }
}
