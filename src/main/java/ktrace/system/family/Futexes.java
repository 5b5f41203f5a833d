package ktrace.system.family;

import java.util.List;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.facts.Question;
import ktrace.linux.Errno;
import ktrace.system.Family;
import ktrace.system.FutexWords;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.objects.TrackedObject;
import ktrace.system.WaitWords;
import ktrace.system.WakeUp;
import ktrace.system.objects.Way;

/**
 * futex(2): mutexes, conditions, barriers, pthread_join. Who waits at a word waits for who wakes there; the futex that an address
 * means is known by process and address when it is private, and when it is shared by the place in the file that the address is
 * mapped to, which a second process may map elsewhere.
 */
final class Futexes implements Family {
    private static final int COMMAND_MASK = 0x7f;
    private static final int PRIVATE_FLAG = 0x80;
    /** FUTEX_TID_MASK. */
    private static final int TID_MASK = 0x3fffffff;
    /** FUTEX_WAITERS: only a word has it that has the number of its owner. */
    private static final int WAITERS = 0x80000000;
    /** What glibc, and others after its model, have in the word of a mutex that somebody waits for. */
    private static final int CONTENDED = 2;
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
    private static final KernelObject SEVERAL = new KernelObject(ObjectKind.FUTEX, "futexes", 0);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.FUTEX);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("futex", new Operation());
        calls.add("futex_wait", new Wait2());
        calls.add("futex_wake", new Wake2());
        calls.add("futex_waitv", new OnSeveral(ObjectKind.FUTEX) {
            @Override
            public boolean confirms(WakeUp wakeUp) {
                TrackedObject word = wokenAt(wakeUp);
                return word != null && wakeUp.endedBy(word);
            }
        });
        calls.add("futex_requeue", new OnSeveral(ObjectKind.OTHER));
        calls.add("mmap", new Unmapping(Unmapping.NEW));
        calls.add("munmap", new Unmapping(Unmapping.OLD));
        calls.add("mremap", new Unmapping(Unmapping.OLD | Unmapping.NEW));
    }

    @Override
    public WaitWords words(ToldWait wait) {
        return wait.object().equals(SEVERAL.name()) ? wait.words("for one of several futexes") : wait.named("for", "");
    }

    @Override
    public String many(ObjectKind kind) {
        return "futexes";
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject futex, ProcessEntry process, Way way) {
        return PeerLists.holders(futex, process);
    }

    /** The kernel told what is mapped where a word lies: who waits there already does so at the word that it turns out to be. */
    @Override
    public void learned(Machine machine, Fact fact) {
        if (fact instanceof Fact.OfAddress mapped) {
            machine.words().answered(mapped);
        }
    }

    /** The word that {@code waker} wakes waiters of, whoever they are; null when it does not. */
    static TrackedObject wokenAt(Machine machine, ThreadEntry waker) {
        if (!(waker.call() instanceof AtAWord call) || !call.wakes(waker)) {
            return null;
        }
        TrackedObject known = waker.canonicalObject();
        return known != null ? known : machine.words().find(waker.process, waker.args[0], call.isPrivate(waker), true);
    }

    /** The same, if the waiter can have waited there, and if it is at no other word that it may have been woken. */
    private static TrackedObject wokenAt(WakeUp wakeUp) {
        ThreadEntry waker = wakeUp.waker();
        boolean isOne = waker.call() instanceof AtAWord call && call.wakesAtOne(waker)
                && (!call.isPrivate(waker) || waker.process == wakeUp.waiter().process);
        return isOne ? wokenAt(wakeUp.machine(), waker) : null;
    }

    // -- calls ---------------------------------------------------------------------------------------------------------------

    /** What is common to the calls that wait at a word or wake there. */
    private abstract static class AtAWord extends SystemCall {
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

    /** futex(2): the word, and the second word of the commands that have one. */
    private static final class Operation extends AtAWord {
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

    /** futex_wait(2) of 6.7: address, value, mask, flags. */
    private static class Wait2 extends AtAWord {
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

    /** futex_wake(2) of 6.7: address, mask, how many, flags. */
    private static final class Wake2 extends Wait2 {
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

    /** On futexes that are listed in the caller's memory. */
    private static class OnSeveral extends SystemCall {
        private final ObjectKind kind;

        OnSeveral(ObjectKind kind) {
            this.kind = kind;
        }

        @Override
        public final void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.standsFor = SEVERAL;
        }

        @Override
        public final ObjectKind waitsFor(ThreadEntry thread) {
            return kind;
        }
    }

    /** mmap, munmap, mremap: what was known of the addresses holds no more. */
    private static final class Unmapping extends SystemCall {
        /** The addresses of the first argument. */
        static final int OLD = 1;
        /** Those that the result names. */
        static final int NEW = 2;
        private final int which;

        Unmapping(int which) {
            this.which = which;
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result < 0) {
                return;
            }
            if ((which & OLD) != 0) {
                thread.process.memory.unmap(thread.args[0], thread.args[1]);
            }
            if ((which & NEW) != 0) {
                thread.process.memory.unmap(result, thread.args[which == NEW ? 1 : 2]);
            }
        }
    }
}
