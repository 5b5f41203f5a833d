package ktrace.event;

import java.util.List;

/**
 * An open file descriptor as /proc/PID/fd, fdinfo and sock_diag(7) told of it.
 *
 * @param tgid the process that holds it
 * @param fd its number
 * @param object what it refers to
 * @param flags the {@code flags:} of fdinfo: access mode and O_CLOEXEC (proc_pid_fdinfo(5))
 * @param peerKey the {@link KernelObject#key} of the object at the other end, of the same kind: of the connected unix socket, of
 *     the mirrored TCP socket on this machine; 0 when there is none; {@link #PEER_UNKNOWN} when it could not be asked for; of a unix
 *     socket whose datagrams go to one that is not connected to it, and of a TCP connection that nobody on this machine has
 *     accepted yet, see {@link #oneWay}
 * @param watched of an epoll set: the descriptors of {@code tgid} in it (the {@code tfd:} lines of fdinfo), else empty
 */
public record FdSnapshot(int tgid, int fd, KernelObject object, int flags, long peerKey, List<Integer> watched) {
    /** {@link #peerKey} when nothing is known of the other end, not even that there is none. */
    public static final long PEER_UNKNOWN = -1;
    /** {@link #peerKey} of a socket that listens: it has no other end, its connections have. */
    public static final long LISTENING = -2;

    private static final long ONE_WAY = -16;

    public FdSnapshot {
        watched = List.copyOf(watched);
    }

    /**
     * The {@link #peerKey} of a socket that sends to the one with this key, while that one is not connected to it: it takes datagrams
     * of many, or listens, and the connection waits there to be accepted.
     */
    public static long oneWay(long key) {
        return ONE_WAY - key;
    }

    /** The key of the socket that takes what this one sends and is not connected to it; 0 when there is none. */
    public long sendsTo() {
        return peerKey < ONE_WAY ? ONE_WAY - peerKey : 0;
    }

    /** A descriptor of something with no separate object at its other end: a pipe, a file, an eventfd. */
    public FdSnapshot(int tgid, int fd, KernelObject object, int flags) {
        this(tgid, fd, object, flags, 0, List.of());
    }
}
