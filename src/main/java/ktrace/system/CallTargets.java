package ktrace.system;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.facts.Question.Urgency;
import ktrace.system.SyscallRole.Target;
import ktrace.system.SyscallRole.Way;
import ktrace.system.SyscallRoles.Call;

/**
 * Finds what a system call works on, when it begins. Written by the tracker's thread; allocates for objects never seen before.
 */
final class CallTargets {
    private static final int CLONE_VFORK = 0x4000;
    private static final int AT_FDCWD = -100;
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int F_SETLK = 6;
    private static final int F_SETLKW = 7;
    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    /** How many descriptors of a poller are looked through each time that it blocks: a bound on what that costs. */
    private static final int MEMBERS_TO_NAME = 64;

    private final SyscallRoles roles;
    private final ProcessTable processes;
    private final ObjectTable objects;
    private final Lookups lookups;
    private final Futexes futexes;

    CallTargets(SyscallRoles roles, ProcessTable processes, ObjectTable objects, Lookups lookups) {
        this.roles = roles;
        this.processes = processes;
        this.objects = objects;
        this.lookups = lookups;
        this.futexes = new Futexes(roles, new FutexWords(processes, objects, lookups));
    }

    /** What knows futexes. */
    Futexes futexes() {
        return futexes;
    }

    /** Sets the objects of a thread that has just entered its call; null where nothing is known. */
    void find(ThreadEntry thread, long nowNs) {
        long[] args = thread.args;
        switch (thread.role.target()) {
            case FD, EPOLL -> thread.object = used(thread.process, thread.fdArgument(), nowNs);
            case KNOWN_FD -> thread.object = thread.process.fds.get(thread.fdArgument());
            case TWO_FDS -> {
                thread.object = used(thread.process, thread.fdArgument(), nowNs);
                thread.secondObject = used(thread.process, (int) args[roles.secondFdArgument(thread.number)], nowNs);
            }
            case CLOSED_FD -> close(thread);
            case FUTEX -> futexes.find(thread);
            case FUTEX2 -> futexes.find2(thread);
            case WAIT4 -> thread.object = (int) args[0] > 0 ? processes.child((int) args[0]) : null;
            case WAITID -> thread.object = waitid(thread);
            case KILL -> thread.object =
                    roles.is(thread.number, Call.PIDFD_SEND_SIGNAL) ? thread.process.fds.get((int) args[0]) : null;
            case SYSV_MSG -> thread.object = sysv(thread.process, ObjectKind.SYSVMSG, (int) args[0]);
            case SYSV_SEM -> thread.object = sysv(thread.process, ObjectKind.SYSVSEM, (int) args[0]);
            case FLOCK -> thread.object = lock(thread, nowNs);
            case FCNTL -> thread.object =
                    isLock((int) args[1]) ? lock(thread, nowNs) : thread.process.fds.get(thread.fdArgument());
            case NONE, PATH, CLOSES_MANY, POLL, FUTEX_SET, SIGNAL, SLEEP, VFORK, EXIT, RESTART -> { }
        }
    }

    /** A thread is blocked, or wakes somebody, in a call whose object could not be told when it began. */
    void findAgain(ThreadEntry thread, long nowNs) {
        SyscallRole role = thread.role;
        if (role.target() == Target.PATH) {
            return;
        }
        if (role.target() == Target.POLL || role.target() == Target.EPOLL) {
            nameMembers(thread.process, nowNs);
        }
        if (thread.object == null && role.target() == Target.FUTEX) {
            // Whoever waits there began to when the waker was in its call already.
            futexes.find(thread);
        } else if (thread.object == null && role.target() == Target.FUTEX2) {
            futexes.find2(thread);
        }
        if (role.fdArgument() < 0 || role.target() == Target.CLOSED_FD) {
            return;
        }
        TrackedObject object = thread.object == null ? null : thread.object.canonical();
        if (object == null || !object.named) {
            int fd = thread.fdArgument();
            TrackedObject known = thread.process.fds.get(fd);
            if (lookups.isDue(thread.process, fd, nowNs)) {
                known = lookups.lookUp(thread.process, fd, nowNs, Urgency.SOON);
            }
            if (role.target() == Target.FLOCK || (role.target() == Target.FCNTL && isLock((int) thread.args[1]))) {
                known = lockOf(known);
            }
            thread.object = known;
        }
        if (role.target() == Target.TWO_FDS && thread.secondObject != null && !thread.secondObject.canonical().named) {
            int fd = (int) thread.args[roles.secondFdArgument(thread.number)];
            thread.secondObject = lookups.isDue(thread.process, fd, nowNs)
                    ? lookups.lookUp(thread.process, fd, nowNs, Urgency.SOON) : thread.process.fds.get(fd);
        }
    }

    /**
     * Asks, before it is looked at why {@code thread} waits or whom it wakes, for what its call works on, if that is not known.
     * What is asked here changes nothing but that it has been asked.
     */
    void askNow(ThreadEntry thread, long nowNs) {
        SyscallRole role = thread.role;
        switch (role.target()) {
            case PATH -> askPath(thread);
            case FUTEX, FUTEX2 -> futexes.askNow(thread);
            case CLOSED_FD -> { }
            default -> {
                if (role.fdArgument() >= 0) {
                    askNow(thread.process, thread.object, thread.fdArgument(), nowNs);
                }
                if (role.target() == Target.TWO_FDS) {
                    askNow(thread.process, thread.secondObject, (int) thread.args[roles.secondFdArgument(thread.number)], nowNs);
                }
            }
        }
    }

    /** The same for a call that is about to begin, and that may block. */
    void askBeforeCall(ProcessEntry process, TraceEvent enter) {
        SyscallRole role = roles.of(enter.number);
        switch (role.target()) {
            case FD, EPOLL, TWO_FDS, FLOCK -> {
                int fd = (int) (role.fdArgument() == 0 ? enter.arg0 : enter.arg1);
                askNow(process, process.fds.get(fd), fd, enter.timeNs);
            }
            default -> { }
        }
    }

    private void askNow(ProcessEntry process, TrackedObject object, int fd, long nowNs) {
        if (object == null || !object.canonical().named) {
            lookups.askNow(process, fd, nowNs);
        }
    }

    /**
     * A socket that is only polled at first has not been used, so nobody knows its address: yet that is what the sender who ends
     * the wait is known by. The members of a poll set lie in the program's memory, so all descriptors are looked at, to a bound.
     */
    private void nameMembers(ProcessEntry process, long nowNs) {
        int limit = Math.min(process.fds.limit(), MEMBERS_TO_NAME);
        for (int fd = 0; fd < limit; fd++) {
            TrackedObject object = process.fds.get(fd);
            if (object != null && !object.canonical().named && object.kind().ipc() && lookups.isDue(process, fd, nowNs)) {
                lookups.lookUp(process, fd, nowNs, Urgency.SOON);
            }
        }
    }

    /** The thread waits now: what is still not known of its descriptor will not be. */
    void countUnknown(ThreadEntry thread) {
        SyscallRole role = thread.role;
        if (role.fdArgument() >= 0 && role.target() != Target.PATH && role.target() != Target.CLOSED_FD
                && (thread.object == null || !thread.object.canonical().named)) {
            lookups.countUnknown(thread.process, thread.fdArgument());
        }
    }

    /** While a thread is in open(2) its path stays where it is. */
    private void askPath(ThreadEntry thread) {
        if (thread.object == null && !thread.pathAsked) {
            thread.pathAsked = true;
            boolean at = thread.role.fdArgument() == 0;
            lookups.askNow(thread, at ? (int) thread.args[0] : AT_FDCWD, thread.args[at ? 1 : 0]);
        }
    }

    /** What the call is stamped with: its object, or what stands for its kind of waiting. */
    KernelObject stamp(ThreadEntry thread) {
        TrackedObject object = waitedFor(thread);
        return switch (thread.role.target()) {
            case POLL -> Objects.POLL;
            case SIGNAL -> Objects.SIGNAL;
            case SLEEP -> Objects.SLEEP;
            case FUTEX_SET -> Objects.FUTEX_SET;
            case EPOLL -> object == null || object.isStandIn() ? Objects.POLL : object.object;
            case WAIT4, WAITID -> object == null ? Objects.ANY_CHILD : object.object;
            case VFORK -> isVfork(thread) ? Objects.ANY_CHILD : null;
            default -> object == null || object.isStandIn() ? null : object.object;
        };
    }

    /** Who is at the other end of what the call is stamped with. Allocates only when somebody came or went. */
    List<Peer> peers(ThreadEntry thread) {
        TrackedObject object = waitedFor(thread);
        return switch (thread.role.target()) {
            case WAIT4, WAITID -> {
                ProcessEntry child = object == null ? null : processes.get((int) object.object.key());
                yield child == null ? thread.process.childPeers() : child.asList();
            }
            case TWO_FDS -> object == null ? List.of()
                    : PeerLists.of(object, thread.process, object == thread.object ? Way.READ : Way.WRITE);
            default -> object == null ? List.of() : PeerLists.of(object, thread.process, thread.role.way());
        };
    }

    /** Of two objects the one that can make the thread wait for somebody. */
    private static TrackedObject waitedFor(ThreadEntry thread) {
        if (thread.role.target() == Target.TWO_FDS && thread.secondObject != null
                && (thread.object == null || !thread.object.kind().ipc()) && thread.secondObject.kind().ipc()) {
            thread.secondObject = thread.secondObject.canonical();
            return thread.secondObject;
        }
        if (thread.object != null) {
            thread.object = thread.object.canonical();
        }
        return thread.object;
    }

    private boolean isVfork(ThreadEntry thread) {
        return roles.is(thread.number, Call.VFORK)
                || (roles.is(thread.number, Call.CLONE) && (thread.args[0] & CLONE_VFORK) != 0);
    }

    private TrackedObject used(ProcessEntry process, int fd, long nowNs) {
        TrackedObject object = process.fds.get(fd);
        boolean suspect = (process.fds.flags(fd) & FdTable.SUSPECT) != 0;
        if (object != null && object.named && !suspect) {
            if (nowNs >= object.nextHolderLookupNs) {
                lookups.findHolders(object, nowNs);
            }
            return object;
        }
        if (fd < 0 || (!suspect && !lookups.isDue(process, fd, nowNs))) {
            return object;
        }
        return lookups.lookUp(process, fd, nowNs, object == lookups.opened ? Urgency.LATER : Urgency.SOON);
    }

    /** The number is free as soon as close(2) has begun; the object stays the thread's until its next call. */
    private void close(ThreadEntry thread) {
        boolean duplicates = thread.role.fdArgument() == 1;
        int fd = thread.fdArgument();
        if (duplicates && (int) thread.args[0] == fd) {
            return;
        }
        thread.object = thread.process.fds.get(fd);
        thread.released = thread.object;
        if (!duplicates) {
            thread.process.fds.remove(fd);
        }
    }

    private TrackedObject waitid(ThreadEntry thread) {
        return switch ((int) thread.args[0]) {
            case P_PID -> processes.child((int) thread.args[1]);
            case P_PIDFD -> {
                TrackedObject pidfd = thread.process.fds.get((int) thread.args[1]);
                yield pidfd != null && pidfd.kind() == ObjectKind.CHILD ? pidfd : null;
            }
            default -> null;
        };
    }

    private TrackedObject sysv(ProcessEntry process, ObjectKind kind, int id) {
        TrackedObject known = objects.find(kind, ObjectTable.SYSV_KEY | id);
        if (known == null) {
            lookups.sysvIpc(kind, id);
            String name = (kind == ObjectKind.SYSVMSG ? "queue " : "semaphores ") + id;
            known = objects.intern(new KernelObject(kind, name, ObjectTable.SYSV_KEY | id));
        }
        process.use(known);
        return known;
    }

    /** IPC_RMID: whoever waited is woken, and the id may be given out again. */
    void removeSysv(ObjectKind kind, int id) {
        objects.remove(kind, ObjectTable.SYSV_KEY | id);
    }

    void requeue(ThreadEntry thread) {
        futexes.requeue(thread);
    }

    static boolean isLock(int fcntlCommand) {
        return fcntlCommand == F_SETLKW || fcntlCommand == F_SETLK || fcntlCommand == F_OFD_SETLKW || fcntlCommand == F_OFD_SETLK;
    }

    private TrackedObject lock(ThreadEntry thread, long nowNs) {
        int fd = thread.fdArgument();
        TrackedObject file = thread.process.fds.get(fd);
        if (lookups.isDue(thread.process, fd, nowNs)) {
            file = lookups.lookUp(thread.process, fd, nowNs, Urgency.SOON);
        }
        return lockOf(file);
    }

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
}
