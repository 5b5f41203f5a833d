package ktrace.system.family;

import ktrace.system.Machine;
import ktrace.system.ProcessEntry;
import ktrace.system.ThreadEntry;
import ktrace.system.objects.TrackedObject;

/**
 * What a poller may wait for, to be looked up. A socket that is only polled at first has not been used, so nobody knows its address: yet
 * that is what the sender who ends the wait is known by. The members of a set may lie in the program's memory unread, so all descriptors
 * are looked at, to a bound.
 */
final class PollMembers {
    /** So many are looked through each time that a poller blocks: a bound on what that costs. */
    private static final int TO_NAME = 64;
    /** And so many are asked for while an event waits. */
    private static final int TO_ASK = 4;

    private PollMembers() {
    }

    /** A poller of {@code process} blocks. */
    static void name(Machine machine, ProcessEntry process, long nowNs) {
        int limit = Math.min(process.fds.limit(), TO_NAME);
        for (int fd = 0; fd < limit; fd++) {
            if (isUnnamed(process.fds.get(fd))) {
                machine.named(process, fd, nowNs);
            }
        }
    }

    /**
     * A poller of {@code process} is woken, and that waits for the answer: {@code waker}, which is null when it is in no call, is at
     * work on something whose other end nobody is known to hold, and that may be one of those that nobody knows yet.
     */
    static void askNow(Machine machine, ProcessEntry process, ThreadEntry waker, long nowNs) {
        if (waker == null || isHeldAtOtherEnd(waker.canonicalObject())) {
            return;
        }
        int asked = 0;
        int limit = Math.min(process.fds.limit(), TO_NAME);
        for (int fd = 0; fd < limit && asked < TO_ASK; fd++) {
            TrackedObject object = process.fds.get(fd);
            if (isUnnamed(object) && !object.isStandIn()) {
                machine.askNow(process, fd, object, nowNs);
                asked++;
            }
        }
    }

    private static boolean isUnnamed(TrackedObject object) {
        return object != null && !object.canonical().named && object.kind().ipc();
    }

    private static boolean isHeldAtOtherEnd(TrackedObject object) {
        TrackedObject end = object == null ? null : object.otherEnd();
        return end != null && end.holdingCount() > 0;
    }
}
