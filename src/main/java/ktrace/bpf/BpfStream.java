package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import ktrace.bpf.program.RecordKind;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.tracing.RingRecord;

/**
 * The events of one CPU: the records in its ring, decoded in place when they are taken. A record that tells of more lost ones than
 * that before it is preceded by EVENTS_LOST; one of a whole call is two events. Owned by the poller thread; allocates nothing in
 * steady state.
 */
final class BpfStream implements EventStream {
    private final int cpu;
    private final BpfRing ring;
    private final TraceCounters counters;
    private final RingRecord next;
    private final PolledDecoder polled = new PolledDecoder();
    private final PathDecoder paths = new PathDecoder();
    private final WholeCall call = new WholeCall();

    private long startNs = Long.MIN_VALUE;
    private long nextTimeNs = NOTHING;
    private RecordKind nextKind;
    /** The next record is a whole call, whose entry was taken. */
    private boolean returning;
    /** How many were lost according to the record that was looked at last, in 32 bits. */
    private int lost;
    private int newlyLost;

    BpfStream(int cpu, BpfRing ring, TraceCounters counters) {
        this.cpu = cpu;
        this.ring = ring;
        this.counters = counters;
        next = new RingRecord(ring.data(), RecordKind.MOST_BYTES);
    }

    /** Events before this are passed over: attaching was not complete then. */
    void startAt(long timeNs) {
        startNs = timeNs;
    }

    int cpu() {
        return cpu;
    }

    /** Whether what the kernel has begun to write is there. */
    boolean isWritten() {
        return ring.isWritten();
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
        if (newlyLost != 0) {
            event.become(EventType.EVENTS_LOST, nextTimeNs, null);
            event.cpu = cpu;
            event.number = Integer.toUnsignedLong(newlyLost);
            newlyLost = 0;
            return;
        }
        if (nextKind.isWholeCall() && !returning) {
            call.decodeEntry(event);
            nextTimeNs = call.exitNs();
            returning = true;
            return;
        }
        if (returning) {
            call.decodeExit(event);
        } else {
            RecordDecoder.decode(next.memory(), next.base(), nextKind, event);
        }
        returning = false;
        if (nextKind == RecordKind.SYS_ENTER && ring.nextBytes() > nextKind.sizeBytes()) {
            counters.add(TraceCounter.TEXTS_NOT_READ, TextDecoder.decode(next.memory(), next.base(), ring.nextBytes(), event));
        }
        if (nextKind == RecordKind.POLLED) {
            event.payload = polled.decode(next.memory(), next.base(), ring.nextBytes(), event.tid);
        }
        if (nextKind == RecordKind.AT_PATH) {
            event.payload = paths.decode(next.memory(), next.base(), ring.nextBytes(), event.tid);
        }
        if (nextKind.tellsCall() && ring.nextBytes() > nextKind.sizeBytes()) {
            event.payload = WakerCallDecoder.decode(next.memory(), next.base() + nextKind.sizeBytes());
        }
        ring.skip();
        findNext();
    }

    @Override
    public void release() {
        ring.release();
    }

    /** Passes over what is before the start, and stops at the next event, or at the end of what can be read. */
    private void findNext() {
        while (true) {
            long index = ring.next();
            if (index == BpfRing.NONE) {
                nextTimeNs = NOTHING;
                return;
            }
            int kind = ring.data().get(JAVA_SHORT, index + RecordKind.KIND);
            if (kind < 0 || kind >= RecordKind.ALL.length || !RecordKind.ALL[kind].canTake(ring.nextBytes())) {
                counters.increment(TraceCounter.MALFORMED_RECORDS);
                ring.skip();
                continue;
            }
            next.locate(index, ring.nextBytes());
            nextKind = RecordKind.ALL[kind];
            // Nothing was lost before a call that follows on another.
            int lostUntilNow = nextKind.isNextCall() ? lost : next.memory().get(JAVA_INT, next.base() + RecordKind.LOST);
            newlyLost = lostUntilNow - lost;
            lost = lostUntilNow;
            if (nextKind.isWholeCall()) {
                call.locate(next, nextKind);
                nextTimeNs = call.entryNs();
                if (nextTimeNs < startNs && call.exitNs() >= startNs) {
                    nextTimeNs = call.exitNs();
                    returning = true;
                }
            } else {
                nextTimeNs = next.memory().get(JAVA_LONG, next.base() + RecordKind.TIME);
            }
            if (nextTimeNs >= startNs) {
                return;
            }
            ring.skip();
        }
    }
}
