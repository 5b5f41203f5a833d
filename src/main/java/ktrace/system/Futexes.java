package ktrace.system;

import ktrace.event.Fact;
import ktrace.system.SyscallRoles.Call;

/**
 * What a call means by its addresses (futex(2)): the futexes it works on, and whether it waits there or wakes.
 *
 * <p>Used on the tracker's thread; allocates for futexes that nobody has waited for lately.
 */
final class Futexes {
    private static final int COMMAND_MASK = 0x7f;
    private static final int PRIVATE_FLAG = 0x80;
    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int REQUEUE = 3;
    private static final int CMP_REQUEUE = 4;
    private static final int WAKE_OP = 5;
    private static final int LOCK_PI = 6;
    private static final int UNLOCK_PI = 7;
    private static final int WAIT_BITSET = 9;
    private static final int WAKE_BITSET = 10;
    private static final int WAIT_REQUEUE_PI = 11;
    private static final int CMP_REQUEUE_PI = 12;
    private static final int LOCK_PI2 = 13;

    private final SyscallRoles roles;
    private final FutexWords words;

    Futexes(SyscallRoles roles, FutexWords words) {
        this.roles = roles;
        this.words = words;
    }

    /** futex(2): the word, and the second word of the commands that have one. */
    void find(ThreadEntry thread) {
        long[] args = thread.args;
        int command = (int) args[1] & COMMAND_MASK;
        // A bare FUTEX_WAIT may be pthread_join's: a shared operation on memory that is not.
        boolean isPrivate = (args[1] & PRIVATE_FLAG) != 0;
        boolean waits = waits(thread);
        thread.object = words.find(thread.process, args[0], isPrivate, waits);
        thread.secondObject = switch (command) {
            case WAIT_REQUEUE_PI -> words.find(thread.process, args[4], isPrivate, true);
            case REQUEUE, CMP_REQUEUE, CMP_REQUEUE_PI -> words.find(thread.process, args[4], isPrivate, thread.object != null);
            case WAKE_OP -> words.find(thread.process, args[4], isPrivate, false);
            default -> null;
        };
    }

    /** futex_wait and futex_wake of 6.7: (address, value or mask, mask or count, flags). */
    void find2(ThreadEntry thread) {
        thread.object = words.find(thread.process, thread.args[0], (thread.args[3] & PRIVATE_FLAG) != 0,
                roles.is(thread.number, Call.FUTEX_WAIT));
    }

    /** Whether the call in flight waits until somebody else calls. */
    boolean waits(ThreadEntry thread) {
        return switch ((int) thread.args[1] & COMMAND_MASK) {
            case WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2 -> true;
            default -> false;
        };
    }

    /** Whether the call in flight lets others on. */
    boolean wakes(ThreadEntry thread) {
        if (thread.role.target() == SyscallRole.Target.FUTEX2) {
            return !roles.is(thread.number, Call.FUTEX_WAIT);
        }
        return switch ((int) thread.args[1] & COMMAND_MASK) {
            case WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, UNLOCK_PI, WAKE_BITSET, CMP_REQUEUE_PI -> true;
            default -> false;
        };
    }

    /** Some waiters of the first word wait for the second now. */
    void requeue(ThreadEntry thread) {
        int command = (int) thread.args[1] & COMMAND_MASK;
        if ((command == REQUEUE || command == CMP_REQUEUE || command == CMP_REQUEUE_PI)
                && thread.object != null && thread.secondObject != null) {
            thread.object.canonical().requeue(thread.secondObject);
        }
    }

    /** Whether the thread waits for the end of another one, as pthread_join does: the kernel wakes it at CLONE_CHILD_CLEARTID. */
    boolean joins(ThreadEntry waiter, int tid) {
        return !roles.is(waiter.number, Call.FUTEX_WAIT) && (int) waiter.args[2] == tid;
    }

    /** Asks for what the word of the call in flight lies in, if that is not known. */
    void askNow(ThreadEntry thread) {
        if ((thread.args[thread.role.target() == SyscallRole.Target.FUTEX2 ? 3 : 1] & PRIVATE_FLAG) == 0) {
            words.askNow(thread.process, thread.args[0]);
        }
    }

    /** The kernel told what is mapped where a word lies. */
    void answered(Fact.OfAddress fact) {
        words.answered(fact);
    }
}
