package ktrace.intervals;

import java.util.Arrays;
import java.util.BitSet;
import ktrace.event.ThreadId;

/**
 * The live threads by tid, in pages that are made when a tid of theirs is first used: no more than the kernel's pid_max entries,
 * however many threads come and go. A lookup is two loads. One thread.
 */
final class ThreadTable<T> {
    private static final int PAGE_SHIFT = 10;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;
    /** PID_MAX_LIMIT of include/linux/threads.h. */
    private static final int TID_LIMIT = 1 << 22;

    private TimeLine<T>[][] pages = none();
    /** By {@link ThreadId#index}: one bit for each thread that ended, so that what still comes of it does not revive it. */
    private final BitSet ended = new BitSet();
    /** All, in the order in which they were met. */
    private TimeLine<T> first;
    private TimeLine<T> last;

    // An array of a generic type can be made in no other way; nothing but put() fills these.
    @SuppressWarnings("unchecked")
    private static <T> TimeLine<T>[][] none() {
        return (TimeLine<T>[][]) new TimeLine<?>[0][];
    }

    @SuppressWarnings("unchecked")
    private static <T> TimeLine<T>[] page() {
        return (TimeLine<T>[]) new TimeLine<?>[1 << PAGE_SHIFT];
    }

    /** Null when the thread is not there, or another one has its number. */
    TimeLine<T> get(ThreadId id) {
        TimeLine<T> line = byTid(id.tid());
        return line != null && line.id == id ? line : null;
    }

    /** The live thread that has this number, or null. */
    TimeLine<T> byTid(int tid) {
        TimeLine<T>[][] p = pages;
        int page = tid >>> PAGE_SHIFT;
        return page < p.length && p[page] != null ? p[page][tid & PAGE_MASK] : null;
    }

    /** The one that was met first of those that live; {@link TimeLine#after} leads on. */
    TimeLine<T> first() {
        return first;
    }

    boolean hasEnded(ThreadId id) {
        return ended.get(id.index());
    }

    static boolean isTid(int tid) {
        return tid > 0 && tid < TID_LIMIT;
    }

    void put(TimeLine<T> line) {
        int tid = line.id.tid();
        int page = tid >>> PAGE_SHIFT;
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, page + 1);
        }
        if (pages[page] == null) {
            pages[page] = page();
        }
        pages[page][tid & PAGE_MASK] = line;
        line.before = last;
        if (last == null) {
            first = line;
        } else {
            last.after = line;
        }
        last = line;
    }

    void end(TimeLine<T> line) {
        int tid = line.id.tid();
        if (byTid(tid) == line) {
            pages[tid >>> PAGE_SHIFT][tid & PAGE_MASK] = null;
        }
        ended.set(line.id.index());
        unlink(line);
    }

    private void unlink(TimeLine<T> line) {
        if (line.before == null) {
            first = line.after;
        } else {
            line.before.after = line.after;
        }
        if (line.after == null) {
            last = line.before;
        } else {
            line.after.before = line.before;
        }
        line.before = null;
        line.after = null;
    }
}
