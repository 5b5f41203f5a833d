package ktrace.intervals;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.Peer;

/** The system call that one thread is in, as far as that is known. One thread writes; allocates nothing after construction. */
final class CallInFlight {
    /** What the kernel returns for a call that restart_syscall(2) is to go on with (include/linux/errno.h). */
    private static final int ERESTART_RESTARTBLOCK = 516;

    enum Where {
        /** None of its calls was seen yet. */
        UNKNOWN,
        /** Events were lost since. */
        LOST,
        /** In user space. */
        OUTSIDE,
        /** In the call {@link #number}. */
        INSIDE
    }

    Where where = Where.UNKNOWN;
    int number;
    long enterNs;
    long arg0;
    long arg1;
    /** What the call works on, or null. */
    KernelObject object;
    List<Peer> peers = List.of();
    /** The entry was before the trace: when the call began is not known. */
    boolean atAttach;
    /** The call made a child with CLONE_VFORK, and waits for it to exec or exit. */
    boolean vfork;

    /** The call that was interrupted, for {@code restart_syscall} to go on with; -1 when there is none. */
    int interrupted = -1;
    long interruptedArg0;
    long interruptedArg1;

    boolean inside() {
        return where == Where.INSIDE;
    }

    void enter(int nr, long nowNs, long a0, long a1) {
        where = Where.INSIDE;
        number = nr;
        enterNs = nowNs;
        arg0 = a0;
        arg1 = a1;
        atAttach = false;
        vfork = false;
    }

    /** Written only when it changes: a reference costs a barrier, and most calls in a row work on the same object. */
    void on(KernelObject workedOn, List<Peer> otherEnds) {
        if (object != workedOn) {
            object = workedOn;
        }
        if (peers != otherEnds) {
            peers = otherEnds;
        }
    }

    void leave() {
        where = Where.OUTSIDE;
    }

    /** Keeps what restart_syscall will go on with, when that is what the kernel asked for. */
    void interrupted(long result) {
        if (result == -ERESTART_RESTARTBLOCK) {
            interrupted = number;
            interruptedArg0 = arg0;
            interruptedArg1 = arg1;
        }
    }

    void forget() {
        where = where == Where.UNKNOWN ? Where.UNKNOWN : Where.LOST;
        object = null;
        peers = List.of();
    }

    /** Another thread's call goes on in this one: an exec by a thread that was not the leader. */
    void takeOver(CallInFlight from) {
        where = from.where;
        number = from.number;
        enterNs = from.enterNs;
        atAttach = from.atAttach;
        vfork = false;
        on(null, List.of());
    }
}
