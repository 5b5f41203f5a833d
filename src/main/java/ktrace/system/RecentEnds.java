package ktrace.system;

/**
 * The last threads of processes that have ended lately, where no scheduler is seen: of several children wait4(2) names one, and
 * not the last to end. Written by the tracker's thread; allocates nothing.
 */
final class RecentEnds {
    /** Power of two. */
    private static final int SLOTS = 64;

    private final ThreadEntry[] last = new ThreadEntry[SLOTS];
    private final long[] endNs = new long[SLOTS];

    /** {@code thread}, the last of its process, is about to end. */
    void add(ThreadEntry thread, long nowNs) {
        int slot = thread.process.tgid & SLOTS - 1;
        last[slot] = thread;
        endNs[slot] = nowNs;
    }

    /** The last thread of process {@code tgid}, if that has ended at or after {@code sinceNs}; else null. */
    ThreadEntry since(int tgid, long sinceNs) {
        int slot = tgid & SLOTS - 1;
        return tgid > 0 && last[slot] != null && last[slot].process.tgid == tgid && endNs[slot] >= sinceNs ? last[slot] : null;
    }
}
