package ktrace.intervals;

import java.util.Arrays;

/**
 * Threads that were taken off their CPU and could go on, by the CPU that they are queued on. A CPU that goes idle while one of them is
 * queued on it may not run it: the control group of the thread has used up what it may. Where the CPU has others to run it cannot be
 * told apart from waiting for one's turn. One thread; allocates when a CPU is first seen.
 */
final class Preempted {
    private TimeLine<?>[] first = new TimeLine<?>[64];

    void add(TimeLine<?> thread, int cpu) {
        if (cpu >= first.length) {
            first = Arrays.copyOf(first, Math.max(cpu + 1, 2 * first.length));
        }
        thread.queuedOn = cpu;
        thread.queuedAfter = first[cpu];
        thread.queuedBefore = null;
        if (first[cpu] != null) {
            first[cpu].queuedBefore = thread;
        }
        first[cpu] = thread;
    }

    /** The thread runs, or it is not known any more where it is. */
    void remove(TimeLine<?> thread) {
        if (thread.queuedOn < 0) {
            return;
        }
        if (thread.queuedBefore == null) {
            first[thread.queuedOn] = thread.queuedAfter;
        } else {
            thread.queuedBefore.queuedAfter = thread.queuedAfter;
        }
        if (thread.queuedAfter != null) {
            thread.queuedAfter.queuedBefore = thread.queuedBefore;
        }
        thread.queuedOn = -1;
        thread.queuedBefore = null;
        thread.queuedAfter = null;
    }

    /** A CPU has nothing to run. */
    void goesIdle(int cpu, long nowNs) {
        for (TimeLine<?> thread = cpu < first.length ? first[cpu] : null; thread != null; thread = thread.queuedAfter) {
            if (thread.state() == ThreadState.RUNNABLE) {
                thread.step(ThreadState.THROTTLED, nowNs);
            }
        }
    }
}
