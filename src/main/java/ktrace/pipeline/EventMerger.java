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
 * time and reserving the room); it gets the time of its predecessor, and is counted.
 *
 * <p>The order given out can be found again when every CPU's events lie in a file of their own: it is the order by time and then by
 * CPU, ktrace's own events coming first, and within a file the order in which they were given out. An event that would not
 * stand there by its time, because one of another CPU with the same nanosecond has gone before it, gets the next nanosecond.
 *
 * <p>Owned by the poller thread; allocates nothing.
 */
final class EventMerger {
    private final EventStream[] streams;
    private final EventStream[] heap;
    private final long[] heapTimes;
    /** The place of each stream in the list: of two events with the same time that of the first stream comes first. */
    private final int[] heapRanks;
    private final TraceCounters counters;
    private int heapSize;
    private long lastTimeNs = Long.MIN_VALUE;
    private int lastCpu;
    /** The latest time that a stream gave: {@link #lastTimeNs} without the nanoseconds added here. */
    private long lastGivenNs = Long.MIN_VALUE;

    EventMerger(List<? extends EventStream> streams, TraceCounters counters) {
        this.streams = streams.toArray(EventStream[]::new);
        this.heap = new EventStream[this.streams.length];
        this.heapTimes = new long[this.streams.length];
        this.heapRanks = new int[this.streams.length];
        this.counters = counters;
    }

    /** Looks at every stream anew. */
    void refresh() {
        heapSize = 0;
        for (int rank = 0; rank < streams.length; rank++) {
            EventStream stream = streams[rank];
            stream.refresh();
            if (stream.nextTimeNs() != EventStream.NOTHING) {
                push(stream, rank);
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
        place(slot);
        long next = stream.nextTimeNs();
        if (next == EventStream.NOTHING) {
            heapSize--;
            heap[0] = heap[heapSize];
            heapTimes[0] = heapTimes[heapSize];
            heapRanks[0] = heapRanks[heapSize];
        } else {
            heapTimes[0] = next;
        }
        sink();
    }

    /** Gives an event its place behind all that were given out before. */
    void place(TraceEvent slot) {
        int cpu = Math.max(slot.cpu, 0);
        if (slot.timeNs < lastGivenNs && slot.cpu >= 0) {
            counters.increment(TraceCounter.REORDERED);
        }
        lastGivenNs = Math.max(lastGivenNs, slot.timeNs);
        if (slot.timeNs <= lastTimeNs) {
            slot.timeNs = cpu < lastCpu ? lastTimeNs + 1 : lastTimeNs;
        }
        lastTimeNs = slot.timeNs;
        lastCpu = cpu;
    }

    /** The event given out last is not passed on yet: what now goes before it, with the time that it has then, comes first. */
    void makeRoomBefore(TraceEvent event) {
        event.timeNs = ++lastTimeNs;
    }

    /** What was given out so far is not passed on: the next event may have any time. */
    void forget() {
        lastTimeNs = Long.MIN_VALUE;
        lastGivenNs = Long.MIN_VALUE;
        lastCpu = 0;
    }

    /** Gives the room of everything taken back to the streams. */
    void release() {
        for (EventStream stream : streams) {
            stream.release();
        }
    }

    private void push(EventStream stream, int rank) {
        int child = heapSize++;
        long time = stream.nextTimeNs();
        while (child > 0) {
            int parent = (child - 1) >>> 1;
            if (isBefore(parent, time, rank)) {
                break;
            }
            move(parent, child);
            child = parent;
        }
        heap[child] = stream;
        heapTimes[child] = time;
        heapRanks[child] = rank;
    }

    private void sink() {
        EventStream stream = heap[0];
        long time = heapTimes[0];
        int rank = heapRanks[0];
        int parent = 0;
        for (int child = 1; child < heapSize; child = 2 * parent + 1) {
            if (child + 1 < heapSize && isBefore(child + 1, heapTimes[child], heapRanks[child])) {
                child++;
            }
            if (!isBefore(child, time, rank)) {
                break;
            }
            move(child, parent);
            parent = child;
        }
        heap[parent] = stream;
        heapTimes[parent] = time;
        heapRanks[parent] = rank;
    }

    private boolean isBefore(int place, long time, int rank) {
        return heapTimes[place] < time || heapTimes[place] == time && heapRanks[place] < rank;
    }

    private void move(int from, int to) {
        heap[to] = heap[from];
        heapTimes[to] = heapTimes[from];
        heapRanks[to] = heapRanks[from];
    }
}
