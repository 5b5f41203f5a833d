package ktrace.system;

import ktrace.event.ObjectKind;
import ktrace.event.ObjectKind.Reason;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.PrevState;

/**
 * Pairs the entry of each system call with its exit, counts those that do not fit, and tells of a thread that begins to wait what
 * it waits for. This is decided here, once: later stages read the stamps.
 *
 * <p>Called before the entry of the thread is told of the event, so that it says how things were until then. Used on the tracker's
 * thread; allocates nothing.
 */
final class CallPairing {
    /** Where a thread is, as far as its calls tell. */
    enum Place {
        /** None of its calls was seen yet. */
        UNKNOWN,
        /** Events were lost since. */
        LOST,
        /** In user space. */
        OUTSIDE,
        /** In a call that was seen to begin, or that it was found in. */
        INSIDE
    }

    private final TraceCounters counters;

    CallPairing(TraceCounters counters) {
        this.counters = counters;
    }

    void enters(ThreadEntry thread, TraceEvent event) {
        if (thread.place == Place.INSIDE) {
            exitMissed(thread);
        }
        thread.place = Place.INSIDE;
        thread.atAttach = false;
        thread.enteredNs = event.timeNs;
        event.call = (int) event.number;
    }

    void exits(ThreadEntry thread, TraceEvent event) {
        if (thread.place != Place.INSIDE) {
            exitWithoutEntry(thread);
        } else if (thread.number() == event.number || event.number == -1 && thread.call().restoresRegisters()) {
            event.call = thread.number();
            stampEntry(thread, event);
        } else if (!thread.atAttach) {
            exitMissed(thread);
            counters.increment(TraceCounter.UNMATCHED_EXIT);
        }
        thread.place = Place.OUTSIDE;
    }

    private void exitWithoutEntry(ThreadEntry thread) {
        if (thread.place != Place.UNKNOWN) {
            counters.increment(TraceCounter.UNMATCHED_EXIT);
        } else if (!thread.born && !thread.execed) {
            // The first exit of one that was born is that of the fork which made it.
            counters.increment(TraceCounter.IN_FLIGHT_AT_ATTACH);
        }
    }

    private void exitMissed(ThreadEntry thread) {
        if (!thread.atAttach && !thread.call().endsCaller()) {
            counters.increment(TraceCounter.UNMATCHED_ENTER);
        }
    }

    /** Events were lost, perhaps the exit of the call that the thread was in: it is not waited for. */
    void doubt(ThreadEntry thread) {
        if (thread.exiting) {
            return;
        }
        if (thread.place == Place.INSIDE) {
            exitMissed(thread);
        }
        if (thread.place != Place.UNKNOWN) {
            thread.place = Place.LOST;
        }
    }

    /** The thread, of which nothing was seen before, was found in the call that it has been told of already. */
    void foundInside(ThreadEntry thread, TraceEvent event) {
        thread.place = Place.INSIDE;
        thread.atAttach = true;
        thread.enteredNs = event.timeNs;
        event.call = thread.number();
        counters.increment(TraceCounter.IN_FLIGHT_AT_ATTACH);
    }

    /** SCHED_PROCESS_EXEC, by the thread or by the one that it goes on for. */
    static void execs(ThreadEntry thread, TraceEvent event) {
        thread.execed = thread.place == Place.UNKNOWN;
        if (thread.place == Place.INSIDE) {
            event.call = thread.number();
            stampEntry(thread, event);
        }
    }

    private static void stampEntry(ThreadEntry thread, TraceEvent event) {
        if (!thread.atAttach) {
            event.enteredNs = thread.enteredNs;
        }
    }

    // -- waits ---------------------------------------------------------------------------------------------------------------

    /** The thread waits from now on, in the state {@code prevState}. */
    static void waits(ThreadEntry thread, long prevState, TraceEvent event) {
        boolean uninterruptible = prevState == PrevState.UNINTERRUPTIBLE;
        if (thread.exiting) {
            // It gives back its memory and closes its files: which of that it waits in, no event tells.
            event.call = thread.place == Place.INSIDE ? thread.number() : TraceEvent.NO_CALL;
            event.waitsFor = ObjectKind.OTHER;
            return;
        }
        if (thread.place != Place.INSIDE) {
            event.waitsFor = ObjectKind.OTHER;
            event.object = uninterruptible && thread.place == Place.OUTSIDE ? TraceEvent.PAGE_FAULT : null;
            return;
        }
        ObjectKind kind = ObjectKind.OTHER;
        if ((prevState & PrevState.STOPPED) == 0) {
            kind = uninterruptible ? thread.call().waitsUninterruptiblyFor(thread) : thread.call().waitsFor(thread);
        }
        stamp(thread, kind, event);
    }

    /** Where no scheduler is seen: the thread is in its call from now on, and waits there if such a call is one that waits. */
    static void waitsInCall(ThreadEntry thread, TraceEvent event) {
        if (thread.place == Place.INSIDE && !thread.call().isBrief()) {
            ObjectKind kind = thread.call().waitsFor(thread);
            if (kind.reason() == Reason.IPC || kind.reason() == Reason.SLEEP) {
                stamp(thread, kind, event);
            }
        }
    }

    private static void stamp(ThreadEntry thread, ObjectKind kind, TraceEvent event) {
        event.call = thread.number();
        event.waitsFor = kind;
        event.object = thread.stamped;
        event.peers = thread.stampedPeers;
    }
}
