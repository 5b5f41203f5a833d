package ktrace.system.family.futexes;

import ktrace.system.Machine;
import ktrace.system.ThreadEntry;

/** futex_wait(2) of 6.7: address, value, mask, flags. */
class Wait2 extends AtAWord {
    @Override
    final boolean isPrivate(ThreadEntry thread) {
        return (thread.args[3] & PRIVATE_FLAG) != 0;
    }

    @Override
    public final void enter(Machine machine, ThreadEntry thread, long nowNs) {
        thread.object = machine.words().find(thread.process, thread.args[0], isPrivate(thread), waits(thread));
    }

    @Override
    boolean waits(ThreadEntry thread) {
        return true;
    }

    @Override
    boolean wakes(ThreadEntry thread) {
        return false;
    }

    @Override
    final int expected(ThreadEntry waiter) {
        return (int) waiter.args[1];
    }

    @Override
    boolean joins(ThreadEntry waiter, int tid) {
        return false;
    }
}
