package ktrace.perf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import ktrace.event.EventStream;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;

/** A ring in ordinary memory, with the kernel's side played by the test. An access beyond it throws. */
final class FakeRing {
    private static final VarHandle POSITION = JAVA_LONG.varHandle();

    final TraceCounters counters = new TraceCounters();
    final DuplicateFilter duplicates = new DuplicateFilter();
    final ThreadNames names = new ThreadNames();
    final MissedSwitches missed = new MissedSwitches(3, names, null);
    final PerfRingBuffer ring;
    final PerfStream stream;
    private final MemorySegment all;
    private final long dataBytes;
    private long head;

    FakeRing(int dataBytes) {
        this(dataBytes, 0);
    }

    /** A ring into which {@code position} bytes have been written and taken already. */
    FakeRing(int dataBytes, long position) {
        this.dataBytes = dataBytes;
        this.head = position;
        all = Arena.ofAuto().allocate(PerfRingBuffer.PAGE_BYTES + dataBytes, 4096);
        all.set(JAVA_LONG, PerfRingBuffer.DATA_HEAD_OFFSET, position);
        all.set(JAVA_LONG, PerfRingBuffer.DATA_TAIL_OFFSET, position);
        ring = new PerfRingBuffer(all, () -> { });
        stream = new PerfStream(3, ring, new RecordDecoder(Formats.layouts()), counters, duplicates, new TaskAbis(),
                missed);
    }

    /** Writes as the kernel does: the bytes, then with release the new head. Refuses, and gives false, when there is no room. */
    boolean write(byte[] record) {
        long tail = (long) POSITION.getAcquire(all, (long) PerfRingBuffer.DATA_TAIL_OFFSET);
        if (dataBytes - (head - tail) < record.length) {
            return false;
        }
        long index = head & dataBytes - 1;
        int first = (int) Math.min(record.length, dataBytes - index);
        MemorySegment.copy(record, 0, all, JAVA_BYTE, PerfRingBuffer.PAGE_BYTES + index, first);
        MemorySegment.copy(record, first, all, JAVA_BYTE, PerfRingBuffer.PAGE_BYTES, record.length - first);
        head += record.length;
        POSITION.setRelease(all, (long) PerfRingBuffer.DATA_HEAD_OFFSET, head);
        return true;
    }

    /** Claims to have written {@code bytes} more than was. */
    void claim(long bytes) {
        head += bytes;
        POSITION.setRelease(all, (long) PerfRingBuffer.DATA_HEAD_OFFSET, head);
    }

    long head() {
        return head;
    }

    long tail() {
        return (long) POSITION.getAcquire(all, (long) PerfRingBuffer.DATA_TAIL_OFFSET);
    }

    boolean hasNext() {
        return stream.nextTimeNs() != EventStream.NOTHING;
    }

    TraceEvent take() {
        TraceEvent event = new TraceEvent();
        stream.take(event);
        return event;
    }

    /** Takes all that is there, gives the room back, and tells how many events it was. */
    int drain() {
        stream.refresh();
        int events = 0;
        TraceEvent event = new TraceEvent();
        while (hasNext()) {
            stream.take(event);
            events++;
        }
        stream.release();
        return events;
    }

    long count(TraceCounter counter) {
        return counters.get(counter);
    }
}
