package ktrace.system;

import ktrace.event.ObjectKind;

/**
 * Descriptors whose numbers the kernel wrote into the program's memory, where perf does not see them: pipe2 and socketpair. The
 * kernel gives out the lowest free numbers (open(2)), so a complete table tells which. That holds for the shortest-lived process,
 * of which /proc has nothing left by the time of asking. A table that is not complete is read again instead.
 *
 * <p>What the pipe is called is not asked here: a shell gives the same numbers to the next pipe within a millisecond. It is asked
 * of whoever uses the pipe, who holds it longer.
 *
 * <p>Used on the tracker's thread; allocates the objects.
 */
final class NewFds {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_TYPE_MASK = 0xf;
    private static final int O_CLOEXEC = 0x80000;

    private final Lookups lookups;

    NewFds(Lookups lookups) {
        this.lookups = lookups;
    }

    void pipe(ThreadEntry thread, int flags, long nowNs) {
        ProcessEntry process = thread.process;
        if (!complete(process, nowNs)) {
            return;
        }
        FdTable fds = process.fds;
        int closeOnExec = (flags & O_CLOEXEC) != 0 ? FdTable.CLOSE_ON_EXEC : 0;
        TrackedObject pipe = Objects.placeholder(ObjectKind.PIPE);
        pipe.inferred = true;
        int readEnd = fds.lowestFree(0);
        fds.put(readEnd, pipe, FdTable.READ | closeOnExec);
        int writeEnd = fds.lowestFree(readEnd + 1);
        fds.put(writeEnd, pipe, FdTable.WRITE | closeOnExec);
    }

    void socketPair(ThreadEntry thread, long nowNs) {
        ProcessEntry process = thread.process;
        if (!complete(process, nowNs)) {
            return;
        }
        FdTable fds = process.fds;
        int flags = FdTable.READ | FdTable.WRITE
                | ((thread.args[1] & O_CLOEXEC) != 0 ? FdTable.CLOSE_ON_EXEC : 0);
        ObjectKind kind = socketKind((int) thread.args[0], (int) thread.args[1]);
        TrackedObject one = Objects.placeholder(kind);
        TrackedObject two = Objects.placeholder(kind);
        int first = fds.lowestFree(0);
        fds.put(first, one, flags);
        int second = fds.lowestFree(first + 1);
        fds.put(second, two, flags);
        one.inferred = true;
        two.inferred = true;
        one.connect(two);
    }

    private boolean complete(ProcessEntry process, long nowNs) {
        if (Lives.settled(process.fds, nowNs)) {
            return true;
        }
        // The new numbers are among those that are open now; each is entered as what it is.
        lookups.lookUpAll(process);
        return false;
    }

    static ObjectKind socketKind(int family, int type) {
        return switch (family) {
            case AF_UNIX -> ObjectKind.UNIX;
            case AF_NETLINK -> ObjectKind.NETLINK;
            case AF_INET, AF_INET6 -> switch (type & SOCK_TYPE_MASK) {
                case SOCK_STREAM -> ObjectKind.TCP;
                case SOCK_DGRAM -> ObjectKind.UDP;
                default -> ObjectKind.OTHER;
            };
            default -> ObjectKind.OTHER;
        };
    }
}
