package ktrace.perf;

import java.lang.foreign.ValueLayout;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.tracing.RingRecord;
import ktrace.linux.uapi.Uapi;

/**
 * The events of one CPU: walks the records in its ring, in place, and decodes each when it is taken.
 *
 * <p>Record header, {@code struct perf_event_header}: u32 type, u16 misc, u16 size. Records are multiples of 8 bytes, so a
 * header never splits at the end of the ring; a body can, and is then copied together first. Owned by the poller thread;
 * allocates nothing in steady state.
 */
final class PerfStream implements EventStream {
    private static final int HEADER_BYTES = 8;
    private static final int SIZE_OFFSET = 6;
    private static final int LOST_COUNT = 16;
    private static final int MAX_RECORD_BYTES = 1 << 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final int SAMPLE = Uapi.PERF_RECORD_SAMPLE();
    private static final int LOST = Uapi.PERF_RECORD_LOST();
    private static final int THROTTLE = Uapi.PERF_RECORD_THROTTLE();
    private static final int UNTHROTTLE = Uapi.PERF_RECORD_UNTHROTTLE();
    private static final int SWITCH = Uapi.PERF_RECORD_SWITCH_CPU_WIDE();
    private static final int MISC_OFFSET = 4;
    private static final int SWITCH_PREV = 12;
    private static final int SWITCH_NEXT = 20;

    private final int cpu;
    private final PerfRingBuffer ring;
    private final RecordDecoder decoder;
    private final TraceCounters counters;
    private final DuplicateFilter duplicates;
    private final TaskAbis abis;
    private final MissedSwitches missed;
    private final long[] seen = new long[Tracepoint.values().length];
    private final RingRecord record;

    /** First byte that has not been taken. */
    private long position;
    private long startNs = Long.MIN_VALUE;
    private long endNs = Long.MAX_VALUE;
    private long nextTimeNs = NOTHING;
    private int nextSize;
    /** Null when the next record is no sample. */
    private RawLayout nextLayout;
    /** Who runs from then on when it is of a switch that was missed, and who did before; 0 when it is a LOST. */
    private int nextRunning;
    private int nextPrev;
    private long lost;

    /** @param abis of all CPUs: what is taken is taken in the order of time */
    PerfStream(int cpu, PerfRingBuffer ring, RecordDecoder decoder, TraceCounters counters, DuplicateFilter duplicates,
            TaskAbis abis, MissedSwitches missed) {
        this.cpu = cpu;
        this.ring = ring;
        this.decoder = decoder;
        this.counters = counters;
        this.duplicates = duplicates;
        this.abis = abis;
        this.missed = missed;
        this.position = ring.tail();
        record = new RingRecord(ring.data(), MAX_RECORD_BYTES);
    }

    /** Events before this are counted as seen and passed over: attaching was not complete then. */
    void startAt(long timeNs) {
        startNs = timeNs;
    }

    /** Events after this are counted as seen and passed over; of what comes from now on. */
    void endAt(long timeNs) {
        endNs = timeNs;
    }

    int cpu() {
        return cpu;
    }

    /** How many samples of a tracepoint were found in the ring, including those that were passed over. */
    long seen(Tracepoint tracepoint) {
        return seen[tracepoint.ordinal()];
    }

    /** Whether the ring may have had no room for a record. */
    boolean hasBeenFull() {
        return ring.hasBeenFull();
    }

    /** What the kernel's LOST records add up to: often less than was lost, and records of all sorts. */
    long lostRecords() {
        return lost;
    }

    @Override
    public void refresh() {
        ring.refresh();
        if (nextTimeNs == NOTHING) {
            findNext();
        }
    }

    @Override
    public long nextTimeNs() {
        return nextTimeNs;
    }

    @Override
    public void take(TraceEvent event) {
        event.cpu = cpu;
        if (nextLayout != null) {
            decoder.decode(record.memory(), record.base(), nextLayout, event);
            abis.pass(event);
            missed.pass(event);
        } else if (nextRunning != 0) {
            missed.fill(event, nextPrev, nextRunning, nextTimeNs);
        } else {
            event.type = EventType.EVENTS_LOST;
            event.timeNs = nextTimeNs;
            event.tid = 0;
            event.tgid = -1;
            event.number = record.memory().get(LONG, record.base() + LOST_COUNT);
            event.payload = null;
        }
        position += nextSize;
        findNext();
    }

    @Override
    public void release() {
        ring.release(position);
    }

    /** Steps over what is no event and stops at the next that is, or at the end of what the kernel has written. */
    private void findNext() {
        while (true) {
            long available = ring.head() - position;
            if (available < HEADER_BYTES) {
                nextTimeNs = NOTHING;
                return;
            }
            long index = ring.index(position);
            int size = ring.data().get(ValueLayout.JAVA_SHORT, index + SIZE_OFFSET) & 0xffff;
            if (size < HEADER_BYTES || (size & 7) != 0 || size > available) {
                // Where the next record begins cannot be known any more; the kernel's position is the next sure one.
                counters.increment(TraceCounter.MALFORMED_RECORDS);
                position = ring.head();
                nextTimeNs = NOTHING;
                return;
            }
            if (isEvent(ring.data().get(ValueLayout.JAVA_INT, index), index, size)) {
                return;
            }
            position += size;
        }
    }

    private boolean isEvent(int type, long index, int size) {
        nextSize = size;
        if (type == SAMPLE) {
            record.locate(index, size);
            nextLayout = decoder.layoutOf(record.memory(), record.base(), size);
            if (nextLayout == null) {
                counters.increment(TraceCounter.MALFORMED_RECORDS);
                return false;
            }
            seen[nextLayout.tracepoint().ordinal()]++;
            nextTimeNs = record.memory().get(LONG, record.base() + RecordDecoder.SAMPLE_TIME);
            if (nextLayout.tracepoint() == Tracepoint.SCHED_SWITCH) {
                missed.switched(decoder.prev(record.memory(), record.base(), nextLayout),
                        decoder.next(record.memory(), record.base(), nextLayout));
            }
            return nextTimeNs >= startNs && nextTimeNs <= endNs
                    && !duplicates.isDuplicate(record.memory(), record.base(), nextLayout, nextTimeNs);
        }
        if (type == LOST && size >= LOST_COUNT + 8 + HEADER_BYTES) {
            record.locate(index, size);
            nextLayout = null;
            nextRunning = 0;
            missed.lost();
            lost += record.memory().get(LONG, record.base() + LOST_COUNT);
            // The trailer of sample_id_all ends with the time, as neither id nor CPU is asked for.
            nextTimeNs = record.memory().get(LONG, record.base() + size - 8);
            return true;
        }
        if (type == SWITCH) {
            return size >= SWITCH_NEXT + 12 && isMissedSwitch(index, size);
        }
        if (type == THROTTLE) {
            counters.increment(TraceCounter.THROTTLED);
        } else if (type != UNTHROTTLE) {
            counters.increment(TraceCounter.UNKNOWN_RECORDS);
        }
        return false;
    }

    /** Behind the header: process and thread that goes or that has gone, and the trailer with those that the record is of. */
    private boolean isMissedSwitch(long index, int size) {
        if ((ring.data().get(ValueLayout.JAVA_SHORT, index + MISC_OFFSET) & Uapi.PERF_RECORD_MISC_SWITCH_OUT()) != 0) {
            return false;
        }
        record.locate(index, size);
        int next = record.memory().get(INT, record.base() + SWITCH_NEXT);
        nextPrev = record.memory().get(INT, record.base() + SWITCH_PREV);
        if (!missed.isMissed(nextPrev, next)) {
            return false;
        }
        nextLayout = null;
        nextRunning = next;
        nextTimeNs = record.memory().get(LONG, record.base() + size - 8);
        return nextTimeNs >= startNs;
    }
}
