package ktrace.system;

/**
 * What the tracker makes of a system call: where the object is named that the call works on, which way data goes, and what its
 * success changes. The calls are data: {@link SyscallRoles}.
 *
 * @param target how the object is found at sys_enter
 * @param fdArgument which argument is the descriptor, or -1
 * @param way whether the call takes data from the object or puts data into it
 * @param effect what is done at sys_exit
 */
record SyscallRole(Target target, int fdArgument, Way way, Effect effect) {
    static final SyscallRole NOTHING = new SyscallRole(Target.NONE, -1, Way.BOTH, Effect.NONE);

    /** How the object of a call is found. */
    enum Target {
        NONE,
        /** A path, relative to the descriptor if there is one; it lies in the caller's memory, and is read when the call blocks. */
        PATH,
        /** The descriptor is looked up when it is not known yet. */
        FD,
        /** The descriptor is taken as it is known: the call cannot block on it, or is about to change what it is. */
        KNOWN_FD,
        /** Two descriptors, the second named by {@link SyscallRoles#secondFdArgument}. */
        TWO_FDS,
        /** close, and dup2 over an open number: what is closed. */
        CLOSED_FD,
        /** close_range, exit and exec close many. */
        CLOSES_MANY,
        EPOLL, POLL, FUTEX, FUTEX2, FUTEX_SET, WAIT4, WAITID, SIGNAL, KILL, SLEEP, SYSV_MSG, SYSV_SEM, FLOCK, FCNTL, VFORK, EXIT,
        /** restart_syscall(2): goes on with the call that was interrupted. */
        RESTART
    }

    /** Which way data goes: who reads waits for writers, and the other way round. */
    enum Way {
        READ, WRITE, BOTH
    }

    /** What a successful call changes. */
    enum Effect {
        NONE, OPEN, OPENAT, OPENAT2, CREAT, NEW_FD, SOCKET, SOCKETPAIR, ACCEPT, ACCEPT4, CONNECT, LISTEN, PIPE, PIPE2, DUP, DUP2,
        DUP3, FCNTL, IOCTL,
        CLOSE_RANGE, EVENTFD, EVENTFD2, EPOLL_CREATE, EPOLL_CREATE1, EPOLL_CTL, MQ_OPEN, PIDFD_OPEN, TIMERFD, SIGNALFD, SIGNALFD4,
        INOTIFY, INOTIFY1, RECEIVE, MMAP, MUNMAP, MREMAP, MSGCTL, SEMCTL, FUTEX, UNSHARE
    }
}
