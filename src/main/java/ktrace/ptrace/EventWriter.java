package ktrace.ptrace;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;

/**
 * Puts what the tracer sees into the queue. When the queue is full the tracer waits, and with it the traced threads: nothing is
 * lost. Tracer's thread; allocates nothing.
 */
final class EventWriter {
    private static final long FULL_NS = 50_000;

    private final EventQueue queue;
    private final TraceCounters counters;
    private final BooleanSupplier stopping;
    private final Runnable urge;

    /**
     * @param stopping whether the poller reads no more
     * @param urge run when the queue had better be read soon
     */
    EventWriter(EventQueue queue, TraceCounters counters, BooleanSupplier stopping, Runnable urge) {
        this.queue = queue;
        this.counters = counters;
        this.stopping = stopping;
        this.urge = urge;
    }

    /** @param arguments six of them */
    void entered(Tracee tracee, int number, long[] arguments, String text) {
        TraceEvent slot = begin(EventType.SYS_ENTER, tracee);
        if (slot != null) {
            slot.number = number;
            slot.arg0 = arguments[0];
            slot.arg1 = arguments[1];
            slot.arg2 = arguments[2];
            slot.arg3 = arguments[3];
            slot.arg4 = arguments[4];
            slot.arg5 = arguments[5];
            slot.payload = text;
            end();
        }
    }

    /** It is in a call that it was in when the trace began. Allocates: once for each thread. */
    void found(Tracee tracee, int number, long[] arguments) {
        TraceEvent slot = begin(EventType.THREAD_STATE, tracee);
        if (slot != null) {
            slot.arg0 = arguments[0];
            slot.arg1 = arguments[1];
            slot.payload = new ThreadSnapshot(tracee.tid, tracee.tgid, Comm.text(tracee.comm0, tracee.comm1), 'S', number,
                    arguments.clone());
            end();
        }
    }

    void left(Tracee tracee, int number, long result, String text) {
        TraceEvent slot = begin(EventType.SYS_EXIT, tracee);
        if (slot != null) {
            slot.number = number;
            slot.result = result;
            slot.payload = text;
            end();
        }
    }

    void born(Tracee parent, Tracee child, long cloneFlags) {
        TraceEvent slot = begin(EventType.TASK_NEWTASK, parent);
        if (slot != null) {
            slot.otherTid = child.tid;
            slot.number = cloneFlags;
            slot.comm0 = child.comm0;
            slot.comm1 = child.comm1;
            end();
        }
    }

    void renamed(Tracee tracee, long oldComm0, long oldComm1) {
        TraceEvent slot = begin(EventType.TASK_RENAME, tracee);
        if (slot != null) {
            slot.comm0 = tracee.comm0;
            slot.comm1 = tracee.comm1;
            slot.arg0 = oldComm0;
            slot.arg1 = oldComm1;
            end();
        }
    }

    void execed(Tracee tracee, int tidBefore, String path) {
        TraceEvent slot = begin(EventType.SCHED_PROCESS_EXEC, tracee);
        if (slot != null) {
            slot.otherTid = tidBefore;
            slot.payload = path;
            end();
        }
    }

    /** @param signal 0 when the text tells of a stop */
    void signalled(Tracee tracee, int signal, String text) {
        TraceEvent slot = begin(EventType.SIGNAL_DELIVER, tracee);
        if (slot != null) {
            slot.number = signal;
            slot.payload = text;
            end();
        }
    }

    /** @param waitStatus null when it is not known */
    void exited(Tracee tracee, Integer waitStatus) {
        TraceEvent slot = begin(EventType.SCHED_PROCESS_EXIT, tracee);
        if (slot != null) {
            slot.comm0 = tracee.comm0;
            slot.comm1 = tracee.comm1;
            slot.arg0 = 0;
            slot.arg1 = 0;
            slot.payload = waitStatus;
            end();
        }
    }

    /** Null when the trace is at its end and nobody makes room any more. */
    private TraceEvent begin(EventType type, Tracee tracee) {
        TraceEvent slot = queue.claim();
        while (slot == null) {
            if (stopping.getAsBoolean()) {
                counters.increment(TraceCounter.LOST_EVENTS);
                counters.increment(TraceCounter.LOST_AT_END);
                return null;
            }
            urge.run();
            LockSupport.parkNanos(FULL_NS);
            slot = queue.claim();
        }
        slot.type = type;
        slot.timeNs = System.nanoTime();
        slot.cpu = 0;
        slot.tid = tracee.tid;
        slot.tgid = tracee.tgid;
        slot.contextFlags = 0;
        slot.payload = null;
        return slot;
    }

    private void end() {
        if (queue.publish()) {
            urge.run();
        }
    }
}
