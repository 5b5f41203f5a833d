package ktrace.system.family;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.facts.ObjectSource.LockSort;
import ktrace.facts.Question;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.OnKnownDescriptor;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * flock(2), and the locks of fcntl(2). Who waits for a lock waits for who unlocks the file, closes it, or ends while it has it
 * open. Whoever has it open can hold the lock.
 */
final class FileLocks implements Family {
    private static final int LOCK_UN = 8;
    private static final int F_SETLK = 6;
    private static final int F_SETLKW = 7;
    /** The same of 32-bit programs with large files. */
    private static final int F_SETLK64 = 13;
    private static final int F_SETLKW64 = 14;
    private static final int F_OFD_SETLK = 37;
    private static final int F_SETLEASE = 1024;
    private static final int F_OFD_SETLKW = 38;

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.FILELOCK);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("flock", new Flock());
        calls.add("fcntl fcntl64", new Fcntl());
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.named("for a lock on", "");
    }

    @Override
    public String one(ObjectKind kind) {
        return "a file";
    }

    @Override
    public String many(ObjectKind kind) {
        return "files";
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject lock, ProcessEntry process, Way way) {
        return PeerLists.holders(lock, process);
    }

    /** A lock goes with the process that has it. */
    @Override
    public boolean isLetGo(ThreadEntry waker, TrackedObject lock) {
        return lock.base().holdingOf(waker.process.fds) != null;
    }

    /**
     * Which file the waker's descriptor is may not have been looked up yet. Who unlocks wakes, in the call, only who waits for a lock
     * of the same sort on the same file; and of what is closed nothing else wakes who waits for a lock of fcntl(2), which goes with any
     * descriptor of the file.
     */
    @Override
    public boolean canOnlyBe(WakeUp wakeUp, TrackedObject lock) {
        ThreadEntry waker = wakeUp.waker();
        TrackedObject used = wakeUp.used();
        return (waker.call().hangsUp() || waker.released != null || unlocks(waker, wakeUp.waiter()))
                && (used == null || used.isStandIn());
    }

    private static boolean unlocks(ThreadEntry waker, ThreadEntry waiter) {
        return waiter.call() instanceof Flock ? waker.call() instanceof Flock && Flock.unlocks(waker)
                : waker.call() instanceof Fcntl && Fcntl.locks(waker);
    }

    /** The thread takes or gives back a lease of a file, for whom an open(2) of another may wait. */
    static boolean setsLease(ThreadEntry thread) {
        return thread.call() instanceof Fcntl && Fcntl.command(thread) == F_SETLEASE;
    }

    /** What stands for the locks of a file; made when the first is asked for. */
    private static TrackedObject lockOf(TrackedObject file) {
        if (file == null || file.isStandIn()) {
            return null;
        }
        if (file.lock == null) {
            file.lock = new TrackedObject(new KernelObject(ObjectKind.FILELOCK, file.object.name(), file.object.key()), true);
            file.lock.file = file;
        }
        return file.lock;
    }

    private static final class Flock extends OnKnownDescriptor {
        Flock() {
            super(0, Way.BOTH);
        }

        private static boolean unlocks(ThreadEntry thread) {
            return (thread.args[1] & LOCK_UN) != 0;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.object = lockOf(machine.named(thread.process, fd(thread), nowNs));
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            thread.object = settledLock(machine, thread, fd(thread), nowNs);
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.FILELOCK;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.OTHER;
        }

        @Override
        public Question asksHolder(ThreadEntry thread, long sinceNs) {
            return new Question.OfFileLock(thread.tid, thread.process.tgid, sinceNs, LockSort.FLOCK, fd(thread));
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return !unlocks(thread);
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return wakeUp.waker().call() instanceof Flock && unlocks(wakeUp.waker()) && confirms(wakeUp);
        }

        @Override
        public Acts acts() {
            return Acts.AT_ONCE;
        }
    }

    private static TrackedObject settledLock(Machine machine, ThreadEntry thread, int fd, long nowNs) {
        TrackedObject lock = thread.object;
        if (lock != null && lock.named) {
            return lock;
        }
        return lockOf(machine.settled(thread.process, fd, null, nowNs));
    }

    /** Many calls in one: what is not about locks changes the descriptor itself. */
    private static final class Fcntl extends OnKnownDescriptor {
        Fcntl() {
            super(0, Way.BOTH);
        }

        private static int command(ThreadEntry thread) {
            return (int) thread.args[1];
        }

        /** To lock, or to unlock: which of the two lies in the caller's memory. */
        private static boolean locks(ThreadEntry thread) {
            int command = command(thread);
            return waits(thread) || command == F_SETLK || command == F_SETLK64 || command == F_OFD_SETLK;
        }

        private static boolean waits(ThreadEntry thread) {
            int command = command(thread);
            return command == F_SETLKW || command == F_SETLKW64 || command == F_OFD_SETLKW;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            if (locks(thread)) {
                thread.object = lockOf(machine.named(thread.process, fd(thread), nowNs));
            } else {
                super.enter(machine, thread, nowNs);
            }
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            if (locks(thread)) {
                thread.object = settledLock(machine, thread, fd(thread), nowNs);
            } else {
                super.settle(machine, thread, nowNs);
            }
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0) {
                Descriptors.fcntl(machine, thread, (int) result);
            }
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return waits(thread) ? ObjectKind.FILELOCK : ObjectKind.OTHER;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.OTHER;
        }

        @Override
        public Question asksHolder(ThreadEntry thread, long sinceNs) {
            LockSort sort = command(thread) == F_OFD_SETLKW ? LockSort.OFDLCK : LockSort.POSIX;
            return !waits(thread) ? null : new Question.OfFileLock(thread.tid, thread.process.tgid, sinceNs, sort, fd(thread));
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return waits(thread);
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return wakeUp.waker().call() instanceof Fcntl && locks(wakeUp.waker()) && confirms(wakeUp);
        }

        /** It may wait itself, for all that is known. */
        @Override
        public Acts acts() {
            return Acts.ON_RETURN;
        }
    }
}
