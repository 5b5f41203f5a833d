package ktrace.bpf.program;

/**
 * What the programs keep for each CPU, written on that CPU alone; ktrace reads it.
 *
 * <pre>
 *   0  u64 lost       records that found no room
 *   8  u64 stopped    written by ktrace: nothing is recorded any more
 *  16  u64 pending    the last switch was of two threads that are not traced, and is kept until somebody must be known by it
 *  24  that record, as long as a SCHED_SWITCH
 * 128  u64 lost of each kind
 * </pre>
 */
public final class CpuState {
    /** Some cache lines, so that no CPU takes them from another. */
    public static final int BYTES = 256;
    public static final int LOST = 0;
    public static final int STOPPED = 8;
    static final int PENDING = 16;
    static final int PENDING_RECORD = 24;
    private static final int LOST_OF_KIND = 128;

    private CpuState() {
    }

    public static int lostOf(RecordKind kind) {
        return LOST_OF_KIND + Long.BYTES * kind.ordinal();
    }
}
