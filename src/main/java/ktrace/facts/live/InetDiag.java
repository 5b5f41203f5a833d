package ktrace.facts.live;

import java.lang.foreign.Arena;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import ktrace.event.FdSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.linux.NetlinkSocket;
import ktrace.linux.uapi.Uapi;

/**
 * The TCP and UDP sockets of one network namespace, from inet_diag dumps (sock_diag(7)), indexed by inode and by addresses.
 *
 * <pre>
 * struct inet_diag_req_v2, 56 bytes         struct inet_diag_msg, 72 bytes
 *   0 family  1 protocol  2 ext  3 pad        0 family  1 state  2 timer  3 retrans
 *   4 states (u32)                            4 id: sport dport (be16)
 *   8 id (48 bytes), unused in a dump         8   src[4]   24 dst[4] (be32)   40 if   44 cookie[2]
 *                                            52 expires 56 rqueue 60 wqueue 64 uid 68 inode
 * </pre>
 */
final class InetDiag {
    private static final int REQUEST_BYTES = 56;
    private static final int MESSAGE_BYTES = 72;
    private static final int STATE = 1;
    private static final int SPORT = 4;
    private static final int DPORT = 6;
    private static final int SRC = 8;
    private static final int DST = 24;
    private static final int INODE = 68;
    /** Sockets that nobody holds: what is left of closed ones, and connections that are still being made. */
    private static final int STATES = ~(1 << Uapi.TCP_TIME_WAIT() | 1 << Uapi.TCP_SYN_RECV() | 1 << 12);

    private final String suffix;
    private Map<Integer, Socket> byInode = new HashMap<>();
    private Map<Ends, Integer> byEnds = new HashMap<>();

    private record Ends(ObjectKind kind, String local, String remote) {
    }

    private record Socket(ObjectKind kind, int state, String local, String remote) {
    }

    /** @param suffix of the names of sockets in this namespace, see {@link SocketNames} */
    InetDiag(String suffix) {
        this.suffix = suffix;
    }

    /** Reads all anew. A family that the kernel does not have is left out. */
    void refresh(NetlinkSocket netlink) {
        Map<Integer, Socket> sockets = HashMap.newHashMap(byInode.size());
        Map<Ends, Integer> ends = HashMap.newHashMap(byEnds.size());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(REQUEST_BYTES, 4);
            for (int family : new int[] {Uapi.AF_INET(), Uapi.AF_INET6()}) {
                for (int protocol : new int[] {Uapi.IPPROTO_TCP(), Uapi.IPPROTO_UDP()}) {
                    request.set(JAVA_BYTE, 0, (byte) family);
                    request.set(JAVA_BYTE, 1, (byte) protocol);
                    request.set(JAVA_INT, 4, STATES);
                    ObjectKind kind = protocol == Uapi.IPPROTO_TCP() ? ObjectKind.TCP : ObjectKind.UDP;
                    netlink.dump(Uapi.SOCK_DIAG_BY_FAMILY(), request, message -> add(message, kind, sockets, ends));
                }
            }
        }
        byInode = sockets;
        byEnds = ends;
    }

    private static void add(MemorySegment message, ObjectKind kind, Map<Integer, Socket> sockets, Map<Ends, Integer> ends) {
        if (message.byteSize() < MESSAGE_BYTES) {
            return;
        }
        boolean six = message.get(JAVA_BYTE, 0) == Uapi.AF_INET6();
        int inode = message.get(JAVA_INT_UNALIGNED, INODE);
        String local = InetAddresses.text(message, SRC, six) + ':' + port(message, SPORT);
        int remotePort = port(message, DPORT);
        String remote = remotePort == 0 ? null : InetAddresses.text(message, DST, six) + ':' + remotePort;
        if (inode != 0) {
            sockets.put(inode, new Socket(kind, message.get(JAVA_BYTE, STATE), local, remote));
            if (remote != null) {
                ends.put(new Ends(kind, local, remote), inode);
            }
        }
    }

    private static int port(MemorySegment message, long at) {
        return (message.get(JAVA_BYTE, at) & 0xff) << 8 | message.get(JAVA_BYTE, at + 1) & 0xff;
    }

    /** Null when no socket of the last refresh has this inode. */
    SocketInfo find(long inode) {
        Socket socket = byInode.get((int) inode);
        if (socket == null) {
            return null;
        }
        if (socket.remote == null) {
            boolean listens = socket.kind == ObjectKind.TCP && socket.state == Uapi.TCP_LISTEN();
            return new SocketInfo(socket.kind, SocketNames.unconnected(socket.kind, socket.local, suffix),
                    listens ? FdSnapshot.LISTENING : 0);
        }
        Integer peer = byEnds.get(new Ends(socket.kind, socket.remote, socket.local));
        return new SocketInfo(socket.kind, SocketNames.connected(socket.kind, socket.local, socket.remote, suffix),
                peer == null ? 0 : Integer.toUnsignedLong(peer));
    }
}
