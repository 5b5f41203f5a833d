package ktrace.perf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import ktrace.linux.Mapping;

/**
 * The reader's side of one mapped perf ring: one page of {@code struct perf_event_mmap_page}, then 2^n pages of data
 * (perf_event_open(2), "MMAP layout"; kernel/events/ring_buffer.c, {@code perf_output_put_handle}).
 *
 * <pre>
 * offset  1024  u64 data_head   written by the kernel: bytes ever written
 *         1032  u64 data_tail   written by us: bytes ever given back
 * page 1  ...                   data, at (position &amp; mask)
 * </pre>
 *
 * Positions only grow; they are subtracted to compare and masked to index. Owned by the poller thread; allocates nothing.
 */
final class PerfRingBuffer implements AutoCloseable {
    static final int PAGE_BYTES = 4096;
    static final int DATA_HEAD_OFFSET = 1024;
    static final int DATA_TAIL_OFFSET = 1032;

    /** More than any record of ours takes: the longest carries a file name. */
    private static final int LARGEST_RECORD_BYTES = 8192;

    private static final VarHandle POSITION = JAVA_LONG.varHandle();

    private final Runnable unmap;
    private final MemorySegment control;
    private final MemorySegment data;
    private final long mask;
    private long head;
    private long tail;
    private long fullest;

    PerfRingBuffer(Mapping mapping) {
        this(mapping.memory(), mapping::close);
    }

    /**
     * For memory laid out as a mapping is.
     *
     * @param unmap called once the ring is closed
     */
    PerfRingBuffer(MemorySegment all, Runnable unmap) {
        this.unmap = unmap;
        long dataBytes = all.byteSize() - PAGE_BYTES;
        if (Long.bitCount(dataBytes) != 1) {
            throw new IllegalArgumentException("not a power of two: " + dataBytes);
        }
        control = all.asSlice(0, PAGE_BYTES);
        data = all.asSlice(PAGE_BYTES, dataBytes);
        mask = dataBytes - 1;
        tail = control.get(JAVA_LONG, DATA_TAIL_OFFSET);
        head = tail;
    }

    MemorySegment data() {
        return data;
    }

    /** Where {@code position} lies in {@link #data()}. */
    long index(long position) {
        return position & mask;
    }

    long capacityBytes() {
        return mask + 1;
    }

    /**
     * Reads how far the kernel has written. The acquire pairs with the barrier between the kernel's writing of a record and its
     * store of data_head: without it the bytes of a record could be read before they are there.
     */
    void refresh() {
        head = (long) POSITION.getAcquire(control, (long) DATA_HEAD_OFFSET);
    }

    /** End of what may be read, as of the last {@link #refresh()}. */
    long head() {
        return head;
    }

    /** Begin of what has not been given back. */
    long tail() {
        return tail;
    }

    /**
     * Gives everything before {@code position} back. The release pairs with the kernel's control dependency on data_tail: without
     * it the kernel could overwrite a record whose reading has not finished.
     */
    void release(long position) {
        if (position != tail) {
            noteFill();
            tail = position;
            POSITION.setRelease(control, (long) DATA_TAIL_OFFSET, position);
        }
    }

    /**
     * Whether the ring has ever been so full that a record may not have found room. It is fullest just before room is given back;
     * what was written since then is looked at as well.
     */
    boolean hasBeenFull() {
        noteFill();
        return fullest > capacityBytes() - LARGEST_RECORD_BYTES;
    }

    private void noteFill() {
        fullest = Math.max(fullest, (long) POSITION.getAcquire(control, (long) DATA_HEAD_OFFSET) - tail);
    }

    @Override
    public void close() {
        unmap.run();
    }
}
