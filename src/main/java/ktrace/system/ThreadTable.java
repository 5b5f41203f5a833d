package ktrace.system;

import ktrace.event.ThreadId;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The observed threads by tid. A number used again replaces its entry. Written by the tracker's thread; lookups allocate nothing.
 */
final class ThreadTable {
    private final Int2ObjectHashMap<ThreadEntry> threads = new Int2ObjectHashMap<>();
    private int started;

    ThreadEntry get(int tid) {
        return threads.get(tid);
    }

    ThreadEntry start(int tid, ProcessEntry process, long startNs) {
        ThreadEntry thread = new ThreadEntry(tid, new ThreadId(tid, process.id, startNs, started++), process);
        threads.put(tid, thread);
        return thread;
    }

    void remove(ThreadEntry thread) {
        if (threads.get(thread.tid) == thread) {
            threads.remove(thread.tid);
        }
    }

    int size() {
        return threads.size();
    }
}
