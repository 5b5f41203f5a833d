package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import ktrace.bpf.program.RecordKind;
import ktrace.event.EventStream;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.tracing.BpfAbi;

/** A ring in ordinary memory, with the kernel's side played by the test. */
abstract class PlayedRing {
    static final int DATA_BYTES = 4096;

    final MemorySegment reader = Arena.ofAuto().allocate(BpfRing.PAGE_BYTES, 8);
    final MemorySegment rest = Arena.ofAuto().allocate(BpfRing.PAGE_BYTES + DATA_BYTES, 8);
    final TraceCounters counters = new TraceCounters();
    final BpfRing ring = new BpfRing(reader, rest, () -> { });
    final BpfStream stream = new BpfStream(5, ring, counters);
    final TraceEvent event = new TraceEvent();
    long head;

    final void set(long position, int value) {
        rest.set(JAVA_INT, BpfRing.PAGE_BYTES + (position & DATA_BYTES - 1), value);
    }

    final void setLong(long position, long value) {
        set(position, (int) value);
        set(position + 4, (int) (value >>> 32));
    }

    /** A record of this kind; {@code body} fills what follows its head. Gives where its length lies. */
    final long write(RecordKind kind, long timeNs, int lost, int flags, LongConsumer body) {
        long length = head;
        long at = head + BpfAbi.RINGBUF_HDR_SZ;
        set(length, kind.sizeBytes() | flags);
        set(at + RecordKind.KIND, kind.ordinal());
        set(at + RecordKind.LOST, lost);
        setLong(at + RecordKind.TIME, timeNs);
        set(at + RecordKind.TID, 77);
        set(at + RecordKind.TGID, 70);
        body.accept(at + RecordKind.BODY);
        head = at + kind.sizeBytes();
        rest.set(JAVA_LONG, 0, head);
        return length;
    }

    final void exit(long timeNs, int lost, long result) {
        write(RecordKind.SYS_EXIT, timeNs, lost, 0, body -> {
            setLong(body, 39);
            setLong(body + 8, result);
        });
    }

    final TraceEvent take() {
        stream.refresh();
        assertTrue(stream.nextTimeNs() != EventStream.NOTHING, "there is nothing");
        stream.take(event);
        stream.release();
        return event;
    }

    final void assertNothing() {
        stream.refresh();
        assertEquals(EventStream.NOTHING, stream.nextTimeNs());
    }
}
