package ktrace.decode.sockets;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.linux.Errno;

/** socket(2), and the options of setsockopt(2) and getsockopt(2). */
final class SocketOptions {
    private static final Constants TYPE = Constants.group("socket_type");
    private static final Constants TYPE_FLAGS = Constants.group("socket_flags");
    private static final Constants INET_PROTOCOL = Constants.group("inet_protocol");
    private static final Constants NETLINK_PROTOCOL = Constants.group("netlink_protocol");
    private static final Constants LEVEL = Constants.group("socket_level");
    private static final int SOCKET = 1;
    private static final int ERROR = 4;
    private static final int LINGER = 13;
    private static final int PEERCRED = 17;
    private static final int BINDTODEVICE = 25;

    private SocketOptions() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "socket-type" -> Argument.in((d, value) -> {
                if (TYPE.find(value & 0xf) == null) {
                    TYPE_FLAGS.flags(d.out(), value & 0xffff_ffffL);
                } else {
                    TYPE.one(d.out(), value & 0xf);
                    TYPE_FLAGS.moreFlags(d.out(), value & 0xffff_fff0L);
                }
            });
            case "protocol" -> Argument.in((d, value) -> protocol(d, (int) d.argument(0), value));
            case "socket-option" -> Argument.in((d, value) -> option(d, (int) d.argument(1), value & 0xffff_ffffL));
            case "option" -> Argument.in((d, value) -> value(d, value, d.argument(4) & 0xffff_ffffL));
            case "option-out" -> Argument.out((d, value) -> {
                value(d, value, Math.min(d.call().noted, d.intAt(d.argument(4), 0)));
            }).noting((d, value) -> d.call().noted = d.intAt(d.argument(4), 0));
            default -> null;
        };
    }

    private static void protocol(Decoding d, int family, long protocol) {
        switch (family) {
            case 2, 10 -> INET_PROTOCOL.one(d.out(), protocol & 0xffff_ffffL);
            case 16 -> NETLINK_PROTOCOL.one(d.out(), protocol & 0xffff_ffffL);
            case 17 -> {
                d.out().append("htons(");
                Constants.group("ethernet_protocol").one(d.out(), Short.reverseBytes((short) protocol) & 0xffff);
                d.out().append(')');
            }
            default -> d.out().append(Long.toUnsignedString(protocol));
        }
    }

    private static Constants options(int level) {
        return switch (level) {
            case SOCKET -> Constants.group("so_option");
            case 0 -> Constants.group("ip_option");
            case 41 -> Constants.group("ipv6_option");
            case 6 -> Constants.group("tcp_option");
            case 17, 136 -> Constants.group("udp_option");
            case 263 -> Constants.group("packet_option");
            case 270 -> Constants.group("netlink_option");
            default -> null;
        };
    }

    private static void option(Decoding d, int level, long option) {
        Constants names = options(level);
        if (names == null) {
            d.out().append(option);
        } else {
            names.one(d.out(), option);
        }
    }

    private static void value(Decoding d, long address, long length) {
        int level = (int) d.argument(1);
        int option = (int) d.argument(2);
        Bytes bytes = length <= 0 || length > 4096 ? null : d.fetch(address, (int) length);
        if (bytes == null) {
            d.address(address);
        } else if (level == SOCKET && option == LINGER && length >= 8) {
            d.out().append("{l_onoff=").append(bytes.i32(0)).append(", l_linger=").append(bytes.i32(4)).append('}');
        } else if (level == SOCKET && option == PEERCRED && length >= 12) {
            SocketMessages.credentials(d.out(), bytes, 0);
        } else if (level == SOCKET && option == ERROR && length >= 4) {
            error(d.out(), bytes.i32(0));
        } else if (length == 4 && !(level == SOCKET && option == BINDTODEVICE)) {
            d.out().append('[').append(bytes.i32(0)).append(']');
        } else {
            d.bytes(address, length, d.options().stringBytes());
        }
    }

    private static void error(StringBuilder out, int errno) {
        out.append('[').append(Errno.isKnown(errno) ? Errno.name(errno) : Integer.toString(errno)).append(']');
    }
}
