package ktrace.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import ktrace.linux.uapi.Uapi;

/**
 * netlink(7): one socket of one family, in the network namespace that the opening thread was in. Asks for dumps and hands over the
 * messages of the answer. Belongs to one thread.
 *
 * <pre>
 *  0        4      6       8       12      16
 *  +--------+------+-------+-------+-------+ struct nlmsghdr
 *  | length | type | flags |  seq  |  port | payload, to the next multiple of 4
 *  +--------+------+-------+-------+-------+
 * </pre>
 */
public final class NetlinkSocket implements AutoCloseable {
    private static final int SOCKET = Syscalls.number("socket");
    private static final int OPENAT = Syscalls.number("openat");
    private static final int SETNS = Syscalls.number("setns");
    private static final int SENDTO = Syscalls.number("sendto");
    private static final int RECVFROM = Syscalls.number("recvfrom");
    private static final int SETSOCKOPT = Syscalls.number("setsockopt");
    private static final int HEADER_BYTES = 16;
    /** The kernel fills whole answers of up to 32 KiB (net/netlink/af_netlink.c, netlink_dump). */
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;

    private final FileDescriptor fd;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final MemorySegment request = arena.allocate(256, 8);
    private int sequence;

    private NetlinkSocket(FileDescriptor fd) {
        this.fd = fd;
    }

    /** Opens a socket of a netlink family, {@code NETLINK_SOCK_DIAG} for example. */
    public static NetlinkSocket open(int family) {
        long result = Native.syscall(SOCKET, Uapi.AF_NETLINK(), Uapi.SOCK_RAW() | Uapi.SOCK_CLOEXEC(), family);
        if (result < 0) {
            throw new SyscallException("socket", result, "open a netlink socket");
        }
        NetlinkSocket socket = new NetlinkSocket(new FileDescriptor((int) result));
        socket.limitWaiting();
        return socket;
    }

    /**
     * Opens a socket in another network namespace: on a thread of its own, which enters the namespace (setns(2)) and ends.
     *
     * @param namespace {@code /proc/PID/ns/net}
     * @return null when the namespace is gone or may not be entered
     */
    public static NetlinkSocket openIn(String namespace, int family) {
        AtomicReference<NetlinkSocket> socket = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().name("ktrace-setns").start(() -> {
            try (Arena arena = Arena.ofConfined()) {
                long fd = Native.syscall(OPENAT, Uapi.AT_FDCWD(), arena.allocateFrom(namespace).address(),
                        Uapi.O_RDONLY() | Uapi.O_CLOEXEC());
                if (fd < 0) {
                    return;
                }
                try (FileDescriptor entered = new FileDescriptor((int) fd)) {
                    if (Native.syscall(SETNS, entered.number(), Uapi.CLONE_NEWNET(), 0) == 0) {
                        socket.set(open(family));
                    }
                }
            } catch (SyscallException e) {
                // As good as no permission to enter: the caller goes on without this namespace.
                socket.set(null);
            }
        });
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return socket.get();
    }

    /** A dump is answered at once; should the kernel ever fail to, ktrace goes on without. */
    private void limitWaiting() {
        request.set(JAVA_LONG, 0, 1);
        request.set(JAVA_LONG, 8, 0);
        Native.syscall(SETSOCKOPT, fd.number(), SOL_SOCKET, SO_RCVTIMEO, request.address(), 16, 0);
    }

    /**
     * Asks for a dump and hands each message's payload to {@code message}; the segment is valid for the duration of the call.
     *
     * @param type of the request, {@code SOCK_DIAG_BY_FAMILY} for example
     * @param payload what goes after the header, at most 200 bytes
     * @return 0, or the negative errno that the kernel answered with: ENOENT for a family whose module is not there
     */
    public int dump(int type, MemorySegment payload, Consumer<MemorySegment> message) {
        return ask(type, Uapi.NLM_F_DUMP(), payload, message);
    }

    /**
     * Asks for one thing and hands over the one message of the answer.
     *
     * @return 0, or the negative errno that the kernel answered with: ENOENT when there is no such thing
     */
    public int get(int type, MemorySegment payload, Consumer<MemorySegment> message) {
        return ask(type, 0, payload, message);
    }

    private int ask(int type, int flags, MemorySegment payload, Consumer<MemorySegment> message) {
        int length = HEADER_BYTES + (int) payload.byteSize();
        sequence++;
        request.set(JAVA_INT, 0, length);
        request.set(JAVA_SHORT, 4, (short) type);
        request.set(JAVA_SHORT, 6, (short) (Uapi.NLM_F_REQUEST() | flags));
        request.set(JAVA_INT, 8, sequence);
        request.set(JAVA_INT, 12, 0);
        MemorySegment.copy(payload, 0, request, HEADER_BYTES, payload.byteSize());
        long sent = Native.syscall(SENDTO, fd.number(), request.address(), length, 0, 0, 0);
        if (sent < 0) {
            return (int) sent;
        }
        while (true) {
            long size = Native.syscall(RECVFROM, fd.number(), buffer.address(), BUFFER_BYTES, 0, 0, 0);
            if (size == -Uapi.EINTR()) {
                continue;
            }
            if (size <= 0) {
                return size == 0 ? -Uapi.EPROTO() : (int) size;
            }
            int end = hand(size, flags == 0, message);
            if (end <= 0) {
                return end;
            }
        }
    }

    /** Gives 1 while more is to come, 0 at the end of the dump, or a negative errno. */
    private int hand(long size, boolean single, Consumer<MemorySegment> message) {
        for (long at = 0; at + HEADER_BYTES <= size;) {
            long length = Integer.toUnsignedLong(buffer.get(JAVA_INT, at));
            int type = buffer.get(JAVA_SHORT, at + 4) & 0xffff;
            if (length < HEADER_BYTES || at + length > size) {
                return -Uapi.EPROTO();
            }
            // What an earlier dump, given up half-way, left behind is passed over.
            if (buffer.get(JAVA_INT, at + 8) == sequence) {
                if (type == Uapi.NLMSG_DONE()) {
                    return 0;
                }
                if (type == Uapi.NLMSG_ERROR()) {
                    return length < HEADER_BYTES + 4 ? -Uapi.EPROTO() : buffer.get(JAVA_INT, at + HEADER_BYTES);
                }
                message.accept(buffer.asSlice(at + HEADER_BYTES, length - HEADER_BYTES));
                if (single) {
                    return 0;
                }
            }
            at += (length + 3) & ~3;
        }
        return 1;
    }

    @Override
    public void close() {
        fd.close();
    }
}
