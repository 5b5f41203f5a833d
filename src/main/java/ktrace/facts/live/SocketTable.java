package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.List;
import java.util.function.LongSupplier;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.linux.NetlinkSocket;
import ktrace.linux.SyscallException;
import ktrace.linux.uapi.Uapi;

/**
 * Tells sockets by their inode, in whatever network namespace they are: one netlink socket for each namespace, opened when the
 * first of its sockets is asked for. Belongs to one thread.
 */
final class SocketTable implements AutoCloseable {
    /** So many netlink sockets are held open; beyond that the one whose namespace was asked about longest ago is closed. */
    private static final int NAMESPACES = 256;

    /** The loopback interface is the first in every network namespace. */
    private static final String LOOPBACK = "1";

    private final ProcFs proc;
    private final LongSupplier clockNs;
    private final SequencedMap<String, Namespace> namespaces = new LinkedHashMap<>(16, 0.75f, true);
    private final String ownName;

    private static final class Namespace {
        final NetlinkSocket netlink;
        final UnixDiag unix;
        final InetDiag tcp;
        final InetDiag udp;

        Namespace(NetlinkSocket netlink, String suffix, LongSupplier clockNs) {
            this.netlink = netlink;
            unix = new UnixDiag(suffix);
            tcp = new InetDiag(ObjectKind.TCP, suffix, clockNs);
            udp = new InetDiag(ObjectKind.UDP, suffix, clockNs);
        }
    }

    /** @param ownTgid ktrace's own process, in whose namespace most sockets are */
    SocketTable(ProcFs proc, int ownTgid, LongSupplier clockNs) {
        this.proc = proc;
        this.clockNs = clockNs;
        ownName = proc.networkNamespace(ownTgid);
    }

    /**
     * The socket with this inode in the network namespace of process {@code tgid}. When the kernel does not know it, as it is with
     * a socket that was made but is neither bound nor connected, it is of kind OTHER with an unknown peer.
     *
     * @param protocol the kernel's name of its protocol; null when it did not say, and all are to be looked through
     */
    SocketInfo find(int tgid, long inode, String protocol) {
        Namespace namespace = namespaceOf(tgid);
        SocketInfo found = namespace == null ? null : find(namespace, tgid, inode, protocol);
        return found != null ? found : new SocketInfo(ObjectKind.OTHER, "socket:[" + inode + ']', FdSnapshot.PEER_UNKNOWN);
    }

    private SocketInfo find(Namespace namespace, int tgid, long inode, String protocol) {
        SocketInfo found = null;
        if (protocol == null || protocol.startsWith("UNIX")) {
            found = namespace.unix.find(namespace.netlink, inode);
        }
        if (found == null && (protocol == null || protocol.startsWith("TCP"))) {
            found = namespace.tcp.find(namespace.netlink, inode);
        }
        if (found == null && (protocol == null || protocol.startsWith("UDP"))) {
            found = namespace.udp.find(namespace.netlink, inode);
        }
        if ("PACKET".equals(protocol)) {
            return packets(proc.net(tgid, "packet"), inode);
        }
        boolean isNetlink = "NETLINK".equals(protocol)
                || found == null && protocol == null && isNetlink(proc.net(tgid, "netlink"), inode);
        return isNetlink ? new SocketInfo(ObjectKind.NETLINK, SocketNames.ofInode(ObjectKind.NETLINK, inode), 0) : found;
    }

    /** /proc/net/packet: the interface is the fifth word of a line, 0 when it is any, and the inode the last. */
    private static SocketInfo packets(byte[] table, long inode) {
        String name = SocketNames.ofInode(ObjectKind.PACKET, inode);
        if (table != null) {
            for (String line : new String(table, StandardCharsets.ISO_8859_1).split("\n")) {
                String[] words = line.trim().split(" +");
                if (words.length > 8 && words[8].equals(Long.toString(inode))) {
                    return new SocketInfo(ObjectKind.PACKET, words[4].equals(LOOPBACK)
                            ? SocketNames.LOOPBACK_PACKETS + ":[" + inode + ']' : name, 0);
                }
            }
        }
        return new SocketInfo(ObjectKind.PACKET, name, FdSnapshot.PEER_UNKNOWN);
    }

    /** /proc/net/netlink: the inode is the last word of a line. */
    private static boolean isNetlink(byte[] table, long inode) {
        byte[] word = (" " + inode).getBytes(StandardCharsets.ISO_8859_1);
        for (int line = 0; table != null && line < table.length;) {
            int next = ProcText.nextLine(table, line);
            int end = next - 1;
            while (end > line && table[end - 1] == ' ') {
                end--;
            }
            int start = end - word.length;
            if (start > line && Arrays.equals(table, start, end, word, 0, word.length)) {
                return true;
            }
            line = next;
        }
        return false;
    }

    private Namespace namespaceOf(int tgid) {
        String name = proc.networkNamespace(tgid);
        if (name == null) {
            name = ownName;
        }
        if (!namespaces.containsKey(name)) {
            if (namespaces.size() >= NAMESPACES) {
                close(namespaces.pollFirstEntry().getValue());
            }
            namespaces.put(name, open(name, tgid));
        }
        return namespaces.get(name);
    }

    private Namespace open(String name, int tgid) {
        try {
            if (name == null || name.equals(ownName)) {
                return new Namespace(NetlinkSocket.open(Uapi.NETLINK_SOCK_DIAG()), "", clockNs);
            }
            NetlinkSocket socket = NetlinkSocket.openIn(proc.networkNamespacePath(tgid), Uapi.NETLINK_SOCK_DIAG());
            return socket == null ? null : new Namespace(socket, " (" + name + ')', clockNs);
        } catch (SyscallException notPermitted) {
            // Its sockets stay unknown, and are counted as such by whoever asks.
            return null;
        }
    }

    /** What a descriptor with this link refers to. */
    FdSnapshot describe(int tgid, int fd, long inode, int flags) {
        SocketInfo info = find(tgid, inode, proc.protocol(tgid, fd));
        return new FdSnapshot(tgid, fd, new KernelObject(info.kind(), info.name(), inode), flags, info.peerKey(),
                List.of());
    }

    private static void close(Namespace namespace) {
        if (namespace != null) {
            namespace.netlink.close();
        }
    }

    @Override
    public void close() {
        namespaces.values().forEach(SocketTable::close);
        namespaces.clear();
    }
}
