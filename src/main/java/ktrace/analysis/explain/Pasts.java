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
    private static final int NEAR = 256;

    private final Map<ThreadId, Past> pasts = new HashMap<>();
    /** Those asked for last, each at a place that the thread's index gives. */
    private final Past[] near = new Past[NEAR];
    private final ArrayDeque<ThreadId> ended = new ArrayDeque<>();

    Past begins(ThreadId thread, long fromNs, Waker maker) {
        Past past = new Past(thread, fromNs, maker);
        pasts.put(thread, past);
        return past;
    }

    void ends(Past past) {
        ended.add(past.thread);
        if (ended.size() > ENDED) {
            forget(ended.remove());
        }
    }

    /** Null when the thread is not observed, or long over. */
    Past of(ThreadId thread) {
        if (thread == null) {
            return null;
        }
        int place = thread.index() & NEAR - 1;
        Past past = near[place];
        if (past == null || past.thread != thread) {
            past = pasts.get(thread);
            if (past != null) {
                near[place] = past;
            }
        }
        return past;
    }

    private void forget(ThreadId thread) {
        pasts.remove(thread);
        int place = thread.index() & NEAR - 1;
        if (near[place] != null && near[place].thread == thread) {
            near[place] = null;
        }
    }
}
