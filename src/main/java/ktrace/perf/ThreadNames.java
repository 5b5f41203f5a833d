package ktrace.perf;

import ktrace.event.TraceEvent;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What threads are called, and their priorities, as it was told when they were switched out and woken: the records of
 * {@link MissedSwitches} have numbers alone. Of all CPUs, in the order of time. The poller's thread; allocates for a new thread
 * only.
 */
final class ThreadNames {
    /** Of more threads the names begin anew. */
    private static final int LIMIT = 1 << 15;
    /** Of whoever is not known, and of the idle task. */
    private static final int DEFAULT_PRIORITY = 120;

    private static final class Named {
        private long comm0;
        private long comm1;
        private long priority;
    }

    private final Int2ObjectHashMap<Named> threads = new Int2ObjectHashMap<>();
    private int wanting;

    /** One more CPU wants them, or one less; while none does, nothing is remembered. */
    void wanted(boolean wanted) {
        wanting += wanted ? 1 : -1;
    }

    /** Each event that comes. */
    void pass(TraceEvent event) {
        if (wanting == 0) {
            return;
        }
        switch (event.type) {
            case SCHED_SWITCH -> called(event.tid, event.arg0, event.arg1, event.arg2);
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> called(event.otherTid, event.comm0, event.comm1, event.arg1);
            default -> { }
        }
    }

    private void called(int tid, long comm0, long comm1, long priority) {
        Named thread = threads.get(tid);
        if (thread == null) {
            if (threads.size() >= LIMIT) {
                threads.clear();
            }
            thread = new Named();
            threads.put(tid, thread);
        }
        thread.comm0 = comm0;
        thread.comm1 = comm1;
        thread.priority = priority;
    }

    /** Fills in what a switch to {@code tid} says of it; no name where none is known. */
    void fill(TraceEvent event, int tid) {
        Named thread = threads.get(tid);
        event.comm0 = thread == null ? 0 : thread.comm0;
        event.comm1 = thread == null ? 0 : thread.comm1;
        event.arg3 = thread == null ? DEFAULT_PRIORITY : thread.priority;
    }
}
