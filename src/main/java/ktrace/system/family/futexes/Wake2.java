package ktrace.system.family.futexes;

import ktrace.system.ThreadEntry;

/** futex_wake(2) of 6.7: address, mask, how many, flags. */
final class Wake2 extends Wait2 {
    @Override
    boolean waits(ThreadEntry thread) {
        return false;
    }

    @Override
    boolean wakes(ThreadEntry thread) {
        return true;
    }

    @Override
    public boolean didNothing(ThreadEntry thread, long result) {
        return result <= 0;
    }
}
