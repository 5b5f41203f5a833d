package ktrace.event;

/**
 * The one slot that travels the ring: allocated once for each place of the ring, then overwritten for every event.
 *
 * <p>The first group is written by the collector, the second (the stamps) by the system tracker. Stages after the tracker read
 * both and write neither. Nobody keeps a reference to a slot beyond the call that hands it over. What a field means for a type
 * of event is the table in {@link EventType}; fields a type does not name hold what an earlier event left there.
 */
public final class TraceEvent {
    /** Bits of {@code common_flags} in every tracepoint record (include/linux/trace_events.h, {@code enum trace_flag_type}). */
    public static final int FLAG_HARD_INTERRUPT = 0x08;
    public static final int FLAG_SOFT_INTERRUPT = 0x10;

    /** An exiting thread leaves others of its process behind that have not begun to exit. */
    public static final int OTHERS_LIVE = 1;
    /** All other threads of the exiting thread's process have begun to exit before. */
    public static final int LAST_OF_PROCESS = 2;

    /** What a thread waits for that sleeps uninterruptibly outside all system calls. */
    public static final KernelObject PAGE_FAULT = new KernelObject(ObjectKind.OTHER, "(page fault)", 0);
    /** What a thread waits for of which nobody knows whether it is in a call. */
    public static final KernelObject UNKNOWN_PLACE = new KernelObject(ObjectKind.OTHER, "unknown", 0);
    /** {@link #call} when there is none, or it is not known. */
    public static final int NO_CALL = -1;
    /** A time that is not known. */
    public static final long UNKNOWN_NS = Long.MIN_VALUE;

    /** What a thread may expect that waits for others: whether anything is to come at all. */
    public enum Expects {
        /** Others are to act: a request has been sent and not been answered, or somebody is to take what there is no room for. */
        ANSWER,
        /** Work, which nobody has handed over: a connection, or a request by whoever is at the other end. */
        WORK,
        /** One of several things, and no answer to a request is among them. */
        ANYTHING,
        /** The same, or what does not tell by itself; but it has taken a request that it has not answered. */
        OWING,
        /** That is not known, or the question makes no sense. */
        UNKNOWN
    }

    // -- from the collector ------------------------------------------------------------------------------------------------
    public EventType type = EventType.END;
    /** Nanoseconds on CLOCK_MONOTONIC; never smaller than that of the event before. */
    public long timeNs;
    public int cpu;
    /** The thread in whose context the event was recorded; 0 is the idle task. */
    public int tid;
    /** The thread group of {@link #tid} as the kernel gave it with the record, or -1 when it gave none. */
    public int tgid;
    /** {@code common_flags}: tells task context from {@link #FLAG_HARD_INTERRUPT} and {@link #FLAG_SOFT_INTERRUPT}. */
    public int contextFlags;
    public int otherTid;
    public long number;
    public long arg0;
    public long arg1;
    public long arg2;
    public long arg3;
    public long arg4;
    public long arg5;
    public long result;
    /** Sixteen bytes of comm, in memory order, little end first; see {@link Comm}. */
    public long comm0;
    public long comm1;
    /** What does not fit into numbers; only on rare events, null on all others. */
    public Object payload;

    // -- stamped by the system tracker -------------------------------------------------------------------------------------
    /**
     * The thread that the event is about, when it is observed, else null: the caller of a system call, the previous thread of a
     * switch, the woken, the moved, the new, the renamed, the exec'ing or exiting thread, the thread of a state.
     */
    public ThreadId thread;
    /**
     * The next thread of a switch, the parent of a new task, and, where exec by a thread that was not the leader gave it the
     * leader's number, the thread as it was before; when it is observed, else null.
     */
    public ThreadId otherThread;
    /**
     * Of the system call that the event is about the number: on SYS_ENTER the one that begins, on SYS_EXIT the one that returns,
     * {@link #NO_CALL} when its entry was not seen; with {@link #waitsFor} the one that the thread waits in, or {@link #NO_CALL}.
     * It differs from {@link #number} where the kernel forgets that, after rt_sigreturn(2): the result is then that of another
     * call.
     */
    public int call = NO_CALL;
    /**
     * On SYS_EXIT, and on SCHED_PROCESS_EXEC: when {@link #call}, which returns or goes on, was entered; {@link #UNKNOWN_NS} when
     * that was not seen, as of a call in flight at attach.
     */
    public long enteredNs = UNKNOWN_NS;
    /**
     * What the thread waits for from now on: on SCHED_SWITCH the previous thread, when it was switched out to wait; on the first
     * THREAD_STATE the thread that it finds waiting; where no scheduler is seen, on SYS_ENTER the caller of a call that waits for
     * somebody else or sleeps, and on TASK_NEWTASK the parent that waits for its child; on a FACT with {@link #thread} that one,
     * which already waits, and of which it was not known. On SCHED_WAKING: what the wait that ends turns out to have been for, by
     * what the waker did, with {@link #object}; on PAGE_FAULTED the same of the wait outside of calls that ended last. Else null: it
     * does not wait, or that is not known.
     */
    public ObjectKind waitsFor;
    /**
     * On SYS_ENTER, and on the first THREAD_STATE of a thread in a call: what the call works on (null: nothing, or not known). With
     * {@link #waitsFor}: what the call that the thread waits in works on, {@link #PAGE_FAULT} or {@link #UNKNOWN_PLACE}. On SCHED_WAKING of an
     * observed thread, and on SYS_EXIT where no scheduler is seen: what ended its wait, when that differs from or is more exact
     * than the object of its call (a member of its epoll set), else null.
     */
    public KernelObject object;
    /** With {@link #waitsFor}, but on SCHED_WAKING: what the thread may expect. */
    public Expects expects = Expects.UNKNOWN;
    /**
     * On SCHED_WAKING of an observed thread: the thread that woke it; on SYS_EXIT, where no scheduler is seen: the thread that let
     * the call return; null in interrupt context, or when it is not known. On a FACT that says so, with {@link #thread}: who holds what
     * that one waits for; {@link #evidence} is object where nobody else can let go of it.
     */
    public Waker waker;
    /** On SCHED_WAKING of an observed thread, and on SYS_EXIT where no scheduler is seen: how sure the waker is. */
    public Evidence evidence = Evidence.NONE;
    /** On SYS_EXIT, where the last wait in the call was ended in interrupt context, and the call's result tells what that came of. */
    public Evidence.Interrupt interrupt;
    /** With {@link #object}, and on SCHED_WAKING also without: who holds the other end of the object. */
    public java.util.List<Peer> peers = java.util.List.of();
    /**
     * On SCHED_WAKING: {@link #object} is a guess, for a waiter whose poll set cannot be read: it holds the other end of what the
     * waker works on. Its next call on that object confirms the guess; a call on another object takes it back.
     */
    public boolean objectToBeConfirmed;
    /**
     * On SYS_ENTER: what was guessed at the thread's last such SCHED_WAKING, when it is the object of this call, else null. Whether
     * two are the same is the tracker's to say, and at this event: it learns of it as the trace goes on.
     */
    public KernelObject confirmed;
    /**
     * On SYS_ENTER: the call is on a descriptor. What was guessed for the thread's last poll, and is not confirmed, is taken back.
     */
    public boolean onDescriptor;
    /** On SCHED_SWITCH: the control group whose quota binds the next thread, when it is observed and that is known; else null. */
    public KernelObject quotaOf;
    /** With {@link #quotaOf}: for how much of the time that the next thread was ready and did not run its group was held back. */
    public long heldBackNs;
    /** On SCHED_SWITCH: to which CPUs the next thread is bound, when it was ready, and may not run on all that there are; else null. */
    public KernelObject pinnedTo;
    /** With {@link #pinnedTo}: for how much of the time that it was ready one of the others idled. */
    public long idleElsewhereNs;
    /** On SCHED_SWITCH: for how much of the time that the next thread was ready the hypervisor kept its CPU from running. */
    public long stolenNs;

    /** No stage has looked at the event yet. */
    public void clearStamps() {
        thread = null;
        otherThread = null;
        object = null;
        waker = null;
        evidence = Evidence.NONE;
        interrupt = null;
        peers = java.util.List.of();
        objectToBeConfirmed = false;
        confirmed = null;
        onDescriptor = false;
        call = NO_CALL;
        enteredNs = UNKNOWN_NS;
        waitsFor = null;
        expects = Expects.UNKNOWN;
        quotaOf = null;
        heldBackNs = 0;
        pinnedTo = null;
        idleElsewhereNs = 0;
        stolenNs = 0;
    }

    /** Of a SYS_ENTER, from 0 to 5. */
    public long argument(int index) {
        return switch (index) {
            case 0 -> arg0;
            case 1 -> arg1;
            case 2 -> arg2;
            case 3 -> arg3;
            case 4 -> arg4;
            default -> arg5;
        };
    }

    /** True when the event was recorded while the CPU served a hard or soft interrupt, not on behalf of {@link #tid}. */
    public boolean inInterrupt() {
        return (contextFlags & (FLAG_HARD_INTERRUPT | FLAG_SOFT_INTERRUPT)) != 0;
    }

    /** What the network or a timer brings, which may be some time after it was sent; no hardware interrupt on top of that. */
    public boolean isInSoftInterrupt() {
        return (contextFlags & (FLAG_HARD_INTERRUPT | FLAG_SOFT_INTERRUPT)) == FLAG_SOFT_INTERRUPT;
    }

    /** Becomes an event of ktrace's own, in the context of no thread and on no CPU. */
    public void become(EventType ownType, long ownTimeNs, Object ownPayload) {
        type = ownType;
        timeNs = ownTimeNs;
        cpu = -1;
        tid = 0;
        tgid = -1;
        contextFlags = 0;
        payload = ownPayload;
    }

    /** Takes over all that the collector wrote in {@code from}; the stamps are left as they are for the tracker to write. */
    public void copyFrom(TraceEvent from) {
        type = from.type;
        timeNs = from.timeNs;
        cpu = from.cpu;
        tid = from.tid;
        tgid = from.tgid;
        contextFlags = from.contextFlags;
        otherTid = from.otherTid;
        number = from.number;
        arg0 = from.arg0;
        arg1 = from.arg1;
        arg2 = from.arg2;
        arg3 = from.arg3;
        arg4 = from.arg4;
        arg5 = from.arg5;
        result = from.result;
        comm0 = from.comm0;
        comm1 = from.comm1;
        payload = from.payload;
    }
}
