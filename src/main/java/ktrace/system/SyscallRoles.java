package ktrace.system;

import java.util.function.Function;
import java.util.OptionalInt;
import ktrace.system.SyscallRole.Effect;
import ktrace.system.SyscallRole.Target;
import ktrace.system.SyscallRole.Way;

/**
 * The role of each system call, by number. To add a call: one line in {@link #TABLE}. Immutable; {@link #of} is an array load.
 */
final class SyscallRoles {
    /** Name, how its object is found, which argument is the descriptor, which way data goes, what success changes. */
    private static final String TABLE = """
            read              FD 0 READ NONE
            readv             FD 0 READ NONE
            pread64           FD 0 READ NONE
            preadv            FD 0 READ NONE
            preadv2           FD 0 READ NONE
            recvfrom          FD 0 READ NONE
            recvmsg           FD 0 READ RECEIVE
            recvmmsg          FD 0 READ RECEIVE
            getdents          FD 0 READ NONE
            getdents64        FD 0 READ NONE
            readahead         FD 0 READ NONE
            mq_timedreceive   FD 0 READ NONE
            write             FD 0 WRITE NONE
            writev            FD 0 WRITE NONE
            pwrite64          FD 0 WRITE NONE
            pwritev           FD 0 WRITE NONE
            pwritev2          FD 0 WRITE NONE
            sendto            FD 0 WRITE NONE
            sendmsg           FD 0 WRITE NONE
            sendmmsg          FD 0 WRITE NONE
            vmsplice          FD 0 WRITE NONE
            mq_timedsend      FD 0 WRITE NONE
            fsync             FD 0 WRITE NONE
            fdatasync         FD 0 WRITE NONE
            sync_file_range   FD 0 WRITE NONE
            syncfs            FD 0 WRITE NONE
            ftruncate         FD 0 WRITE NONE
            fallocate         FD 0 WRITE NONE
            ioctl             KNOWN_FD 0 BOTH IOCTL
            io_uring_enter    FD 0 BOTH NONE
            splice            TWO_FDS 0 READ NONE
            tee               TWO_FDS 0 READ NONE
            sendfile          TWO_FDS 1 READ NONE
            copy_file_range   TWO_FDS 0 READ NONE
            accept            FD 0 READ ACCEPT
            accept4           FD 0 READ ACCEPT4
            connect           KNOWN_FD 0 WRITE CONNECT
            bind              KNOWN_FD 0 BOTH CONNECT
            listen            KNOWN_FD 0 BOTH LISTEN
            shutdown          FD 0 WRITE NONE
            epoll_wait        EPOLL 0 READ NONE
            epoll_pwait       EPOLL 0 READ NONE
            epoll_pwait2      EPOLL 0 READ NONE
            epoll_ctl         NONE -1 BOTH EPOLL_CTL
            poll              POLL -1 BOTH NONE
            ppoll             POLL -1 BOTH NONE
            select            POLL -1 BOTH NONE
            pselect6          POLL -1 BOTH NONE
            futex             FUTEX -1 BOTH FUTEX
            futex_waitv       FUTEX_SET -1 BOTH NONE
            futex_wait        FUTEX2 -1 BOTH NONE
            futex_wake        FUTEX2 -1 BOTH NONE
            futex_requeue     FUTEX_SET -1 BOTH NONE
            wait4             WAIT4 -1 BOTH NONE
            waitid            WAITID -1 BOTH NONE
            pause             SIGNAL -1 BOTH NONE
            rt_sigsuspend     SIGNAL -1 BOTH NONE
            rt_sigtimedwait   SIGNAL -1 BOTH NONE
            kill              KILL -1 BOTH NONE
            tkill             KILL -1 BOTH NONE
            tgkill            KILL -1 BOTH NONE
            rt_sigqueueinfo   KILL -1 BOTH NONE
            rt_tgsigqueueinfo KILL -1 BOTH NONE
            pidfd_send_signal KILL 0 BOTH NONE
            nanosleep         SLEEP -1 BOTH NONE
            clock_nanosleep   SLEEP -1 BOTH NONE
            msgrcv            SYSV_MSG -1 READ NONE
            msgsnd            SYSV_MSG -1 WRITE NONE
            msgctl            SYSV_MSG -1 BOTH MSGCTL
            semop             SYSV_SEM -1 BOTH NONE
            semtimedop        SYSV_SEM -1 BOTH NONE
            semctl            SYSV_SEM -1 BOTH SEMCTL
            flock             FLOCK 0 BOTH NONE
            fcntl             FCNTL 0 BOTH FCNTL
            clone             VFORK -1 BOTH NONE
            clone3            VFORK -1 BOTH NONE
            vfork             VFORK -1 BOTH NONE
            execve            CLOSES_MANY -1 BOTH NONE
            execveat          CLOSES_MANY -1 BOTH NONE
            exit              EXIT -1 BOTH NONE
            exit_group        EXIT -1 BOTH NONE
            restart_syscall   RESTART -1 BOTH NONE
            close             CLOSED_FD 0 BOTH NONE
            close_range       CLOSES_MANY -1 BOTH CLOSE_RANGE
            dup               NONE -1 BOTH DUP
            dup2              CLOSED_FD 1 BOTH DUP2
            dup3              CLOSED_FD 1 BOTH DUP3
            open              PATH -1 BOTH OPEN
            openat            PATH 0 BOTH OPENAT
            creat             PATH -1 BOTH CREAT
            openat2           PATH 0 BOTH OPENAT2
            open_by_handle_at NONE -1 BOTH OPENAT
            memfd_create      NONE -1 BOTH NEW_FD
            memfd_secret      NONE -1 BOTH NEW_FD
            perf_event_open   NONE -1 BOTH NEW_FD
            fanotify_init     NONE -1 BOTH NEW_FD
            userfaultfd       NONE -1 BOTH NEW_FD
            io_uring_setup    NONE -1 BOTH NEW_FD
            open_tree         NONE -1 BOTH NEW_FD
            fsopen            NONE -1 BOTH NEW_FD
            fsmount           NONE -1 BOTH NEW_FD
            fspick            NONE -1 BOTH NEW_FD
            pidfd_getfd       NONE -1 BOTH NEW_FD
            pidfd_open        NONE -1 BOTH PIDFD_OPEN
            socket            NONE -1 BOTH SOCKET
            socketpair        NONE -1 BOTH SOCKETPAIR
            pipe              NONE -1 BOTH PIPE
            pipe2             NONE -1 BOTH PIPE2
            eventfd           NONE -1 BOTH EVENTFD
            eventfd2          NONE -1 BOTH EVENTFD2
            epoll_create      NONE -1 BOTH EPOLL_CREATE
            epoll_create1     NONE -1 BOTH EPOLL_CREATE1
            mq_open           NONE -1 BOTH MQ_OPEN
            timerfd_create    NONE -1 BOTH TIMERFD
            signalfd          NONE -1 BOTH SIGNALFD
            signalfd4         NONE -1 BOTH SIGNALFD4
            inotify_init      NONE -1 BOTH INOTIFY
            inotify_init1     NONE -1 BOTH INOTIFY1
            mmap              NONE -1 BOTH MMAP
            munmap            NONE -1 BOTH MUNMAP
            mremap            NONE -1 BOTH MREMAP
            unshare           NONE -1 BOTH UNSHARE
            """;

    private final SyscallRole[] roles = new SyscallRole[1024];
    private final int[] secondFds = new int[roles.length];
    private final int[] numbers;

    /** The calls whose numbers themselves are looked at: a role says too little. */
    enum Call {
        KILL("kill"), TKILL("tkill"), TGKILL("tgkill"), RT_TGSIGQUEUEINFO("rt_tgsigqueueinfo"),
        RT_SIGQUEUEINFO("rt_sigqueueinfo"), PIDFD_SEND_SIGNAL("pidfd_send_signal"), CLONE("clone"), VFORK("vfork"),
        FUTEX_WAIT("futex_wait"), CLOSE_RANGE("close_range");

        private final String syscall;

        Call(String syscall) {
            this.syscall = syscall;
        }
    }

    /** @param numberOf the number of a call by its name, empty where the machine's ABI does not have it */
    SyscallRoles(Function<String, OptionalInt> numberOf) {
        for (String line : TABLE.lines().toList()) {
            String[] words = line.split(" +");
            numberOf.apply(words[0]).ifPresent(number -> roles[number] = new SyscallRole(Target.valueOf(words[1]),
                    Integer.parseInt(words[2]), Way.valueOf(words[3]), Effect.valueOf(words[4])));
        }
        numberOf.apply("splice").ifPresent(number -> secondFds[number] = 2);
        numberOf.apply("tee").ifPresent(number -> secondFds[number] = 1);
        numberOf.apply("copy_file_range").ifPresent(number -> secondFds[number] = 2);
        numbers = new int[Call.values().length];
        for (Call call : Call.values()) {
            numbers[call.ordinal()] = numberOf.apply(call.syscall).orElse(-1);
        }
    }

    /** {@link SyscallRole#NOTHING} for a number that is not in the table. */
    SyscallRole of(long number) {
        SyscallRole role = number >= 0 && number < roles.length ? roles[(int) number] : null;
        return role == null ? SyscallRole.NOTHING : role;
    }

    /** Of a {@link Target#TWO_FDS} call: which argument is the descriptor that data goes to (sendfile: the first). */
    int secondFdArgument(int number) {
        return secondFds[number];
    }

    boolean is(int number, Call call) {
        return number == numbers[call.ordinal()];
    }
}
