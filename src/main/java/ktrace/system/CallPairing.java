package ktrace.system;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.ObjectKind;
import ktrace.event.ObjectKind.Reason;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.TraceEvent.Expects;
import ktrace.linux.Errno;
import ktrace.linux.PrevState;
import ktrace.system.Family.Halt;
import ktrace.system.objects.Dialogue;
import ktrace.system.objects.KernelFunctions;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

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

    /** What is left of exec behind its event, and of fork in the child, takes microseconds; a virtual CPU may be away meanwhile. */
    private static final long RETURN_NS = 2_000_000;
    private static final long NOT_RUNNING = Long.MAX_VALUE;

    /** Who is told to sleep for a lock, does so within this time; or has got it, and what he sleeps for later is something else. */
    private static final long LOCK_NS = 20_000;

    private final TraceCounters counters;
    IntConsumer onEventsTaken = tgid -> { };
    /** Those of whom a return is due; few at any time. */
    private final ArrayList<ThreadEntry> due = new ArrayList<>();

    CallPairing(TraceCounters counters) {
        this.counters = counters;
    }

    void enters(ThreadEntry thread, TraceEvent event) {
        thread.returnDue = false;
        if (thread.place == Place.INSIDE) {
            exitMissed(thread);
        }
        thread.place = Place.INSIDE;
        thread.interruptFlags = 0;
        thread.guess.enters();
        thread.waitsFor = null;
        thread.atAttach = false;
        thread.enteredNs = event.timeNs;
        event.call = (int) event.number;
    }

    void exits(ThreadEntry thread, TraceEvent event) {
        thread.returnDue = false;
        if (thread.place != Place.INSIDE) {
            exitWithoutEntry(thread);
        } else if (thread.number() == event.number || event.number == -1 && thread.call().restoresRegisters()) {
            event.call = thread.number();
            stampEntry(thread, event);
            if (thread.interruptFlags != 0 && thread.number() == event.number && !thread.guess.isSentAnd(event.result)) {
                event.interrupt = interrupt(thread, event.result);
            }
        } else if (!thread.atAttach) {
            exitMissed(thread);
            counters.increment(TraceCounter.UNMATCHED_EXIT);
        }
        thread.place = Place.OUTSIDE;
    }

    /** What has ended the wait of a call that returns {@code result}, where the result tells; null where it does not. */
    private static Interrupt interrupt(ThreadEntry thread, long result) {
        if (!Errno.isInterrupted(result)) {
            return thread.call().interruptedBy(thread, result);
        }
        // Timers of a process go off in hard interrupts; what else sends a signal from one is a device, and rare.
        boolean isTimer = thread.process.setsTimers && (thread.interruptFlags & TraceEvent.FLAG_HARD_INTERRUPT) != 0;
        return isTimer ? Interrupt.TIMER : Interrupt.UNKNOWN;
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
        if (thread.place != Place.INSIDE && !thread.process.statesOnly()) {
            counters.increment(TraceCounter.IN_FLIGHT_AT_ATTACH);
        }
        thread.place = Place.INSIDE;
        thread.atAttach = true;
        thread.enteredNs = event.timeNs;
        event.call = thread.number();
    }

    /** SCHED_PROCESS_EXEC, by the thread or by the one that it goes on for. */
    void execs(ThreadEntry thread, TraceEvent event, boolean mayLoseEvents) {
        thread.execed = thread.place == Place.UNKNOWN;
        if (mayLoseEvents && !thread.process.statesOnly()) {
            awaitReturn(thread, event.timeNs);
        }
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

    // -- events that the kernel takes away -----------------------------------------------------------------------------------

    // A program that its caller may not read, or that gives it other rights, loses the perf events of its thread at exec, without
    // a word (fs/exec.c, begin_new_exec). It is told by the return of exec, which never comes, though the thread has gone on; and
    // of its children by that of their fork.

    private void awaitReturn(ThreadEntry thread, long runsSinceNs) {
        thread.runsSinceNs = runsSinceNs;
        thread.ranNs = 0;
        if (!thread.returnDue) {
            thread.returnDue = true;
            due.add(thread);
        }
    }

    /** A thread was made, if it is observed. */
    void forks(ThreadEntry parent, ThreadEntry child, long nowNs) {
        if (parent != null && child != null && (parent.returnDue || parent.process.eventsTaken)) {
            awaitReturn(child, NOT_RUNNING);
        }
    }

    /** Each is null when it is not observed. */
    void switched(ThreadEntry prev, ThreadEntry next, TraceEvent event) {
        if (next != null && next.returnDue) {
            next.runsSinceNs = event.timeNs;
        }
        if (prev != null && prev.returnDue) {
            // A debugger may stop it on its way.
            boolean waits = (event.number & PrevState.NOT_RUNNABLE & ~PrevState.STOPPED & ~PrevState.TRACED
                    & ~PrevState.UNINTERRUPTIBLE) != 0;
            prev.ranNs = waits ? RETURN_NS : prev.ranNs + Math.max(0, event.timeNs - prev.runsSinceNs);
            prev.runsSinceNs = NOT_RUNNING;
        }
    }

    /** It is {@code nowNs}: whoever has run too long without its return has no events any more. */
    void passes(long nowNs) {
        for (int i = due.size() - 1; i >= 0; i--) {
            ThreadEntry thread = due.get(i);
            boolean missed = thread.ranNs + Math.max(0, nowNs - thread.runsSinceNs) >= RETURN_NS;
            if (missed || !thread.returnDue || thread.exiting) {
                due.set(i, due.getLast());
                due.removeLast();
                if (missed && thread.returnDue && !thread.exiting) {
                    taken(thread);
                }
                thread.returnDue = false;
            }
        }
    }

    private void taken(ThreadEntry thread) {
        thread.place = Place.LOST;
        thread.leaveSyscall();
        thread.process.fds.suspectAll();
        thread.process.eventsTaken = true;
        onEventsTaken.accept(thread.process.tgid);
    }

    static boolean isPlaceUnknown(ThreadEntry thread) {
        return thread.place == Place.UNKNOWN || thread.place == Place.LOST;
    }

    // -- waits ---------------------------------------------------------------------------------------------------------------

    /** The thread waits from now on, in the state {@code prevState}; {@code halt}: what holds it still, or null. */
    static void waits(ThreadEntry thread, long prevState, Halt halt, TraceEvent event) {
        boolean uninterruptible = prevState == PrevState.UNINTERRUPTIBLE;
        thread.waitsFor = null;
        thread.waitsForLock = halt == null && event.timeNs - thread.contendedNs <= LOCK_NS;
        if (halt != null) {
            event.call = thread.place == Place.INSIDE ? thread.number() : TraceEvent.NO_CALL;
            event.waitsFor = halt.kind();
            event.object = null;
            event.peers = halt.by(thread);
        } else if (thread.exiting) {
            // It gives back its memory and closes its files: which of that it waits in, no event tells.
            event.call = thread.place == Place.INSIDE ? thread.number() : TraceEvent.NO_CALL;
            event.waitsFor = thread.waitsForLock ? ObjectKind.KERNELLOCK : ObjectKind.OTHER;
        } else if (thread.place == Place.INSIDE) {
            thread.waitsFor = awaited(thread);
            // The mutex of a pipe is the pipe's.
            thread.waitsForLock &= !thread.waitsFor.ipc();
            thread.sleepsIn = thread.waitsForLock ? null : thread.sleepsIn;
            stamp(thread, thread.waitsForLock ? ObjectKind.KERNELLOCK : thread.waitsFor, event);
        } else if (thread.waitsForLock) {
            event.waitsFor = ObjectKind.KERNELLOCK;
            event.object = null;
        } else {
            event.waitsFor = ObjectKind.OTHER;
            event.object = thread.place != Place.OUTSIDE && !thread.process.isKernels() ? TraceEvent.UNKNOWN_PLACE
                    : uninterruptible && thread.place == Place.OUTSIDE ? TraceEvent.PAGE_FAULT : null;
        }
    }

    /** An interrupt gives no lock free: the thread got that without a sleep, and has slept for what came next. */
    static void hasWaitedForNoLock(ThreadEntry thread, TraceEvent event) {
        boolean inside = thread.place == Place.INSIDE;
        event.waitsFor = inside ? thread.waitsFor : ObjectKind.OTHER;
        event.object = inside ? thread.stamped : TraceEvent.PAGE_FAULT;
    }

    /** What a thread that sleeps in its call waits for, as far as is known now. */
    private static ObjectKind awaited(ThreadEntry thread) {
        if ((thread.waitsIn & (PrevState.STOPPED | PrevState.TRACED)) != 0) {
            return ObjectKind.OTHER;
        }
        return thread.waitsIn == PrevState.UNINTERRUPTIBLE ? awaitedInKernel(thread) : thread.call().waitsFor(thread);
    }

    private static ObjectKind awaitedInKernel(ThreadEntry thread) {
        ObjectKind kind = thread.call().waitsUninterruptiblyFor(thread);
        return kind == ObjectKind.DISK && KernelFunctions.isMadeUp(thread.worksOn()) ? ObjectKind.OTHER : kind;
    }

    /** It sleeps in D in a call, which does not tell of something that it surely is for. */
    static boolean mayBeTheKernels(ThreadEntry thread) {
        return thread.inSyscall() && (isForStorage(thread) || thread.call().waitsUninterruptiblyFor(thread) == ObjectKind.OTHER);
    }

    static boolean isForStorage(ThreadEntry thread) {
        return thread.call().waitsUninterruptiblyFor(thread) == ObjectKind.DISK;
    }

    /** A thread of RCU has woken it: whatever file its call is on, it was not that. */
    static void hasWaitedForRcu(ThreadEntry thread, TraceEvent event) {
        if (thread.waitsIn == PrevState.UNINTERRUPTIBLE && thread.place == Place.INSIDE && mayBeTheKernels(thread)) {
            event.waitsFor = ObjectKind.OTHER;
            event.object = KernelFunctions.RCU;
            event.peers = List.of();
        }
    }

    /** The thread is woken: what it waited for, if that is known better now than when it began to. */
    static void hasWaited(ThreadEntry thread, TraceEvent event) {
        if (thread.place == Place.INSIDE && thread.waitsFor != null && thread.sleepsIn == null) {
            ObjectKind now = awaited(thread);
            if (now != thread.waitsFor) {
                event.waitsFor = now;
                event.object = thread.stamped;
            }
        }
    }

    /** It was not what its call is on, if it seemed to be that for which it slept in D. */
    static void hasWaitedInside(ThreadEntry thread, TraceEvent event) {
        ObjectKind kind = event.waitsFor != null ? event.waitsFor : thread.waitsFor;
        if (thread.place == Place.INSIDE && thread.waitsIn == PrevState.UNINTERRUPTIBLE && kind != null && kind.ipc()) {
            event.waitsFor = ObjectKind.DISK;
            event.object = null;
            event.peers = List.of();
        }
    }

    /** Where no scheduler is seen: the thread is in its call from now on, and waits there if such a call is one that waits. */
    static void waitsInCall(ThreadEntry thread, TraceEvent event) {
        if (thread.place == Place.INSIDE && !thread.call().isBrief()) {
            ObjectKind kind = thread.call().waitsFor(thread);
            if (kind.reason() == Reason.IPC || kind.reason() == Reason.SLEEP) {
                thread.waitsFor = kind;
                stamp(thread, kind, event);
            }
        }
    }

    private static void stamp(ThreadEntry thread, ObjectKind kind, TraceEvent event) {
        event.call = thread.number();
        event.waitsFor = kind;
        event.object = thread.stamped;
        event.peers = thread.stampedPeers;
        event.expects = expects(thread, kind);
        if (thread.sleepsIn != null) {
            event.waitsFor = ObjectKind.OTHER;
            event.object = thread.sleepsIn;
            event.peers = List.of();
        }
    }

    /** The call returns, and has moved so much. */
    static void moves(ThreadEntry thread, long result, long nowNs) {
        if (result > 0 && thread.object != null && thread.call().isOnDescriptor()) {
            TrackedObject moved = thread.object.canonical();
            if (Dialogue.moved(moved, thread.call().way(), result, thread.process.fds, nowNs)) {
                thread.asks = moved;
            } else if (moved.owes) {
                thread.answers = moved;
            }
        }
    }

    /** What a thread may expect that waits in its call for something of this kind. */
    private static Expects expects(ThreadEntry thread, ObjectKind kind) {
        if (!kind.ipc()) {
            return Expects.UNKNOWN;
        }
        if (thread.call().way() == Way.WRITE) {
            return Expects.ANSWER;
        }
        if (kind == ObjectKind.POLL) {
            return ofPoller(thread);
        }
        TrackedObject waited = thread.waitedFor();
        // A lock inside the kernel is not what the call is about.
        Expects ofReader = thread.call().isOnDescriptor() && waited != null && waited.kind() == kind
                ? Dialogue.ofReader(waited, thread.process.fds) : Expects.UNKNOWN;
        return ofReader == Expects.UNKNOWN ? orOwing(thread, ofReader) : ofReader;
    }

    private static Expects ofPoller(ThreadEntry thread) {
        if (thread.asks != null) {
            return thread.asks.canonical().asked ? Expects.ANSWER : orOwing(thread, Expects.ANYTHING);
        }
        TrackedObject only = thread.call().onlyAwaited(thread);
        return orOwing(thread, only != null && Dialogue.mayHaveAsked(only) ? Expects.UNKNOWN : Expects.ANYTHING);
    }

    /** What the thread may expect of the wait that it is in, as far as is known now. */
    static Expects expectsNow(ThreadEntry thread) {
        return thread.waitsFor == null || thread.waitsForLock ? Expects.UNKNOWN : expects(thread, thread.waitsFor);
    }

    /** Whether whoever ends the wait that {@code thread} is in may have to; who waits for work is owed none. */
    static boolean mayBeOwed(ThreadEntry thread) {
        Expects expects = thread.waitsFor == null ? Expects.WORK : expects(thread, thread.waitsFor);
        return expects != Expects.WORK && expects != Expects.ANYTHING;
    }

    private static Expects orOwing(ThreadEntry thread, Expects otherwise) {
        return thread.answers != null && thread.answers.canonical().owes ? Expects.OWING : otherwise;
    }
}
