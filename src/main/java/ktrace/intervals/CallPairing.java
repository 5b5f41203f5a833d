package ktrace.intervals;

import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;

/** Pairs the entry of each system call with its exit. One thread; allocates nothing per event. */
final class CallPairing {
    /** CLONE_VFORK of linux/sched.h. */
    private static final long CLONE_VFORK = 0x4000;

    private final BlockReason reasons;
    private final TraceCounters counters;

    CallPairing(BlockReason reasons, TraceCounters counters) {
        this.reasons = reasons;
        this.counters = counters;
    }

    void enter(TimeLine<?> thread, TraceEvent event) {
        CallInFlight call = thread.call;
        if (call.inside()) {
            exitMissed(call);
        }
        call.enter((int) event.number, event.timeNs, event.arg0, event.arg1);
        call.on(event.object, event.peers);
    }

    void exit(TimeLine<?> thread, TraceEvent event) {
        CallInFlight call = thread.call;
        if (call.inside() && call.number == event.number && !call.atAttach) {
            thread.returned(call.number, event.timeNs - call.enterNs, event.result);
            if (event.result < 0) {
                call.interrupted(event.result);
            }
            call.leave();
        } else {
            exitWithoutEntry(thread, event);
        }
    }

    private void exitWithoutEntry(TimeLine<?> thread, TraceEvent event) {
        CallInFlight call = thread.call;
        if (call.inside() && event.number == -1 && reasons.classOf(call.number) == WaitClass.SIGRETURN && !call.atAttach) {
            // The kernel forgets the number when it restores the registers; the result is that of the interrupted call.
            thread.returned(call.number, event.timeNs - call.enterNs, 0);
        } else if (call.inside()) {
            if (!call.atAttach) {
                exitMissed(call);
                counters.increment(TraceCounter.UNMATCHED_EXIT);
            }
        } else if (call.where != CallInFlight.Where.UNKNOWN) {
            counters.increment(TraceCounter.UNMATCHED_EXIT);
        } else if (!thread.born && !thread.execed) {
            counters.increment(TraceCounter.IN_FLIGHT_AT_ATTACH);
        }
        call.leave();
    }

    private void exitMissed(CallInFlight call) {
        if (!call.atAttach && reasons.classOf(call.number) != WaitClass.EXIT) {
            counters.increment(TraceCounter.UNMATCHED_ENTER);
        }
    }

    /** Events were lost, perhaps the exit of the call that the thread was in: it is not waited for. */
    void doubt(TimeLine<?> thread) {
        if (thread.call.inside()) {
            exitMissed(thread.call);
        }
        thread.call.forget();
    }

    /** TASK_NEWTASK in the parent. */
    static void forks(TimeLine<?> parent, long cloneFlags) {
        if ((cloneFlags & CLONE_VFORK) != 0 && parent.call.inside()) {
            parent.call.vfork = true;
        }
    }

    /** The thread was found in a call at attach. */
    void atAttach(TimeLine<?> thread, int number, long[] args, TraceEvent event) {
        CallInFlight call = thread.call;
        call.enter(number, event.timeNs, args.length > 0 ? args[0] : 0, args.length > 1 ? args[1] : 0);
        call.on(event.object, event.peers);
        call.atAttach = true;
        // A clone that waits was asked to, or it would not be seen waiting.
        call.vfork = true;
        counters.increment(TraceCounter.IN_FLIGHT_AT_ATTACH);
    }

    /** SCHED_PROCESS_EXEC: {@code before} is who made the call, {@code thread} who returns from it. */
    static void execs(TimeLine<?> thread, TimeLine<?> before) {
        if (before != null && before != thread) {
            thread.call.takeOver(before.call);
        }
        thread.execed = thread.call.where == CallInFlight.Where.UNKNOWN;
    }
}
