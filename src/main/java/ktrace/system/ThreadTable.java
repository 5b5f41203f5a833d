package ktrace.system;

import java.util.function.Consumer;
import ktrace.event.ThreadId;
import ktrace.system.objects.ObjectTable;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The observed threads by tid. A number used again replaces its entry. Written by the tracker's thread; lookups allocate nothing.
 */
final class ThreadTable {
    private final Int2ObjectHashMap<ThreadEntry> threads = new Int2ObjectHashMap<>();
    private final ObjectTable objects;
    private int started;

    ThreadTable(ObjectTable objects) {
        this.objects = objects;
    }

    ThreadEntry get(int tid) {
        return threads.get(tid);
    }

    ThreadEntry start(int tid, ProcessEntry process, long startNs) {
        ThreadEntry thread = new ThreadEntry(tid, new ThreadId(tid, process.id, startNs, started++), process);
        process.threads.addLast(thread);
        threads.put(tid, thread);
        return thread;
    }

    /** The thread is moved to another CPU; null when it is not observed. */
    ThreadId moves(int tid, long nowNs) {
        ThreadEntry thread = threads.get(tid);
        if (thread == null) {
            return null;
        }
        thread.turn.moves(nowNs);
        return thread.id;
    }

    void forEach(Consumer<ThreadEntry> action) {
        threads.values().forEach(action);
    }

    /** Its process has it no more; gives whether it had. */
    boolean remove(ThreadEntry thread) {
        if (!thread.process.threads.remove(thread)) {
            return false;
        }
        if (threads.get(thread.tid) == thread) {
            threads.remove(thread.tid);
        }
        thread.die(objects);
        return true;
    }
}
