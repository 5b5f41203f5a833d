package ktrace.ptrace;

import java.util.concurrent.atomic.AtomicLong;
import ktrace.event.EventStream;
import ktrace.event.TraceEvent;

/**
 * A ring of preallocated events from the tracer's thread to the poller's. Positions are counted up and never set back.
 *
 * <pre>
 *   tracer: claim, fill, publish ── written (release) ──► refresh (acquire) :poller
 *   tracer: claim (acquire) ◄────── freed (release) ───── release :poller
 * </pre>
 *
 * <p>Without the first pair the poller could see an event half filled; without the second the tracer could overwrite one that is
 * still being copied.
 */
final class EventQueue implements EventStream {
    /** Power of two. */
    static final int SLOTS = 16_384;

    private final TraceEvent[] slots = new TraceEvent[SLOTS];
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong freed = new AtomicLong();

    // the tracer's
    private long next;
    // the poller's
    private long position;
    private long limit;

    EventQueue() {
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new TraceEvent();
        }
    }

    /** The slot to fill next; null when all are taken. Tracer. */
    TraceEvent claim() {
        return next - freed.getAcquire() < SLOTS ? slots[(int) (next & SLOTS - 1)] : null;
    }

    /**
     * The claimed slot is filled. Tracer.
     *
     * @return whether the queue has just become half full
     */
    boolean publish() {
        next++;
        written.setRelease(next);
        return next - freed.getPlain() == SLOTS / 2;
    }

    /** Whether so much is there that it had better be read. Poller. */
    boolean isHalfFull() {
        return written.getAcquire() - position >= SLOTS / 2;
    }

    @Override
    public void refresh() {
        limit = written.getAcquire();
    }

    @Override
    public long nextTimeNs() {
        return position < limit ? slots[(int) (position & SLOTS - 1)].timeNs : NOTHING;
    }

    @Override
    public void take(TraceEvent slot) {
        slot.copyFrom(slots[(int) (position & SLOTS - 1)]);
        position++;
    }

    @Override
    public void release() {
        freed.setRelease(position);
    }
}
