package ktrace.system.family.futexes;

import ktrace.event.ObjectKind;
import ktrace.facts.Question;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.objects.TrackedObject;
import ktrace.system.WakeUp;

/** What is common to the calls that wait at a word or wake there. */
abstract class AtAWord extends SystemCall {
    static final int PRIVATE_FLAG = 0x80;
    /** FUTEX_TID_MASK. */
    private static final int TID_MASK = 0x3fffffff;
    /** FUTEX_WAITERS: only a word has it that has the number of its owner. */
    private static final int WAITERS = 0x80000000;
    /** What glibc, and others after its model, have in the word of a mutex that somebody waits for. */
    private static final int CONTENDED = 2;

    /** Whether the word is known by the address alone. */
    abstract boolean isPrivate(ThreadEntry thread);

    @Override
    public final void ask(Machine machine, ThreadEntry thread, long nowNs) {
        if (!isPrivate(thread)) {
            machine.words().askNow(thread.process, thread.args[0]);
        }
    }

    /** Whoever waits there may have begun to when the waker was in its call already. */
    @Override
    public final void settle(Machine machine, ThreadEntry thread, long nowNs) {
        if (thread.object == null) {
            enter(machine, thread, nowNs);
        }
    }

    /** Whether the call, as it was made, waits until somebody else calls. */
    abstract boolean waits(ThreadEntry thread);

    /** Whether it lets others on. */
    abstract boolean wakes(ThreadEntry thread);

    /** The value that the word has for whoever waits there. */
    abstract int expected(ThreadEntry waiter);

    /** Whether it lets on none but who waits at its first word. */
    boolean wakesAtOne(ThreadEntry thread) {
        return true;
    }

    /**
     * Whether it waits for the end of thread {@code tid}, as pthread_join does: the kernel wakes it at CLONE_CHILD_CLEARTID.
     */
    abstract boolean joins(ThreadEntry waiter, int tid);

    @Override
    public final ObjectKind waitsFor(ThreadEntry thread) {
        return waits(thread) ? ObjectKind.FUTEX : ObjectKind.OTHER;
    }

    @Override
    public final boolean confirms(WakeUp wakeUp) {
        ThreadEntry waker = wakeUp.waker();
        ThreadEntry waiter = wakeUp.waiter();
        TrackedObject futex = waiter.canonicalObject();
        if (futex == null) {
            return false;
        }
        if (waker.ends()) {
            return isJoined(waiter, waker) || waker.isExiting() && isLetGo(waiter, waker);
        }
        if (isAt(waker, futex)) {
            return true;
        }
        TrackedObject moved = futex.requeuedTo == null ? waiter.secondObject : futex.requeuedTo;
        return moved != null && isAt(waker, moved.canonical()) && wakeUp.endedBy(moved.canonical());
    }

    private boolean isJoined(ThreadEntry waiter, ThreadEntry waker) {
        return waker.process == waiter.process && joins(waiter, waker.tid);
    }

    /**
     * Who ends with a robust mutex wakes who waits for it, get_robust_list(2). The word has the number of its owner, and who
     * waits there says so; it may have been locked without a call.
     */
    private boolean isLetGo(ThreadEntry waiter, ThreadEntry waker) {
        return (waker.process == waiter.process || !isPrivate(waiter)) && (expected(waiter) & TID_MASK) == waker.tid;
    }

    private static boolean isAt(ThreadEntry waker, TrackedObject futex) {
        return waker.canonicalObject() == futex || waker.secondObject != null && waker.secondObject.canonical() == futex;
    }

    @Override
    public final Question asksHolder(ThreadEntry thread, long sinceNs) {
        boolean namesOwner = namesOwner(thread) || (expected(thread) & WAITERS) != 0;
        return !waits(thread) || !namesOwner && expected(thread) != CONTENDED ? null : new Question.OfMutex(thread.tid,
                thread.process.tgid, sinceNs, thread.args[0], isPrivate(thread), namesOwner);
    }

    /** Whether the word has the number of its owner, for the kernel to lend it the priority of who waits. */
    boolean namesOwner(ThreadEntry waiter) {
        return false;
    }

    @Override
    public final boolean isAwaiting(ThreadEntry thread) {
        return waits(thread);
    }

    /** A call that waits itself, as a second FUTEX_WAIT, ends no other's wait. */
    @Override
    public final boolean letsOn(WakeUp wakeUp) {
        ThreadEntry waker = wakeUp.waker();
        return waker.ends() ? isJoined(wakeUp.waiter(), waker)
                : waker.call() instanceof AtAWord other && other.wakes(waker) && confirms(wakeUp);
    }

    @Override
    public final Acts acts() {
        return Acts.AT_ONCE;
    }
}
