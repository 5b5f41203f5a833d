package ktrace.analysis;

import java.util.Arrays;
import java.util.BitSet;
import ktrace.event.ThreadId;

/**
 * The live threads of one shard by tid, in pages that are made when a tid of theirs is first used: no more than the kernel's
 * pid_max entries, however many threads come and go. A lookup is two loads. One thread.
 */
final class ThreadTable {
    private static final int PAGE_SHIFT = 10;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;
    /** PID_MAX_LIMIT of include/linux/threads.h. */
    private static final int TID_LIMIT = 1 << 22;

    private ObservedThread[][] pages = {};
    /** By {@link ThreadId#index}: one bit for each thread that ended, so that what still comes of it does not revive it. */
    private final BitSet ended = new BitSet();

    /** Null when the thread is not there, or another one has its number. */
    ObservedThread get(ThreadId id) {
        ObservedThread thread = byTid(id.tid());
        return thread != null && thread.id == id ? thread : null;
    }

    /** The live thread that has this number, or null. */
    ObservedThread byTid(int tid) {
        ObservedThread[][] p = pages;
        int page = tid >>> PAGE_SHIFT;
        return page < p.length && p[page] != null ? p[page][tid & PAGE_MASK] : null;
    }

    boolean hasEnded(ThreadId id) {
        return ended.get(id.index());
    }

    static boolean isTid(int tid) {
        return tid > 0 && tid < TID_LIMIT;
    }

    void put(ObservedThread thread) {
        int tid = thread.id.tid();
        int page = tid >>> PAGE_SHIFT;
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, page + 1);
        }
        if (pages[page] == null) {
            pages[page] = new ObservedThread[1 << PAGE_SHIFT];
        }
        pages[page][tid & PAGE_MASK] = thread;
    }

    void end(ObservedThread thread) {
        int tid = thread.id.tid();
        if (byTid(tid) == thread) {
            pages[tid >>> PAGE_SHIFT][tid & PAGE_MASK] = null;
        }
        ended.set(thread.id.index());
    }
}
