package ktrace.decode.ipc;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Result;
import ktrace.decode.Times;

/** poll(2), select(2) and epoll(7). */
final class Polling {
    private static final Constants POLL = Constants.group("poll");
    private static final Constants EVENTS = Constants.group("epoll_events");
    private static final int POLLFD_BYTES = 8;
    private static final int EPOLL_CTL_DEL = 2;
    /** FD_SETSIZE and more: as many descriptors as a select can sensibly be given. */
    private static final int MAX_FDS = 1 << 16;

    private Polling() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "poll-set" -> Argument.in((d, value) -> pollSet(d, value, d.argument(1) & 0xffff_ffffL));
            case "fd-set" -> Argument.in((d, value) -> fdSet(d, value, true));
            case "epoll-event" -> Argument.in((d, value) -> {
                if ((int) d.argument(1) == EPOLL_CTL_DEL) {
                    d.address(value);
                } else {
                    events(d, value, 1, false);
                }
            });
            case "epoll-events" -> Argument.out((d, value) -> events(d, value, (int) d.call().result(), true));
            default -> null;
        };
    }

    static Result result(String name) {
        return switch (name) {
            case "poll" -> d -> pollResult(d, -1);
            case "ppoll" -> d -> pollResult(d, 2);
            case "select" -> Polling::selectResult;
            default -> null;
        };
    }

    private static void pollSet(Decoding d, long address, long count) {
        int shown = (int) Math.min(count, d.options().stringBytes());
        Bytes bytes = count == 0 ? null : d.fetch(address, shown * POLLFD_BYTES);
        if (bytes == null) {
            if (count == 0 && address != 0) {
                d.out().append("[]");
            } else {
                d.address(address);
            }
            return;
        }
        StringBuilder out = d.out().append('[');
        for (int i = 0; i < shown; i++) {
            int fd = bytes.i32(i * POLLFD_BYTES);
            out.append(i > 0 ? ", {fd=" : "{fd=");
            d.fd(fd);
            if (fd >= 0) {
                out.append(", events=");
                POLL.flags(out, bytes.u16(i * POLLFD_BYTES + 4));
            }
            out.append('}');
        }
        out.append(shown < count ? ", ...]" : "]");
    }

    /** {@code 1 ([{fd=4, revents=POLLIN}])}, {@code 0 (Timeout)}. */
    private static void pollResult(Decoding d, int timespec) {
        long ready = d.call().result();
        StringBuilder out = d.out().append(ready);
        if (ready == 0) {
            out.append(" (Timeout)");
            return;
        }
        long count = d.argument(1) & 0xffff_ffffL;
        Bytes bytes = count > MAX_FDS ? null : d.fetch(d.argument(0), (int) count * POLLFD_BYTES);
        if (bytes == null) {
            return;
        }
        out.append(" ([");
        int shown = 0;
        for (int i = 0; i < count; i++) {
            int events = bytes.u16(i * POLLFD_BYTES + 6);
            if (events == 0) {
                continue;
            }
            if (shown == d.options().stringBytes()) {
                out.append(", ...");
                break;
            }
            out.append(shown++ > 0 ? ", {fd=" : "{fd=").append(bytes.i32(i * POLLFD_BYTES)).append(", revents=");
            POLL.flags(out, events);
            out.append('}');
        }
        out.append(']');
        boolean wide = d.call().name().endsWith("_time64");
        if (timespec >= 0 && Times.fetch(d, d.argument(timespec), 1, wide) != null) {
            out.append(", left ");
            Times.pair(d, d.argument(timespec), "tv_nsec", wide);
        }
        out.append(')');
    }

    /** {@code [3</etc/passwd> 4]}. */
    private static void fdSet(Decoding d, long address, boolean named) {
        Bytes bytes = fetchSet(d, address);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int limit = (int) Math.min(d.argument(0) & 0xffff_ffffL, MAX_FDS);
        StringBuilder out = d.out().append('[');
        int start = out.length();
        for (int fd = 0; fd < limit; fd++) {
            if (isSet(bytes, fd)) {
                out.append(out.length() > start ? " " : "");
                if (named) {
                    d.fd(fd);
                } else {
                    out.append(fd);
                }
            }
        }
        out.append(']');
    }

    private static Bytes fetchSet(Decoding d, long address) {
        int limit = Math.min(Math.max((int) d.argument(0), 0), MAX_FDS);
        return limit == 0 ? null : d.fetch(address, (limit + 7) / 8);
    }

    private static boolean isSet(Bytes bytes, int fd) {
        return (bytes.u8(fd / 8) >> (fd % 8) & 1) != 0;
    }

    private static boolean isEmpty(Bytes bytes, int limit) {
        for (int fd = 0; fd < limit; fd++) {
            if (isSet(bytes, fd)) {
                return false;
            }
        }
        return true;
    }

    /** {@code 2 (in [4], out [5], left {tv_sec=0, tv_nsec=99996545})}. */
    private static void selectResult(Decoding d) {
        long ready = d.call().result();
        StringBuilder out = d.out().append(ready);
        if (ready == 0) {
            out.append(" (Timeout)");
            return;
        }
        String[] names = {"in ", "out ", "except "};
        int start = out.length();
        int limit = Math.min(Math.max((int) d.argument(0), 0), MAX_FDS);
        for (int i = 0; i < names.length; i++) {
            Bytes bytes = fetchSet(d, d.argument(1 + i));
            if (bytes != null && !isEmpty(bytes, limit)) {
                out.append(out.length() > start ? ", " : " (").append(names[i]);
                fdSet(d, d.argument(1 + i), false);
            }
        }
        boolean wide = d.call().name().endsWith("_time64");
        if (Times.fetch(d, d.argument(4), 1, wide) != null) {
            out.append(out.length() > start ? ", left " : " (left ");
            Times.pair(d, d.argument(4), d.call().name().startsWith("pselect6") ? "tv_nsec" : "tv_usec", wide);
        }
        out.append(out.length() > start ? ")" : "");
    }

    /** struct epoll_event is packed on x86 and nowhere else (include/uapi/linux/eventpoll.h). */
    private static void events(Decoding d, long address, int count, boolean isList) {
        boolean packed = d.call().abi() != ktrace.linux.Abi.AARCH64;
        int size = packed ? 12 : 16;
        int shown = Math.min(count, d.options().stringBytes());
        Bytes bytes = shown <= 0 ? null : d.fetch(address, shown * size);
        if (bytes == null) {
            if (count == 0 && isList) {
                d.out().append("[]");
            } else {
                d.address(address);
            }
            return;
        }
        StringBuilder out = d.out().append(isList ? "[" : "");
        for (int i = 0; i < shown; i++) {
            int data = i * size + (packed ? 4 : 8);
            out.append(i > 0 ? ", {events=" : "{events=");
            EVENTS.flags(out, bytes.u32(i * size));
            out.append(", data={u32=").append(bytes.u32(data)).append(", u64=").append(Long.toUnsignedString(bytes.i64(data)))
                    .append("}}");
        }
        out.append(shown < count ? ", ..." : "").append(isList ? "]" : "");
    }
}
