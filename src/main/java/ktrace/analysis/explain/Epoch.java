package ktrace.analysis.explain;

import ktrace.analysis.Cause;
import ktrace.event.KernelObject;
import ktrace.event.Waker;

/**
 * A stretch of a thread's past, for when it is too long ago to be kept segment by segment: how long it ran and stood in the queue, and on
 * whom its other time ended, and why, for the {@value #PARTS} greatest parts. The rest is not known any more. Used again for a later
 * stretch.
 */
final class Epoch {
    private static final int PARTS = 8;

    /** One of those that time ended on. */
    static final class Part {
        Object end;
        Waker waker;
        Cause cause;
        KernelObject object;
        long ns;
        long sureNs;
        /** Where the thread's process keeps what it adds up; null where that is to be found. */
        Account.Entry entry;
    }

    long fromNs;
    long toNs;
    /** That the thread itself was on a CPU, and in the queue. */
    long ranNs;
    long queuedNs;
    private final Part[] parts = new Part[PARTS];
    private int size;

    int size() {
        return size;
    }

    Part part(int index) {
        return parts[index];
    }

    void begin(long atNs) {
        fromNs = atNs;
        toNs = atNs;
        ranNs = 0;
        queuedNs = 0;
        size = 0;
    }

    /**
     * @param waker null where {@code end} is the thread itself, which waited for nobody
     * @return the part that it is in; null when it found no room
     */
    Part add(Object end, Waker waker, Cause cause, KernelObject object, long ns, long sureNs) {
        int least = 0;
        for (int i = 0; i < size; i++) {
            Part part = parts[i];
            if (part.cause == cause && (part.end == end || part.end.equals(end))) {
                part.ns += ns;
                part.sureNs += sureNs;
                return part;
            }
            least = part.ns < parts[least].ns ? i : least;
        }
        if (size < PARTS) {
            if (parts[size] == null) {
                parts[size] = new Part();
            }
            return set(parts[size++], end, waker, cause, object, ns, sureNs);
        }
        return parts[least].ns < ns ? set(parts[least], end, waker, cause, object, ns, sureNs) : null;
    }

    private static Part set(Part part, Object end, Waker waker, Cause cause, KernelObject object, long ns,
            long sureNs) {
        part.end = end;
        part.waker = waker;
        part.cause = cause;
        part.object = object;
        part.ns = ns;
        part.sureNs = sureNs;
        part.entry = null;
        return part;
    }

    /** Becomes the stretch of both; {@code later} follows. */
    void append(Epoch later) {
        for (int i = 0; i < later.size; i++) {
            Part part = later.parts[i];
            add(part.end, part.waker, part.cause, part.object, part.ns, part.sureNs);
        }
        ranNs += later.ranNs;
        queuedNs += later.queuedNs;
        toNs = later.toNs;
    }
}
