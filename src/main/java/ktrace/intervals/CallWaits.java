package ktrace.intervals;

import java.util.BitSet;
import java.util.Set;
import java.util.function.IntFunction;
import ktrace.event.TraceEvent;
import ktrace.linux.uapi.Uapi;

/**
 * The states of threads where no scheduler is seen (ptrace): all that is known is when a thread is inside a call.
 *
 * <pre>
 *   enter read(pipe) ─────────────────────► exit      enter getpid ──► exit
 *   UNKNOWN │ IPC, from entry to exit         │ UNKNOWN
 * </pre>
 *
 * <p>Inside a call that waits for somebody else, or sleeps, a thread counts as blocked from entry to exit: that is the wait and the
 * little that the kernel does around it, which cannot be told apart. In a call on a file it may work as well as wait, and outside
 * of calls it may run or be ready to: there its state is unknown. A call that refused to wait (EAGAIN) did not.
 *
 * <p>One thread; allocates what {@link WaitEnds} does.
 */
final class CallWaits {
    /** A thread that waits for others sleeps interruptibly: TASK_INTERRUPTIBLE as {@code prev_state} has it. */
    private static final long INTERRUPTIBLE = 1;

    /** Calls on a descriptor that wait for nobody at its other end; when they sleep at all, it is for a moment. */
    private static final Set<String> BRIEF = Set.of("close", "lseek", "_llseek", "fstat", "fstat64", "fstatfs", "fchmod", "fchown",
            "shutdown", "fadvise64", "readahead", "ftruncate", "ftruncate64", "fallocate");
    /** The numbers of all ABIs end below. */
    private static final int LIMIT = 1024;

    private final BlockReason reasons;
    private final WaitEnds waits;
    private final BitSet brief = new BitSet(LIMIT);

    CallWaits(BlockReason reasons, WaitEnds waits, IntFunction<String> syscalls) {
        this.reasons = reasons;
        this.waits = waits;
        for (int number = 0; number < LIMIT; number++) {
            brief.set(number, BRIEF.contains(syscalls.apply(number)));
        }
    }

    /** {@code thread} has entered {@link TimeLine#call}. */
    void enter(TimeLine<?> thread, long nowNs) {
        if (thread.state().blocked()) {
            waits.cutShort(thread, nowNs);
        }
        begin(thread, nowNs);
    }

    /** {@code thread} has begun to wait in its call, for the child that it has made by vfork(2). */
    void waitsFromNowOn(TimeLine<?> thread, long nowNs) {
        if (!thread.state().blocked()) {
            begin(thread, nowNs);
        }
    }

    /** {@code thread} was found in {@link TimeLine#call}, and no event of it was seen before. */
    void atAttach(TimeLine<?> thread) {
        begin(thread, thread.toldNs());
    }

    private void begin(TimeLine<?> thread, long nowNs) {
        ThreadState state = reasons.state(thread.call, INTERRUPTIBLE, reasons.kind(thread.call, INTERRUPTIBLE));
        if ((state == ThreadState.IPC || state == ThreadState.SLEEP) && !isBrief(thread.call.number)) {
            state = thread.wait.begin(reasons, thread.call, INTERRUPTIBLE, nowNs);
        } else {
            state = ThreadState.UNKNOWN;
        }
        thread.step(state, nowNs);
    }

    private boolean isBrief(int number) {
        return number >= 0 && brief.get(number);
    }

    /** {@code thread} leaves a call; the stamps of {@code event} tell who ended its wait. */
    void exit(TimeLine<?> thread, TraceEvent event) {
        if (thread.state().blocked()) {
            if (event.result != -Uapi.EAGAIN()) {
                waits.woken(thread, event);
            } else if (thread.wait.startNs >= thread.toldNs()) {
                thread.takeBack();
            } else {
                // An interval has shown it as a wait that goes on: its time stays where it is.
                waits.cutShort(thread, event.timeNs);
            }
        }
        thread.step(ThreadState.UNKNOWN, event.timeNs);
    }
}
