package ktrace.decode.sockets;

import ktrace.decode.Argument;
import ktrace.decode.Buffers;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Quoted;

/** sendmsg(2), recvmsg(2) and their plural forms: struct msghdr and what is sent along with the data. */
final class SocketMessages {
    private static final Constants FLAGS = Constants.group("msg");
    private static final Constants LEVEL = Constants.group("socket_level");
    private static final Constants SCM = Constants.group("scm");
    private static final Constants IP = Constants.group("ip_cmsg");
    private static final int SOL_SOCKET = 1;
    private static final int SOL_IP = 0;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    /** struct msghdr: name, namelen, iov, iovlen, control, controllen, flags; struct mmsghdr: that and a length. */
    private static final int HEADER_WORDS = 7;
    private static final int VECTOR_WORDS = 8;
    private static final int MAX_CONTROL_BYTES = 4096;

    private SocketMessages() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "msghdr" -> Argument.in((d, value) -> header(d, value, Long.MAX_VALUE, -1));
            case "msghdr-out" -> Argument.late((d, value) -> received(d, value))
                    .noting((d, value) -> d.call().noted = d.intAt(value + d.call().wordBytes(), -1));
            case "mmsghdr" -> Argument.late((d, value) -> vector(d, value, d.failed() ? d.argument(2) : d.call().result(), false,
                    !d.failed()));
            case "mmsghdr-out" -> Argument.late((d, value) -> {
                if (d.failed()) {
                    d.address(value);
                } else {
                    vector(d, value, d.call().result(), true, true);
                }
            });
            default -> null;
        };
    }

    private static void received(Decoding d, long address) {
        if (!d.failed()) {
            header(d, address, d.call().result(), d.call().noted);
            return;
        }
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, HEADER_WORDS * word);
        if (bytes == null) {
            d.address(address);
        } else {
            d.out().append("{msg_namelen=").append(bytes.i32(word)).append('}');
        }
    }

    /**
     * @param dataBytes of all buffers together
     * @param roomForName what {@code msg_namelen} was at entry, or -1 when it is as it was
     */
    private static void header(Decoding d, long address, long dataBytes, long roomForName) {
        Bytes bytes = d.fetch(address, HEADER_WORDS * d.call().wordBytes());
        if (bytes == null) {
            d.address(address);
        } else {
            header(d, bytes, 0, dataBytes, roomForName);
        }
    }

    private static void header(Decoding d, Bytes bytes, int at, long dataBytes, long roomForName) {
        StringBuilder out = d.out().append("{msg_name=");
        int word = bytes.wordBytes();
        int nameLength = bytes.i32(at + word);
        int readable = roomForName >= 0 ? (int) Math.min(nameLength, roomForName) : nameLength;
        SocketAddress.show(d, bytes.word(at), readable);
        out.append(", msg_namelen=");
        if (roomForName >= 0 && roomForName != nameLength) {
            out.append(roomForName).append(" => ");
        }
        out.append(nameLength).append(", msg_iov=");
        Buffers.vectors(d, bytes.word(at + 2 * word), bytes.word(at + 3 * word), dataBytes);
        out.append(", msg_iovlen=").append(bytes.word(at + 3 * word));
        long controlLength = bytes.word(at + 5 * word);
        if (controlLength != 0) {
            out.append(", msg_control=");
            control(d, bytes.word(at + 4 * word), controlLength);
        }
        out.append(", msg_controllen=").append(controlLength).append(", msg_flags=");
        FLAGS.flags(out, bytes.u32(at + 6 * word));
        out.append('}');
    }

    /**
     * @param received whether the lengths tell how much of each buffer is data
     * @param counted whether there are lengths
     */
    private static void vector(Decoding d, long address, long count, boolean received, boolean counted) {
        int shown = (int) Math.min(Math.max(count, 0), d.options().stringBytes());
        int word = d.call().wordBytes();
        Bytes bytes = shown > 0 ? d.fetch(address, shown * VECTOR_WORDS * word) : null;
        if (bytes == null) {
            if (shown == 0 && address != 0) {
                d.out().append("[]");
            } else {
                d.address(address);
            }
            return;
        }
        StringBuilder out = d.out().append('[');
        for (int i = 0; i < shown; i++) {
            int at = i * VECTOR_WORDS * word;
            long length = bytes.u32(at + HEADER_WORDS * word);
            out.append(i > 0 ? ", " : "").append("{msg_hdr=");
            header(d, bytes, at, received ? length : Long.MAX_VALUE, -1);
            if (counted) {
                out.append(", msg_len=").append(length);
            }
            out.append('}');
        }
        out.append(shown < count ? ", ...]" : "]");
    }

    /** struct cmsghdr: length, level, type, then data, each at a multiple of a word (cmsg(3)). */
    private static void control(Decoding d, long address, long length) {
        Bytes bytes = length < 0 || length > MAX_CONTROL_BYTES ? null : d.fetch(address, (int) length);
        int word = d.call().wordBytes();
        int head = word + 8;
        if (bytes == null || length < head) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append('[');
        int at = 0;
        while (at + head <= bytes.length()) {
            long size = bytes.word(at);
            int level = bytes.i32(at + word);
            int type = bytes.i32(at + word + 4);
            out.append(at > 0 ? ", " : "").append("{cmsg_len=").append(Long.toUnsignedString(size)).append(", cmsg_level=");
            LEVEL.one(out, level & 0xffff_ffffL);
            out.append(", cmsg_type=");
            if (level == SOL_SOCKET || level == SOL_IP) {
                (level == SOL_SOCKET ? SCM : IP).one(out, type & 0xffff_ffffL);
            } else {
                d.hex(type & 0xffff_ffffL);
            }
            if (size < head || size > bytes.length() - at) {
                out.append('}');
                break;
            }
            if (size > head) {
                out.append(", cmsg_data=");
                controlData(d, bytes, at + head, at + (int) size, level == SOL_SOCKET ? type : 0);
            }
            out.append('}');
            at += (int) (size + word - 1) & -word;
        }
        out.append(']');
    }

    private static void controlData(Decoding d, Bytes bytes, int from, int to, int socketType) {
        StringBuilder out = d.out();
        if (socketType == SCM_RIGHTS) {
            out.append('[');
            for (int at = from; at + 4 <= to; at += 4) {
                out.append(at > from ? ", " : "");
                d.fd(bytes.i32(at));
            }
            out.append(']');
        } else if (socketType == SCM_CREDENTIALS && to - from >= 12) {
            credentials(out, bytes, from);
        } else {
            out.append('"');
            for (int at = from; at < to; at++) {
                Quoted.hex(out, bytes.u8(at));
            }
            out.append('"');
        }
    }

    /** struct ucred. */
    static void credentials(StringBuilder out, Bytes bytes, int at) {
        out.append("{pid=").append(bytes.i32(at)).append(", uid=").append(id(bytes.i32(at + 4))).append(", gid=")
                .append(id(bytes.i32(at + 8))).append('}');
    }

    private static String id(int id) {
        return id == -1 ? "-1" : Integer.toUnsignedString(id);
    }
}
