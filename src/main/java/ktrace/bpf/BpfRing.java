package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import ktrace.bpf.kernel.BpfMap;
import ktrace.linux.Mapping;
import ktrace.linux.Syscalls;
import ktrace.linux.tracing.BpfAbi;

/**
 * The reader's side of a BPF ring buffer (Documentation/bpf/ringbuf.rst): a page with the position of the reader, one with that of
 * the kernel, then the data. The kernel would have these mapped twice, so that no record is split at its end; then they would count
 * twice in what ktrace takes of the memory, and so would the time to map them.
 *
 * <pre>
 * record   u32 length, with a bit while it is written and one if it was given up; u32 of the kernel's own; data; padded to 8
 * </pre>
 *
 * Positions only grow; they are subtracted to compare and masked to index. Owned by the poller thread; allocates nothing.
 */
final class BpfRing implements AutoCloseable {
    static final int PAGE_BYTES = 4096;
    /** {@link #next} when there is no record that can be read. */
    static final long NONE = -1;

    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();

    private final Runnable unmap;
    private final MemorySegment reader;
    private final MemorySegment kernel;
    private final MemorySegment data;
    private final long mask;
    private long head;
    /** Begin of the next record. */
    private long position;
    private long released;

    static BpfRing map(BpfMap ring, long sizeBytes) {
        Mapping reader = Syscalls.map(ring.descriptor(), PAGE_BYTES, "map the reader's page of a BPF ring", "");
        try {
            Mapping rest = Syscalls.mapToRead(ring.descriptor(), PAGE_BYTES, PAGE_BYTES + sizeBytes, "map a BPF ring");
            return new BpfRing(reader.memory(), rest.memory(), () -> {
                reader.close();
                rest.close();
            });
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * For memory laid out as the mappings are.
     *
     * @param rest the kernel's page, and the data
     */
    BpfRing(MemorySegment reader, MemorySegment rest, Runnable unmap) {
        this.reader = reader;
        this.unmap = unmap;
        kernel = rest.asSlice(0, PAGE_BYTES);
        data = rest.asSlice(PAGE_BYTES);
        mask = data.byteSize() - 1;
        position = reader.get(JAVA_LONG, 0);
        released = position;
        head = position;
    }

    MemorySegment data() {
        return data;
    }

    /** Reads how far the kernel has reserved room. */
    void refresh() {
        head = (long) POSITION.getAcquire(kernel, 0L);
    }

    /**
     * Where the next record's data begin in {@link #data()}, or {@link #NONE}: none is there, or it is still being written. They
     * may go on at its begin. The acquire pairs with the kernel's release of the length, after which the data are there.
     */
    long next() {
        while (position < head) {
            int length = (int) LENGTH.getAcquire(data, position & mask);
            if ((length & BpfAbi.RINGBUF_BUSY_BIT) != 0) {
                return NONE;
            }
            if ((length & BpfAbi.RINGBUF_DISCARD_BIT) == 0) {
                return position + BpfAbi.RINGBUF_HDR_SZ & mask;
            }
            skip();
        }
        return NONE;
    }

    /** Bytes of the record that {@link #next} gave. */
    int nextBytes() {
        return data.get(JAVA_INT, position & mask);
    }

    /** Steps past it. */
    void skip() {
        int length = data.get(JAVA_INT, position & mask) & ~BpfAbi.RINGBUF_DISCARD_BIT;
        position += length + BpfAbi.RINGBUF_HDR_SZ + 7 & ~7;
    }

    /** Whether all that room was reserved for is written. Changes nothing. */
    boolean isWritten() {
        refresh();
        for (long at = position; at < head;) {
            int length = (int) LENGTH.getAcquire(data, at & mask);
            if ((length & BpfAbi.RINGBUF_BUSY_BIT) != 0) {
                return false;
            }
            at += (length & ~BpfAbi.RINGBUF_DISCARD_BIT) + BpfAbi.RINGBUF_HDR_SZ + 7 & ~7;
        }
        return true;
    }

    /** Gives the room of all records before {@link #next} back: only then does the kernel write over them. */
    void release() {
        if (position != released) {
            released = position;
            POSITION.setRelease(reader, 0L, position);
        }
    }

    @Override
    public void close() {
        unmap.run();
    }
}
