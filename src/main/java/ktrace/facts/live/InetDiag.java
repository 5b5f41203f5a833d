package ktrace.facts.live;

import java.lang.foreign.Arena;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import ktrace.event.FdSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.linux.NetlinkSocket;
import ktrace.linux.Processes;
import ktrace.linux.uapi.Uapi;
import ktrace.text.InetAddresses;

/**
 * The TCP or the UDP sockets of one network namespace, from inet_diag dumps (sock_diag(7)), indexed by inode and by addresses.
 *
 * <p>A dump of TCP goes through the table of all connections of the machine, whatever it asks for: some 0.2 ms for 262,144 chains,
 * Linux 6.18. The request that was there before sock_diag gives both families of addresses at once (inet_diag_dump_compat in
 * net/ipv4/inet_diag.c), so it goes through it once. Of UDP there is no such request; its table is small.
 *
 * <pre>
 * struct inet_diag_req_v2, 56 bytes         struct inet_diag_msg, 72 bytes
 *   0 family  1 protocol  2 ext  3 pad        0 family  1 state  2 timer  3 retrans
 *   4 states (u32)                            4 id: sport dport (be16)
 *   8 id (48 bytes), unused in a dump         8   src[4]   24 dst[4] (be32)   40 if   44 cookie[2]
 * struct inet_diag_req, 60 bytes             52 expires 56 rqueue 60 wqueue 64 uid 68 inode
 *   0 family  1 src_len  2 dst_len  3 ext
 *   4 id (48 bytes)  52 states  56 dbs
 * </pre>
 */
final class InetDiag {
    private static final int REQUEST_BYTES = 56;
    private static final int OLD_REQUEST_BYTES = 60;
    private static final int OLD_STATES = 52;
    private static final int MESSAGE_BYTES = 72;
    private static final int STATE = 1;
    private static final int SPORT = 4;
    private static final int DPORT = 6;
    private static final int SRC = 8;
    private static final int DST = 24;
    private static final int INODE = 68;
    /** Sockets that nobody holds: what is left of closed ones, and connections that are still being made. */
    private static final int STATES = ~(1 << Uapi.TCP_TIME_WAIT() | 1 << Uapi.TCP_SYN_RECV() | 1 << 12);

    /** In these a socket that nobody holds is one that waits to be accepted: what is left of a closed one is in others. */
    private static final int UNACCEPTED = 1 << Uapi.TCP_ESTABLISHED() | 1 << Uapi.TCP_CLOSE_WAIT();
    /** Several listen at the same address (SO_REUSEPORT). */
    private static final int SEVERAL = 0;

    private static final int SHARE = 3;
    private static final ValueLayout.OfInt FOUR = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong HALF = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final ObjectKind kind;
    private final String suffix;
    private final LongSupplier clockNs;
    private long nextRefreshNs = Long.MIN_VALUE;
    private Table table = new Table(0, 0);

    /** With methods of its own: those of a record are linked at their first use, and that takes a millisecond. */
    private record Ends(String local, String remote) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Ends e && local.equals(e.local) && remote.equals(e.remote);
        }

        @Override
        public int hashCode() {
            return 31 * local.hashCode() + remote.hashCode();
        }
    }

    private record Socket(int state, String local, String remote) {
    }

    /** What one dump told. */
    private static final class Table {
        private final Map<Integer, Socket> byInode;
        /** The inode is 0 of what waits to be accepted. */
        private final Map<Ends, Integer> byEnds;
        /** By address. */
        private final Map<String, Integer> listening = new HashMap<>();

        Table(int sockets, int connected) {
            byInode = HashMap.newHashMap(sockets);
            byEnds = HashMap.newHashMap(connected);
        }

        void add(int inode, int state, String local, String remote) {
            if (inode != 0) {
                byInode.put(inode, new Socket(state, local, remote));
            }
            if (remote == null) {
                if (state == Uapi.TCP_LISTEN()) {
                    listening.merge(local, inode, (one, other) -> SEVERAL);
                }
            } else if (inode != 0 || (1 << state & UNACCEPTED) != 0) {
                byEnds.put(new Ends(local, remote), inode);
            }
        }

        /** The key of the other end, see {@link FdSnapshot#peerKey}. */
        long peerKey(Socket socket) {
            Integer peer = byEnds.get(new Ends(socket.remote, socket.local));
            if (peer == null) {
                return 0;
            }
            if (peer != 0) {
                return Integer.toUnsignedLong(peer);
            }
            int accepting = listensAt(socket.remote);
            return accepting == SEVERAL ? 0 : FdSnapshot.oneWay(Integer.toUnsignedLong(accepting));
        }

        private int listensAt(String address) {
            Integer exactly = listening.get(address);
            if (exactly != null) {
                return exactly;
            }
            String port = address.substring(address.lastIndexOf(':'));
            int four = listening.getOrDefault("0.0.0.0" + port, SEVERAL);
            int six = listening.getOrDefault("[::]" + port, SEVERAL);
            return four == SEVERAL ? six : six == SEVERAL || address.indexOf('[') < 0 ? four : six;
        }
    }

    /**
     * @param kind TCP or UDP
     * @param suffix of the names of sockets in this namespace, see {@link SocketNames}
     */
    InetDiag(ObjectKind kind, String suffix, LongSupplier clockNs) {
        this.kind = kind;
        this.suffix = suffix;
        this.clockNs = clockNs;
    }

    /**
     * The socket with this inode; null when there is none, or it is too new. Dumps are made anew for what is missing from the last,
     * but never take more than a quarter of the time, however many connections come and go.
     */
    SocketInfo find(NetlinkSocket netlink, long inode) {
        SocketInfo found = find(inode);
        // The other end of a loopback connection may have come after the last dump, or its inode only with accept(2).
        boolean isWhole = found != null && (found.peerKey() > 0 || found.peerKey() == FdSnapshot.LISTENING);
        if (isWhole || clockNs.getAsLong() < nextRefreshNs) {
            return found;
        }
        // CPU time: where it had to wait for a CPU it has cost the machine nothing.
        long startNs = Processes.threadCpuNs();
        refresh(netlink);
        nextRefreshNs = clockNs.getAsLong() + SHARE * (Processes.threadCpuNs() - startNs);
        return find(inode);
    }

    /** Reads all anew. A family of addresses that the kernel does not have is left out. */
    private void refresh(NetlinkSocket netlink) {
        Table anew = new Table(table.byInode.size(), table.byEnds.size());
        try (Arena arena = Arena.ofConfined()) {
            if (kind == ObjectKind.TCP) {
                MemorySegment request = arena.allocate(OLD_REQUEST_BYTES, 4);
                request.set(JAVA_INT, OLD_STATES, STATES);
                netlink.dump(Uapi.TCPDIAG_GETSOCK(), request, message -> add(message, anew));
            } else {
                MemorySegment request = arena.allocate(REQUEST_BYTES, 4);
                request.set(JAVA_BYTE, 1, (byte) Uapi.IPPROTO_UDP());
                request.set(JAVA_INT, 4, STATES);
                for (int family : new int[] {Uapi.AF_INET(), Uapi.AF_INET6()}) {
                    request.set(JAVA_BYTE, 0, (byte) family);
                    netlink.dump(Uapi.SOCK_DIAG_BY_FAMILY(), request, message -> add(message, anew));
                }
            }
        }
        table = anew;
    }

    private static void add(MemorySegment message, Table to) {
        if (message.byteSize() < MESSAGE_BYTES) {
            return;
        }
        boolean six = message.get(JAVA_BYTE, 0) == Uapi.AF_INET6();
        int remotePort = port(message, DPORT);
        to.add(message.get(JAVA_INT_UNALIGNED, INODE), message.get(JAVA_BYTE, STATE),
                address(message, SRC, six) + ':' + port(message, SPORT),
                remotePort == 0 ? null : address(message, DST, six) + ':' + remotePort);
    }

    private static String address(MemorySegment message, long at, boolean six) {
        return six ? InetAddresses.six(message.get(HALF, at), message.get(HALF, at + 8)) : InetAddresses.four(message.get(FOUR, at));
    }

    private static int port(MemorySegment message, long at) {
        return (message.get(JAVA_BYTE, at) & 0xff) << 8 | message.get(JAVA_BYTE, at + 1) & 0xff;
    }

    private SocketInfo find(long inode) {
        Socket socket = table.byInode.get((int) inode);
        if (socket == null) {
            return null;
        }
        if (socket.remote == null) {
            boolean listens = kind == ObjectKind.TCP && socket.state == Uapi.TCP_LISTEN();
            return new SocketInfo(kind, SocketNames.unconnected(kind, socket.local, suffix), listens ? FdSnapshot.LISTENING : 0);
        }
        return new SocketInfo(kind, SocketNames.connected(kind, socket.local, socket.remote, suffix), table.peerKey(socket));
    }
}
