package ktrace.decode.sockets;

import java.util.Locale;
import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Quoted;

/** Addresses of sockets: IPv4, IPv6, unix, netlink; what is none of these as bytes. */
final class SocketAddress {
    private static final Constants FAMILY = Constants.group("address_family");
    private static final int UNIX = 1;
    private static final int INET = 2;
    private static final int INET6 = 10;
    private static final int NETLINK = 16;
    /** struct sockaddr_storage. */
    private static final int MAX_BYTES = 128;

    private SocketAddress() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "sockaddr" -> {
                int length = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> show(d, value, (int) d.argument(length)));
            }
            case "sockaddr-out" -> {
                int length = Integer.parseInt(parameter);
                yield Argument.late((d, value) -> filled(d, value, d.argument(length)))
                        .noting((d, value) -> d.call().noted = d.intAt(d.argument(length), 0));
            }
            case "recv-from" -> {
                int length = Integer.parseInt(parameter);
                yield Argument.late((d, value) -> filled(d, value, d.argument(length)));
            }
            case "socklen-in-out" -> Argument.late(SocketAddress::length);
            default -> null;
        };
    }

    /** The kernel leaves in the length what the address needs, which may be more than there was room for. */
    private static void filled(Decoding d, long address, long lengthAt) {
        int length = d.failed() ? 0 : d.intAt(lengthAt, 0);
        int room = (int) Math.min(length, Math.max(d.call().noted, 0));
        if (room <= 0) {
            d.address(address);
        } else {
            show(d, address, room);
        }
    }

    /** {@code [16]}, or {@code [128 => 16]} where the call has changed it. */
    static void length(Decoding d, long address) {
        Bytes bytes = d.fetch(address, Integer.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int now = bytes.i32(0);
        d.out().append('[');
        if (!d.failed() && d.call().noted != now) {
            d.out().append(d.call().noted).append(" => ");
        }
        d.out().append(now).append(']');
    }

    static void show(Decoding d, long address, int length) {
        Bytes bytes = length < 2 ? null : d.fetch(address, Math.min(length, MAX_BYTES));
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out();
        int family = bytes.u16(0);
        out.append("{sa_family=");
        FAMILY.one(out, family);
        if (family == UNIX) {
            unix(out, bytes);
        } else if (family == INET && bytes.length() >= 16) {
            out.append(", sin_port=htons(").append(bytes.port(2)).append("), sin_addr=inet_addr(\"");
            ipv4(out, bytes, 4);
            out.append("\")");
        } else if (family == INET6 && bytes.length() >= 24) {
            inet6(out, bytes);
        } else if (family == NETLINK && bytes.length() >= 12) {
            int groups = bytes.i32(8);
            // C's %#08x: eight characters, of which "0x" are two.
            out.append(", nl_pid=").append(bytes.i32(4)).append(", nl_groups=")
                    .append(groups == 0 ? "00000000" : String.format(Locale.ROOT, "0x%06x", groups));
        } else if (bytes.length() > 2) {
            out.append(", sa_data=\"");
            Quoted.append(out, bytes.array(), 2, bytes.length(), -1);
            out.append('"');
        }
        out.append('}');
    }

    /** A path ends with a zero or with the address; a name that begins with a zero is no path and may hold anything. */
    private static void unix(StringBuilder out, Bytes bytes) {
        if (bytes.length() <= 2) {
            return;
        }
        boolean isAbstract = bytes.u8(2) == 0 && bytes.length() > 3;
        int from = isAbstract ? 3 : 2;
        int end = from;
        while (end < bytes.length() && (isAbstract || bytes.u8(end) != 0)) {
            end++;
        }
        out.append(isAbstract ? ", sun_path=@\"" : ", sun_path=\"");
        Quoted.append(out, bytes.array(), from, end, -1);
        out.append('"');
    }

    private static void ipv4(StringBuilder out, Bytes bytes, int at) {
        out.append(bytes.u8(at)).append('.').append(bytes.u8(at + 1)).append('.').append(bytes.u8(at + 2)).append('.')
                .append(bytes.u8(at + 3));
    }

    private static void inet6(StringBuilder out, Bytes bytes) {
        long flow = Integer.reverseBytes(bytes.i32(4)) & 0xffff_ffffL;
        out.append(", sin6_port=htons(").append(bytes.port(2)).append("), sin6_flowinfo=htonl(").append(flow)
                .append("), inet_pton(AF_INET6, \"");
        ipv6(out, bytes, 8);
        out.append("\", &sin6_addr)");
        if (bytes.length() >= 28) {
            out.append(", sin6_scope_id=").append(bytes.u32(24));
        }
    }

    /** RFC 5952, as inet_ntop(3) does: the longest run of at least two zero groups is left out. */
    private static void ipv6(StringBuilder out, Bytes bytes, int at) {
        int bestFrom = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && bytes.port(at + 2 * (i + run)) == 0) {
                run++;
            }
            if (run > bestLength) {
                bestFrom = i;
                bestLength = run;
            }
            i += run;
        }
        boolean mapped = bestFrom == 0 && (bestLength == 6 || bestLength == 5 && bytes.port(at + 10) == 0xffff);
        for (int i = 0; i < 8; i++) {
            if (i == bestFrom) {
                out.append(i == 0 ? "::" : ":");
                i += bestLength - 1;
            } else if (i == 6 && mapped) {
                ipv4(out, bytes, at + 12);
                return;
            } else {
                out.append(Integer.toHexString(bytes.port(at + 2 * i))).append(i < 7 ? ":" : "");
            }
        }
    }
}
