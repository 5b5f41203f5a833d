package ktrace.system;

import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.facts.Question.Urgency;
import ktrace.system.SyscallRole.Effect;

/**
 * What a system call that has returned changed: descriptors made, doubled and closed, sockets connected, memory unmapped.
 *
 * <p>Used on the tracker's thread. Opening a file allocates nothing; making a pipe, a socket or a timer allocates the object.
 */
final class FdEffects {
    private static final int EINPROGRESS = 115;
    private static final int O_CLOEXEC = 0x80000;
    private static final int BOTH = FdTable.READ | FdTable.WRITE;
    private static final int F_DUPFD = 0;
    private static final int F_SETFD = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FIONCLEX = 0x5450;
    private static final int FIOCLEX = 0x5451;
    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int CLONE_FILES = 0x400;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int IPC_RMID = 0;

    private final ProcessTable processes;
    private final Lookups lookups;
    private final CallTargets targets;
    private final NewFds newFds;

    FdEffects(ProcessTable processes, Lookups lookups, CallTargets targets) {
        this.processes = processes;
        this.lookups = lookups;
        this.targets = targets;
        this.newFds = new NewFds(lookups);
    }

    /** Applies the call that {@code thread} is just leaving with {@code result}. */
    void apply(ThreadEntry thread, long result, long nowNs) {
        Effect effect = thread.role.effect();
        if (effect == Effect.NONE) {
            return;
        }
        if (result < 0) {
            if (effect == Effect.CONNECT && result == -EINPROGRESS) {
                connected(thread);
            }
            return;
        }
        long[] args = thread.args;
        FdTable fds = thread.process.fds;
        int fd = (int) result;
        switch (effect) {
            case OPEN -> fds.put(fd, lookups.opened, Lookups.flags((int) args[1]));
            case OPENAT -> fds.put(fd, lookups.opened, Lookups.flags((int) args[2]));
            // Its flags lie in the caller's memory.
            case OPENAT2 -> fds.put(fd, lookups.opened, BOTH);
            case CREAT -> fds.put(fd, lookups.opened, FdTable.WRITE);
            case NEW_FD -> fds.put(fd, lookups.made, BOTH);
            case SOCKET -> fds.put(fd, Objects.placeholder(NewFds.socketKind((int) args[0], (int) args[1])), socketFlags(args[1]));
            case SOCKETPAIR -> newFds.socketPair(thread, nowNs);
            case PIPE -> newFds.pipe(thread, 0, nowNs);
            case PIPE2 -> newFds.pipe(thread, (int) args[1], nowNs);
            case ACCEPT -> accept(thread, fd, 0);
            case ACCEPT4 -> accept(thread, fd, args[3]);
            case CONNECT -> connected(thread);
            case LISTEN -> {
                connected(thread);
                if (thread.object != null && !thread.object.isStandIn()) {
                    thread.object.canonical().listening = true;
                }
            }
            case DUP -> duplicate(fds, (int) args[0], fd, false);
            case DUP2 -> duplicate(fds, (int) args[0], fd, false);
            case DUP3 -> duplicate(fds, (int) args[0], fd, (args[2] & O_CLOEXEC) != 0);
            case FCNTL -> fcntl(fds, args, fd);
            case IOCTL -> ioctl(fds, args);
            case CLOSE_RANGE -> closeRange(thread.process, args);
            case EVENTFD -> fds.put(fd, Objects.placeholder(ObjectKind.EVENTFD), BOTH);
            case EVENTFD2 -> fds.put(fd, Objects.placeholder(ObjectKind.EVENTFD), BOTH | closeOnExec(args[1]));
            case EPOLL_CREATE -> fds.put(fd, Objects.called(ObjectKind.POLL, "epoll", fd), BOTH);
            case EPOLL_CREATE1 -> fds.put(fd, Objects.called(ObjectKind.POLL, "epoll", fd), BOTH | closeOnExec(args[0]));
            case EPOLL_CTL -> epollCtl(thread.process, args, nowNs);
            case MQ_OPEN -> fds.put(fd, Objects.placeholder(ObjectKind.MQUEUE), Lookups.flags((int) args[1] | O_CLOEXEC));
            case PIDFD_OPEN -> fds.put(fd, processes.child((int) args[0]), BOTH | FdTable.CLOSE_ON_EXEC);
            case TIMERFD -> fds.put(fd, Objects.called(ObjectKind.TIMERFD, "timerfd", fd), BOTH | closeOnExec(args[1]));
            case SIGNALFD -> signalfd(fds, args, fd, 0);
            case SIGNALFD4 -> signalfd(fds, args, fd, closeOnExec(args[3]));
            case INOTIFY -> fds.put(fd, Objects.called(ObjectKind.INOTIFY, "inotify", fd), FdTable.READ);
            case INOTIFY1 -> fds.put(fd, Objects.called(ObjectKind.INOTIFY, "inotify", fd), FdTable.READ | closeOnExec(args[0]));
            case RECEIVE -> {
                if (thread.object != null && thread.object.kind() == ObjectKind.UNIX) {
                    // SCM_RIGHTS may have brought descriptors, whose numbers lie in the program's memory.
                    fds.complete = false;
                }
            }
            case MMAP -> thread.process.memory.unmap(result, args[1]);
            case MUNMAP -> thread.process.memory.unmap(args[0], args[1]);
            case MREMAP -> {
                thread.process.memory.unmap(args[0], args[1]);
                thread.process.memory.unmap(result, args[2]);
            }
            case MSGCTL -> removeSysv(ObjectKind.SYSVMSG, (int) args[0], args[1]);
            case SEMCTL -> removeSysv(ObjectKind.SYSVSEM, (int) args[0], args[2]);
            case FUTEX -> targets.requeue(thread);
            case UNSHARE -> {
                if ((args[0] & CLONE_FILES) != 0) {
                    thread.process.unshareFds();
                }
            }
            case NONE -> { }
        }
    }

    /** The name of a socket has changed: it is looked up when it is used next. */
    private static void connected(ThreadEntry thread) {
        if (thread.object != null && !thread.object.isStandIn()) {
            TrackedObject socket = thread.object.canonical();
            socket.named = false;
            socket.nextLookupNs = Long.MIN_VALUE;
        }
    }

    private void accept(ThreadEntry thread, int fd, long flags) {
        TrackedObject listening = thread.object == null ? null : thread.object.canonical();
        if (listening == null || listening.isStandIn()) {
            thread.process.fds.put(fd, lookups.made, BOTH | closeOnExec(flags));
        } else {
            listening.listening = true;
            TrackedObject accepted = Objects.placeholder(listening.kind());
            accepted.loopback = SocketNames.isLoopback(listening.object);
            thread.process.fds.put(fd, accepted, BOTH | closeOnExec(flags));
            if (listening.nextConnection != null) {
                // Whoever waited found the queue empty: what woke it is first in the queue (inet_csk_accept, unix_accept).
                accepted.connect(listening.nextConnection.canonical());
                listening.nextConnection = null;
            }
        }
    }

    private void duplicate(FdTable fds, int from, int to, boolean closeOnExec) {
        if (from == to) {
            return;
        }
        TrackedObject object = fds.get(from);
        int flags = object == null ? BOTH : fds.flags(from) & BOTH;
        fds.put(to, object == null ? lookups.made : object, flags | (closeOnExec ? FdTable.CLOSE_ON_EXEC : 0));
    }

    private void fcntl(FdTable fds, long[] args, int result) {
        switch ((int) args[1]) {
            case F_DUPFD -> duplicate(fds, (int) args[0], result, false);
            case F_DUPFD_CLOEXEC -> duplicate(fds, (int) args[0], result, true);
            case F_SETFD -> fds.setCloseOnExec((int) args[0], (args[2] & 1) != 0);
            default -> { }
        }
    }

    private static void ioctl(FdTable fds, long[] args) {
        if ((int) args[1] == FIOCLEX || (int) args[1] == FIONCLEX) {
            fds.setCloseOnExec((int) args[0], (int) args[1] == FIOCLEX);
        }
    }

    private static void closeRange(ProcessEntry process, long[] args) {
        if ((args[2] & CLOSE_RANGE_UNSHARE) != 0) {
            process.unshareFds();
        }
        long first = args[0] & 0xffffffffL;
        long last = args[1] & 0xffffffffL;
        if ((args[2] & CLOSE_RANGE_CLOEXEC) != 0) {
            process.fds.setCloseOnExecRange(first, last);
        } else {
            process.fds.removeRange(first, last);
        }
    }

    private void epollCtl(ProcessEntry process, long[] args, long nowNs) {
        TrackedObject set = process.fds.get((int) args[0]);
        int fd = (int) args[2];
        if (set == null || set.isStandIn()) {
            set = lookups.lookUp(process, (int) args[0], nowNs, Urgency.SOON);
        }
        if (set == null || set.kind() != ObjectKind.POLL) {
            return;
        }
        if (args[1] == EPOLL_CTL_ADD) {
            TrackedObject member = process.fds.get(fd);
            if (member == null || member.isStandIn()) {
                member = lookups.lookUp(process, fd, nowNs, Urgency.SOON);
            }
            if (member != null && !member.isStandIn()) {
                set.watch(fd, member);
            }
        } else if (args[1] == EPOLL_CTL_DEL) {
            set.unwatch(fd);
        }
    }

    private static void signalfd(FdTable fds, long[] args, int fd, int closeOnExec) {
        if ((int) args[0] < 0) {
            fds.put(fd, Objects.called(ObjectKind.SIGNALFD, "signalfd", fd), BOTH | closeOnExec);
        }
    }

    private void removeSysv(ObjectKind kind, int id, long command) {
        if ((int) command == IPC_RMID) {
            targets.removeSysv(kind, id);
        }
    }

    private static int socketFlags(long type) {
        return BOTH | closeOnExec(type);
    }

    /** EFD_, EPOLL_, SOCK_, TFD_, SFD_ and IN_CLOEXEC all are O_CLOEXEC. */
    private static int closeOnExec(long flags) {
        return (flags & O_CLOEXEC) != 0 ? FdTable.CLOSE_ON_EXEC : 0;
    }
}
