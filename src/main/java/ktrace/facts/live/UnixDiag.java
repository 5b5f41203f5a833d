package ktrace.facts.live;

import java.lang.foreign.Arena;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import ktrace.event.FdSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.linux.NetlinkSocket;
import ktrace.linux.uapi.Uapi;
import ktrace.text.RawText;

/**
 * Asks for one unix socket by its inode (sock_diag(7)): one question costs the same however many sockets there are.
 *
 * <pre>
 * struct unix_diag_req, 24 bytes                     struct unix_diag_msg, 16 bytes, then attributes
 *   0 family 1 protocol 2 pad (u16)  4 states          0 family 1 type 2 state 3 pad  4 ino  8 cookie[2]
 *   8 ino  12 show  16 cookie[2] (-1: any)            16 nlattr: u16 length, u16 type, value, to the next 4
 * </pre>
 */
final class UnixDiag {
    private static final int REQUEST_BYTES = 24;
    private static final int MESSAGE_BYTES = 16;
    private static final int TYPE = 1;
    private static final int STATE = 2;

    private final String suffix;
    private final MemorySegment request = Arena.ofAuto().allocate(REQUEST_BYTES, 4);
    private SocketInfo answer;
    private boolean isDatagram;

    UnixDiag(String suffix) {
        this.suffix = suffix;
        request.set(JAVA_BYTE, 0, (byte) Uapi.AF_UNIX());
        request.set(JAVA_INT, 4, -1);
        request.set(JAVA_INT, 12, Uapi.UDIAG_SHOW_NAME() | Uapi.UDIAG_SHOW_PEER());
        request.set(JAVA_INT, 16, -1);
        request.set(JAVA_INT, 20, -1);
    }

    /** Null when this namespace has no unix socket with this inode. */
    SocketInfo find(NetlinkSocket netlink, long inode) {
        SocketInfo found = ask(netlink, inode);
        if (found == null || found.peerKey() <= 0 || !isDatagram) {
            return found;
        }
        // Many may send to one, which then is connected to another or to none.
        SocketInfo peer = ask(netlink, found.peerKey());
        return peer == null || peer.peerKey() == inode ? found
                : new SocketInfo(found.kind(), found.name(), FdSnapshot.oneWay(found.peerKey()));
    }

    private SocketInfo ask(NetlinkSocket netlink, long inode) {
        answer = null;
        request.set(JAVA_INT, 8, (int) inode);
        netlink.get(Uapi.SOCK_DIAG_BY_FAMILY(), request, message -> answer = parse(message, inode));
        return answer;
    }

    private SocketInfo parse(MemorySegment message, long inode) {
        if (message.byteSize() < MESSAGE_BYTES || message.get(JAVA_BYTE, 0) != Uapi.AF_UNIX()) {
            return null;
        }
        String name = null;
        isDatagram = message.get(JAVA_BYTE, TYPE) == Uapi.SOCK_DGRAM();
        long peer = message.get(JAVA_BYTE, STATE) == Uapi.TCP_LISTEN() ? FdSnapshot.LISTENING : 0;
        for (long at = MESSAGE_BYTES; at + 4 <= message.byteSize();) {
            int length = message.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
            int type = message.get(JAVA_SHORT_UNALIGNED, at + 2) & 0xffff;
            if (length < 4 || at + length > message.byteSize()) {
                break;
            }
            if (type == Uapi.UNIX_DIAG_NAME()) {
                name = name(message.asSlice(at + 4, length - 4).toArray(JAVA_BYTE));
            } else if (type == Uapi.UNIX_DIAG_PEER() && length >= 8) {
                peer = Integer.toUnsignedLong(message.get(JAVA_INT_UNALIGNED, at + 4));
            }
            at += (length + 3) & ~3;
        }
        return new SocketInfo(ObjectKind.UNIX,
                name == null ? SocketNames.ofInode(ObjectKind.UNIX, inode) + suffix : "unix " + name + suffix, peer);
    }

    /** A path, which may end in a NUL; or an abstract name, written as the kernel writes it: @ for the leading NUL (unix(7)). */
    private static String name(byte[] bytes) {
        int length = bytes.length;
        boolean isAbstract = length > 0 && bytes[0] == 0;
        while (!isAbstract && length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        for (int i = 0; i < length; i++) {
            bytes[i] = bytes[i] == 0 ? (byte) '@' : bytes[i];
        }
        return length == 0 ? null : RawText.of(bytes, 0, length);
    }
}
