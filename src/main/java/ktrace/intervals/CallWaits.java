package ktrace.intervals;

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
    private final WaitEnds waits;

    CallWaits(WaitEnds waits) {
        this.waits = waits;
    }

    /** {@code thread} has entered a call. */
    void enter(TimeLine<?> thread, TraceEvent event) {
        if (thread.state().blocked()) {
            waits.cutShort(thread, event.timeNs);
        }
        thread.step(event.waitsFor == null ? ThreadState.UNKNOWN : thread.wait.begin(event, event.timeNs), event.timeNs);
    }

    /** {@code thread} has begun to wait in its call, for the child that it has made by vfork(2). */
    void waitsFromNowOn(TimeLine<?> thread, TraceEvent event) {
        if (!thread.state().blocked()) {
            thread.step(thread.wait.begin(event, event.timeNs), event.timeNs);
        }
    }

    /** It is known only now that {@code thread} waits in its call: it has done so since, as far as nothing else was told. */
    void hasWaited(TimeLine<?> thread, TraceEvent event) {
        if (!thread.state().blocked()) {
            thread.step(thread.wait.begin(event, thread.toldNs()), thread.toldNs());
        }
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
