package ktrace.system;

import ktrace.event.Evidence;
import ktrace.event.TraceEvent;
import ktrace.linux.Errno;
import ktrace.system.SyscallRole.Way;

/**
 * Who ended a wait, where no scheduler is seen: another traced thread whose call on the other end of the object goes the
 * other way, and began or ended within the wait. A reader is let on by a writer, a writer by a reader; nothing else is concluded.
 *
 * <pre>
 *   reader  ├── read(pipe) ──────────────┤ = 4096      evidence object, by the writer
 *   writer               ├─ write(pipe) ─┼──┤          that is at it still, or was within the wait
 * </pre>
 *
 * <p>Used on the tracker's thread. Allocates once for each object and way.
 */
final class Touches {
    /** The last call on an object that went one way. */
    static final class Touch {
        private ThreadEntry thread;
        private boolean goesOn;
        private long beganNs;
        private long endedNs;

        /** One that was at it all the time, as a reader is while others write, did nothing that ends this wait. */
        private boolean isWithin(ThreadEntry waiter) {
            return thread != waiter && (goesOn ? thread.inSyscall() && beganNs >= waiter.enteredNs : endedNs >= waiter.enteredNs);
        }
    }

    /** {@code thread} has entered its call. */
    void begin(ThreadEntry thread) {
        TrackedObject object = object(thread);
        if (object == null) {
            return;
        }
        if (thread.role.way() != Way.READ) {
            object.written = touch(object.written, thread);
        }
        if (thread.role.way() != Way.WRITE) {
            object.taken = touch(object.taken, thread);
        }
    }

    private static Touch touch(Touch known, ThreadEntry thread) {
        Touch touch = known == null ? new Touch() : known;
        touch.thread = thread;
        touch.goesOn = true;
        touch.beganNs = thread.enteredNs;
        return touch;
    }

    /** {@code thread} leaves its call: stamps who let it on, if that was seen. */
    void end(ThreadEntry thread, TraceEvent event) {
        TrackedObject object = object(thread);
        if (object == null) {
            return;
        }
        if (!Errno.isError(event.result)) {
            TrackedObject end = object.other == null ? object : object.other.canonical();
            stamp(thread, thread.role.way() == Way.WRITE ? end.taken : end.written, event);
        }
        ended(object.written, thread, event);
        ended(object.taken, thread, event);
    }

    private static void stamp(ThreadEntry waiter, Touch touch, TraceEvent event) {
        if (touch == null) {
            return;
        }
        // A reader that was at it before the writer came had emptied it: there was room.
        boolean ended = waiter.role.way() == Way.WRITE ? touch.thread != waiter && touch.beganNs >= waiter.enteredNs
                : touch.isWithin(waiter);
        if (ended) {
            event.evidence = Evidence.OBJECT;
            event.waker = touch.thread.waker();
        }
    }

    /** A call that failed let nobody on. */
    private static void ended(Touch touch, ThreadEntry thread, TraceEvent event) {
        if (touch != null && touch.thread == thread && touch.goesOn) {
            touch.goesOn = false;
            touch.endedNs = Errno.isError(event.result) ? Long.MIN_VALUE : event.timeNs;
        }
    }

    /** What the call takes data from or puts data into; null for other calls, and where that is not known. */
    private static TrackedObject object(ThreadEntry thread) {
        if (thread.role.target() != SyscallRole.Target.FD || thread.object == null || thread.object.isStandIn()
                || !thread.object.kind().ipc()) {
            return null;
        }
        return thread.object.canonical();
    }
}
