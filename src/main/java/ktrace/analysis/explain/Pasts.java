package ktrace.analysis.explain;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * The pasts of those that live and of those that ended last: whoever waits for a thread's end is woken by it when it is over. One
 * thread; allocates for a new thread.
 */
final class Pasts {
    private static final int ENDED = 1024;

    private final Map<ThreadId, Past> pasts = new HashMap<>();
    private final ArrayDeque<ThreadId> ended = new ArrayDeque<>();

    Past begins(ThreadId thread, long fromNs, Waker maker) {
        Past past = new Past(thread, fromNs, maker);
        pasts.put(thread, past);
        return past;
    }

    void ends(Past past) {
        ended.add(past.thread);
        if (ended.size() > ENDED) {
            pasts.remove(ended.remove());
        }
    }

    /** Null when the thread is not observed, or long over. */
    Past of(ThreadId thread) {
        return thread == null ? null : pasts.get(thread);
    }
}
