package ktrace.system;

import java.util.Arrays;
import ktrace.event.Evidence;
import ktrace.event.TraceEvent;
import ktrace.system.SystemCall.Acts;

/**
 * Who let on a thread that waited, where no scheduler is seen: whoever made, while it waited, a call that ends such waits, on the
 * very object. The last one, when there are several. Which calls these are the families say.
 *
 * <pre>
 *   waiter  ├── futex(F, FUTEX_WAIT) ────────┤ = 0       evidence object, by the waker
 *   waker               ├─ futex(F, FUTEX_WAKE) ─┤
 * </pre>
 *
 * <p>A wait that failed, or that its time ended, was ended by nobody. When the waiter returns before the call whose doings are
 * known only at its return, as it may, nobody is named.
 *
 * <p>Used on the tracker's thread. Allocates nothing but room for more waiters.
 */
final class Releases {
    private final Machine machine;
    private final RecentEnds recentEnds;
    private final WakeUp wakeUp;
    private ThreadEntry[] waiters = new ThreadEntry[16];
    private int count;

    Releases(Machine machine, RecentEnds recentEnds, WakeUp wakeUp) {
        this.machine = machine;
        this.recentEnds = recentEnds;
        this.wakeUp = wakeUp;
    }

    /** {@code thread} has entered its call: it may wait there, or let others on. */
    void begin(ThreadEntry thread) {
        thread.letOnBy = null;
        if (thread.awaitsRelease) {
            // That its last call returned was lost.
            remove(thread);
        }
        if (thread.call().isAwaiting(thread)) {
            thread.awaitsRelease = true;
            if (count == waiters.length) {
                waiters = Arrays.copyOf(waiters, 2 * count);
            }
            waiters[count++] = thread;
        }
        Acts acts = thread.call().acts();
        if (acts == Acts.AT_ONCE || acts == Acts.THROUGHOUT) {
            letOn(thread, false, Long.MIN_VALUE);
        }
    }

    /** {@code thread} is about to end: it holds all that it held, still. */
    void exits(ThreadEntry thread, long nowNs) {
        remove(thread);
        if (thread.process.liveThreads <= 1) {
            recentEnds.add(thread, nowNs);
            // Its end has an object from now on, for those who ask for it when the process is no more.
            machine.child(thread.process.tgid);
        }
        thread.exiting = true;
        letOn(thread, false, Long.MIN_VALUE);
        thread.exiting = false;
    }

    /** {@code thread} leaves its call: stamps who let it on, if that was seen; and takes back what its call has not done. */
    void end(ThreadEntry thread, TraceEvent event) {
        remove(thread);
        if (thread.call().wasLetOn(machine, thread, event.result)) {
            event.evidence = Evidence.OBJECT;
            event.waker = thread.letOnBy.waker();
            event.objectToBeConfirmed = thread.letOnByGuess;
        } else {
            thread.letOnBy = null;
        }
        Acts acts = thread.call().acts();
        if (count == 0 || acts == Acts.NEVER) {
            return;
        }
        if (thread.call().didNothing(thread, event.result)) {
            takeBack(thread);
        } else if (acts == Acts.ON_RETURN) {
            letOn(thread, false, Long.MIN_VALUE);
        } else if (acts == Acts.THROUGHOUT) {
            letOn(thread, true, thread.enteredNs);
        }
    }

    private void takeBack(ThreadEntry thread) {
        for (int i = 0; i < count; i++) {
            if (waiters[i].letOnBy == thread && waiters[i].enteredNs <= thread.enteredNs) {
                waiters[i].letOnBy = null;
            }
        }
    }

    private void remove(ThreadEntry thread) {
        for (int i = 0; i < count; i++) {
            if (waiters[i] == thread) {
                removeAt(i);
                return;
            }
        }
    }

    private void removeAt(int place) {
        waiters[place].awaitsRelease = false;
        waiters[place] = waiters[--count];
        waiters[count] = null;
    }

    /** @param afterNs only those whose wait began after that */
    private void letOn(ThreadEntry actor, boolean returning, long afterNs) {
        for (int i = count - 1; i >= 0; i--) {
            ThreadEntry waiter = waiters[i];
            if (!waiter.awaitsRelease) {
                // It has ended in its call.
                removeAt(i);
            } else if (waiter != actor && waiter.enteredNs > afterNs
                    && waiter.call().letsOn(wakeUp.of(actor, waiter).returning(returning))) {
                waiter.letOnBy = actor;
                waiter.letOnThrough = wakeUp.through();
                waiter.letOnByGuess = wakeUp.isGuessed();
                waiter.letOnResult = wakeUp.expectedResult();
            }
        }
    }

    /**
     * The last threads of processes that have ended lately, where no scheduler is seen: of several children wait4(2) names one, and
     * not the last to end. Written by the tracker's thread; allocates nothing.
     */
    static final class RecentEnds {
        /** Power of two. */
        private static final int SLOTS = 64;

        private final ThreadEntry[] last = new ThreadEntry[SLOTS];
        private final long[] endNs = new long[SLOTS];

        /** {@code thread}, the last of its process, is about to end. */
        void add(ThreadEntry thread, long nowNs) {
            int slot = thread.process.tgid & SLOTS - 1;
            last[slot] = thread;
            endNs[slot] = nowNs;
        }

        /** The last thread of process {@code tgid}, if that has ended at or after {@code sinceNs}; else null. */
        ThreadEntry since(int tgid, long sinceNs) {
            int slot = tgid & SLOTS - 1;
            return tgid > 0 && last[slot] != null && last[slot].process.tgid == tgid && endNs[slot] >= sinceNs ? last[slot] : null;
        }

        /** The same for a child that its parent, in a namespace, calls {@code inside}. */
        ThreadEntry childSince(int parentTgid, int inside, long sinceNs) {
            for (int slot = 0; slot < SLOTS; slot++) {
                ProcessEntry process = last[slot] == null ? null : last[slot].process;
                if (process != null && process.inside == inside && process.ppid == parentTgid && endNs[slot] >= sinceNs) {
                    return last[slot];
                }
            }
            return null;
        }
    }
}
