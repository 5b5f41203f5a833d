package ktrace.intervals;

import java.util.function.IntFunction;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * What a thread waits for, told from the state it was switched out with and from the call it is in. Stateless after construction;
 * allocates nothing.
 *
 * <p>Waits for others sleep interruptibly (S), so that a signal ends them; within such a call an uninterruptible sleep (D) is
 * something else: a page of the caller's that is not there, a lock inside the kernel. Calls on a file descriptor are the
 * exception: whatever happens inside a read of a pipe is put to that pipe, mostly its own mutex, which sleeps in D.
 */
final class BlockReason {
    /** TASK_UNINTERRUPTIBLE as {@code prev_state} has it (include/linux/sched.h). */
    static final long UNINTERRUPTIBLE = 2;
    /** __TASK_STOPPED and __TASK_TRACED: a signal or a debugger stopped it, whatever call it is in. */
    private static final long STOPPED = 4 | 8;

    /** The numbers of all ABIs end below. */
    private static final int LIMIT = 1024;

    // linux/futex.h
    private static final int FUTEX_CMD_MASK = 0x7f;
    private static final long FUTEX_WAITS = 1L << 0 | 1L << 6 | 1L << 9 | 1L << 11 | 1L << 13;
    // fcntl(2): F_SETLKW and F_OFD_SETLKW; F_SETLKW64 of 32-bit programs
    private static final int F_SETLKW = 7;
    private static final int F_SETLKW64 = 14;
    private static final int F_OFD_SETLKW = 38;

    private final WaitClass[] classes;

    BlockReason(IntFunction<String> syscallNames) {
        classes = WaitClass.byNumber(syscallNames, LIMIT);
    }

    WaitClass classOf(int number) {
        return number >= 0 && number < LIMIT ? classes[number] : WaitClass.NONE;
    }

    /** The reason alone, which {@link #kind} cannot tell for a page fault. */
    ThreadState state(CallInFlight call, long prevState, ObjectKind kind) {
        return call.where == CallInFlight.Where.OUTSIDE && prevState == UNINTERRUPTIBLE
                ? ThreadState.PAGEFAULT : ThreadState.waitingFor(kind);
    }

    /** What kind of thing the thread waits for. */
    ObjectKind kind(CallInFlight call, long prevState) {
        if (!call.inside() || (prevState & STOPPED) != 0) {
            return ObjectKind.OTHER;
        }
        WaitClass c = classOf(call.number);
        return c == WaitClass.RESTART
                ? kind(classOf(call.interrupted), call, call.interruptedArg0, call.interruptedArg1, prevState)
                : kind(c, call, call.arg0, call.arg1, prevState);
    }

    private static ObjectKind kind(WaitClass c, CallInFlight call, long arg0, long arg1, long prevState) {
        boolean uninterruptible = prevState == UNINTERRUPTIBLE;
        return switch (c) {
            case FD -> ofDescriptor(call.object, uninterruptible);
            case IOCTL -> call.object != null && call.object.kind() == ObjectKind.TTY ? ObjectKind.TTY : ObjectKind.OTHER;
            case PATH -> ofPath(call.object, uninterruptible);
            case MSYNC, AIO -> ObjectKind.DISK;
            case CLONE -> call.vfork ? ObjectKind.CHILD : ObjectKind.OTHER;
            case FCNTL -> fcntl((int) arg1, uninterruptible);
            default -> uninterruptible ? ObjectKind.OTHER : interruptible(c, arg0, arg1);
        };
    }

    private static ObjectKind interruptible(WaitClass c, long arg0, long arg1) {
        return switch (c) {
            case POLL -> (int) arg1 == 0 ? ObjectKind.SLEEP : ObjectKind.POLL;
            case SELECT -> (int) arg0 == 0 ? ObjectKind.SLEEP : ObjectKind.POLL;
            case EPOLL -> ObjectKind.POLL;
            case FUTEX -> (FUTEX_WAITS >>> (arg1 & FUTEX_CMD_MASK) & 1) != 0 ? ObjectKind.FUTEX : ObjectKind.OTHER;
            case FUTEX_WAIT -> ObjectKind.FUTEX;
            case SYSVMSG -> ObjectKind.SYSVMSG;
            case SYSVSEM -> ObjectKind.SYSVSEM;
            case MQUEUE -> ObjectKind.MQUEUE;
            case CHILD -> ObjectKind.CHILD;
            case SIGNAL -> ObjectKind.SIGNAL;
            case FLOCK -> ObjectKind.FILELOCK;
            case SLEEP -> ObjectKind.SLEEP;
            default -> ObjectKind.OTHER;
        };
    }

    /** Of a descriptor that is not known, only an uninterruptible sleep tells something: nearly all that sleep so are files. */
    private static ObjectKind ofDescriptor(KernelObject object, boolean uninterruptible) {
        if (object != null) {
            return object.kind();
        }
        return uninterruptible ? ObjectKind.DISK : ObjectKind.OTHER;
    }

    /** An open that sleeps interruptibly waits for the other end of a FIFO, or for a terminal, or who knows. */
    private static ObjectKind ofPath(KernelObject object, boolean uninterruptible) {
        if (uninterruptible) {
            return ObjectKind.DISK;
        }
        return object != null && object.kind().ipc() ? object.kind() : ObjectKind.OTHER;
    }

    private static ObjectKind fcntl(int command, boolean uninterruptible) {
        if (!uninterruptible && (command == F_SETLKW || command == F_SETLKW64 || command == F_OFD_SETLKW)) {
            return ObjectKind.FILELOCK;
        }
        return ObjectKind.OTHER;
    }
}
