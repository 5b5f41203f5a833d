package ktrace.system.family.futexes;

import ktrace.linux.Errno;
import ktrace.system.FutexWords;
import ktrace.system.Machine;
import ktrace.system.ThreadEntry;

/** futex(2): the word, and the second word of the commands that have one. */
final class Operation extends AtAWord {
    private static final int COMMAND_MASK = 0x7f;
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

    private static int command(ThreadEntry thread) {
        return (int) thread.args[1] & COMMAND_MASK;
    }

    /** A bare FUTEX_WAIT may be pthread_join's: a shared operation on memory that is not. */
    @Override
    boolean isPrivate(ThreadEntry thread) {
        return (thread.args[1] & PRIVATE_FLAG) != 0;
    }

    @Override
    public void enter(Machine machine, ThreadEntry thread, long nowNs) {
        boolean isPrivate = isPrivate(thread);
        FutexWords words = machine.words();
        thread.object = words.find(thread.process, thread.args[0], isPrivate, waits(thread));
        thread.secondObject = switch (command(thread)) {
            case WAIT_REQUEUE_PI -> words.find(thread.process, thread.args[4], isPrivate, true);
            case REQUEUE, CMP_REQUEUE, CMP_REQUEUE_PI ->
                    words.find(thread.process, thread.args[4], isPrivate, thread.object != null);
            case WAKE_OP -> words.find(thread.process, thread.args[4], isPrivate, false);
            default -> null;
        };
    }

    @Override
    boolean waits(ThreadEntry thread) {
        return switch (command(thread)) {
            case WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2 -> true;
            default -> false;
        };
    }

    @Override
    boolean namesOwner(ThreadEntry waiter) {
        int command = command(waiter);
        return command == LOCK_PI || command == LOCK_PI2;
    }

    @Override
    boolean wakes(ThreadEntry thread) {
        return switch (command(thread)) {
            case WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, UNLOCK_PI, WAKE_BITSET, CMP_REQUEUE_PI -> true;
            default -> false;
        };
    }

    @Override
    int expected(ThreadEntry waiter) {
        return (int) waiter.args[2];
    }

    @Override
    boolean wakesAtOne(ThreadEntry thread) {
        return command(thread) != WAKE_OP;
    }

    @Override
    boolean joins(ThreadEntry waiter, int tid) {
        return (int) waiter.args[2] == tid;
    }

    /** Some waiters of the first word wait for the second now. */
    @Override
    public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
        int command = command(thread);
        if (result >= 0 && (command == REQUEUE || command == CMP_REQUEUE || command == CMP_REQUEUE_PI)
                && thread.object != null && thread.secondObject != null) {
            thread.object.canonical().requeue(thread.secondObject);
        }
    }

    /** FUTEX_WAKE and its like tell how many they woke; FUTEX_UNLOCK_PI gives 0 when it succeeded. */
    @Override
    public boolean didNothing(ThreadEntry thread, long result) {
        return Errno.isError(result) || result == 0 && command(thread) != UNLOCK_PI;
    }
}
