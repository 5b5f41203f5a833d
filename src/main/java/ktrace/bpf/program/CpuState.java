package ktrace.bpf.program;

/**
 * What the programs keep for each CPU, written on that CPU alone but for what {@link Queues} has; ktrace reads it.
 *
 * <pre>
 *   0  u64 lost       records that found no room
 *   8  u64 stopped    written by ktrace: nothing is recorded any more
 *  16  u64 pending    what has happened last on this CPU, and is told when something else is to be told, or not at all:
 *                     {@link #SWITCH}, {@link #CALL}, or 0
 *  24  u64 claimed    somebody is about to tell what is pending: an interrupt on top of that leaves it alone
 *  32  the pending record, as long as a SCHED_SWITCH or a SYS_ENTER
 * 128  u64 followed   when the whole call was entered that is the latest record in this CPU's ring; 0 where another one is
 * 136  u64 follower   tid and tgid of the thread that made it
 * 144  u64 queued    so many switches among others are still to be told: a traced thread is ready here, and has no CPU yet
 * 152  u64 ready     how many those are, {@link Queues}
 * 160  u64 came       1 + the thread that has come to run on this CPU last; 0: none has yet
 * 168  its comm
 * 184  u64 lost of each kind
 * </pre>
 */
public final class CpuState {
    /** Some cache lines, so that no CPU takes them from another. */
    public static final int BYTES = 512;
    public static final int LOST = 0;
    public static final int STOPPED = 8;
    public static final int PENDING = 16;
    static final int CLAIMED = 24;
    public static final int PENDING_RECORD = 32;
    static final int FOLLOWED = 128;
    static final int FOLLOWER = 136;
    static final int QUEUED = 144;
    static final int READY = 152;
    static final int CAME = 160;
    static final int NAME_OF_CAME = 168;
    private static final int LOST_OF_KIND = 184;

    /** So many switches of others are told after one that concerns a traced thread, at most. */
    static final int MOST_QUEUED = 128;

    /** A switch of two threads that are not traced: told should somebody have to be known by it. */
    static final int SWITCH = 1;
    /** A traced thread has entered a call: told with its exit, if nothing comes between. */
    public static final int CALL = 2;

    private CpuState() {
    }

    public static int lostOf(RecordKind kind) {
        return LOST_OF_KIND + Long.BYTES * kind.ordinal();
    }
}
