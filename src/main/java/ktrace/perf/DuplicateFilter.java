package ktrace.perf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Drops the second record of one system-call event of a thread that carries its events twice.
 *
 * <p>While ktrace attaches, a thread can be born: of a parent that has its events already, then it inherits them, or of one that
 * has not, then it must be opened itself. Which of the two cannot be told afterwards, so such a thread is opened and named here.
 * If it had inherited as well, each of its events comes twice in a row on one CPU, and two entries, or two exits, of the same
 * call without the other between them are one. Owned by the poller thread, except that threads are named before it starts, or
 * by itself.
 */
final class DuplicateFilter {
    /** Both records are written within one pass through the tracepoint: microseconds, and room for an interrupt. */
    private static final long WITHIN_NS = 1_000_000;

    private static final class Last {
        private RawLayout layout;
        private long number;
        private long timeNs;
    }

    /** A thread that has ended at this time or before. */
    private record Gone(int tid, Last last, long timeNs) {
    }

    private final Int2ObjectHashMap<Last> suspects = new Int2ObjectHashMap<>();
    private final ArrayDeque<Gone> gone = new ArrayDeque<>();

    /** From now on looks at the events of this thread. */
    void suspect(int tid) {
        suspects.put(tid, new Last());
    }

    /** This thread has no events any more; some may not have been read yet. */
    void ended(int tid, long timeNs) {
        Last last = suspects.get(tid);
        if (last != null) {
            gone.add(new Gone(tid, last, timeNs));
        }
    }

    /** Whatever was recorded before this time has been read. */
    void readUntil(long timeNs) {
        while (!gone.isEmpty() && gone.peek().timeNs < timeNs) {
            Gone first = gone.remove();
            // Its number may be another's by now.
            suspects.remove(first.tid, first.last);
        }
    }

    /** How many threads are looked at. */
    int size() {
        return suspects.size();
    }

    boolean isDuplicate(MemorySegment memory, long base, RawLayout layout, long timeNs) {
        if (suspects.isEmpty() || !layout.tracepoint().perTask()) {
            return false;
        }
        long raw = base + RecordDecoder.RAW_DATA;
        Last last = suspects.get(memory.get(ValueLayout.JAVA_INT_UNALIGNED, raw + layout.commonPid()));
        if (last == null) {
            return false;
        }
        long number = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, raw + layout.a());
        boolean same = last.layout == layout && last.number == number && timeNs - last.timeNs < WITHIN_NS;
        // A third like it is a new event: after a pair, begin again.
        last.layout = same ? null : layout;
        last.number = number;
        last.timeNs = timeNs;
        return same;
    }
}
