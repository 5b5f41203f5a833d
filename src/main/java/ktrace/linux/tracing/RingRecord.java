package ktrace.linux.tracing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A record of a ring, where it can be read in one piece: in place, or copied together if it goes on at the ring's begin. Used by
 * one thread; allocates nothing once it is made.
 */
public final class RingRecord {
    private final MemorySegment ring;
    private final MemorySegment scratch;
    private MemorySegment memory;
    private long base;

    /** @param ring the data of the whole ring */
    public RingRecord(MemorySegment ring, int mostBytes) {
        this.ring = ring;
        scratch = Arena.ofAuto().allocate(mostBytes, 8);
        memory = ring;
    }

    /** From now on that record which begins at {@code index} of the ring. */
    public void locate(long index, int sizeBytes) {
        long untilEnd = ring.byteSize() - index;
        if (sizeBytes <= untilEnd) {
            memory = ring;
            base = index;
        } else {
            MemorySegment.copy(ring, index, scratch, 0, untilEnd);
            MemorySegment.copy(ring, 0, scratch, untilEnd, sizeBytes - untilEnd);
            memory = scratch;
            base = 0;
        }
    }

    /** What the record lies in, at {@link #base}. */
    public MemorySegment memory() {
        return memory;
    }

    public long base() {
        return base;
    }
}
