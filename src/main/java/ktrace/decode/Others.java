package ktrace.decode;

import java.util.Set;
import ktrace.linux.Abi;

/** Kinds that one call alone has. */
final class Others {
    private static final Constants CLOCK_FLAGS = Constants.group("clock_flags");
    private static final Constants KCMP = Constants.group("kcmp");
    private static final int P_PIDFD = 3;
    private static final int ARCH_GET_FS = 0x1003;
    private static final int ARCH_GET_GS = 0x1004;

    private Others() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "mount-data" -> Argument.in((d, value) -> d.string(value));
            case "offset-in" -> Argument.in((d, value) -> {
                if (value == 0) {
                    d.address(0);
                } else {
                    Filled.number(d, value, Long.BYTES, true);
                }
            });
            case "open-like" -> {
                Constants group = Constants.group(parameter);
                Constants aarch64 = Constants.group(parameter + "@aarch64");
                yield Argument.in((d, value) -> (d.call().abi() == Abi.AARCH64 ? aarch64 : group).flags(d.out(), value & 0xffff_ffffL));
            }
            case "string-quoted" -> Argument.in((d, value) -> d.path(value));
            case "fanotify-flags" -> Argument.in((d, value) -> {
                Constants.group("fanotify_class").one(d.out(), value & 0xc);
                Constants.group("fanotify_init").moreFlags(d.out(), value & 0xffff_fff3L);
            });
            // mmap2(2) counts its offset in units of 4096 bytes.
            case "pages" -> Argument.in((d, value) -> d.hex((value & 0xffff_ffffL) << 12));
            case "arch-address" -> Argument.late((d, value) -> {
                boolean filled = d.argument(0) == ARCH_GET_FS || d.argument(0) == ARCH_GET_GS;
                Bytes bytes = filled && !d.failed() ? d.fetch(value, Long.BYTES) : null;
                if (bytes == null) {
                    d.address(value);
                } else {
                    d.out().append('[');
                    d.address(bytes.i64(0));
                    d.out().append(']');
                }
            });
            case "kcmp-index" -> Argument.in((d, value) -> d.out().append(value & 0xffff_ffffL))
                    .onlyIf(call -> Set.of("KCMP_FILE", "KCMP_EPOLL_TFD").contains(String.valueOf(KCMP.find(call.argument(2)))));
            case "membarrier-cpu" -> Argument.in((d, value) -> d.out().append((int) value)).onlyIf(call -> (int) call.argument(1) == 1);
            case "waitid-id" -> Argument.in((d, value) -> {
                if ((int) d.argument(0) == P_PIDFD) {
                    d.fd((int) value);
                } else {
                    d.out().append((int) value);
                }
            });
            case "fd-of-other" -> Argument.in((d, value) -> d.out().append((int) value));
            case "ids-out" -> Argument.out((d, value) -> {
                if ((int) d.argument(0) == 0) {
                    d.address(value);
                } else {
                    Filled.list(d, value, (int) d.call().result());
                }
            });
            case "ioprio" -> Argument.in((d, value) -> ioPriority(d.out(), value & 0xffff_ffffL));
            case "clock-flags" -> Argument.in((d, value) -> CLOCK_FLAGS.flags(d.out(), value & 0xffff_ffffL));
            case "sigevent" -> Argument.in(Others::sigevent);
            case "recv-data" -> Argument.out((d, value) -> d.data(value, d.call().result()))
                    .noting((d, value) -> d.call().noted = d.intAt(d.argument(5), 0));
            case "recv-length" -> Argument.late((d, value) -> {
                if (d.failed() || d.argument(4) == 0) {
                    recvLength(d, value);
                } else {
                    SocketAddress.length(d, value);
                }
            });
            case "mq-attr-if" -> Argument.in(SystemV::attributes).onlyIf(call -> (call.argument(1) & 0100) != 0);
            default -> null;
        };
    }

    /** Class and level in one number (include/uapi/linux/ioprio.h). */
    static void ioPriority(StringBuilder out, long value) {
        out.append("IOPRIO_PRIO_VALUE(");
        Constants.group("ioprio_class").one(out, value >>> 13);
        out.append(", ").append(value & 0x1fff).append(')');
    }

    private static void recvLength(Decoding d, long address) {
        if (address == 0 || d.intAt(address, -1) == -1) {
            d.address(address);
        } else {
            d.out().append('[').append(d.intAt(address, 0)).append(']');
        }
    }

    /** struct sigevent: value, signo, notify, and the thread that is to be told. */
    private static void sigevent(Decoding d, long address) {
        Bytes bytes = d.call().abi() == Abi.I386 ? null : d.fetch(address, 64);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int notify = bytes.i32(12);
        StringBuilder out = d.out().append('{');
        if (bytes.i64(0) != 0) {
            out.append("sigev_value={sival_int=").append(bytes.i32(0)).append(", sival_ptr=");
            d.address(bytes.i64(0));
            out.append("}, ");
        }
        out.append("sigev_signo=").append(SignalText.name(bytes.i32(8))).append(", sigev_notify=");
        Constants.group("sigev").one(out, notify & 0xffff_ffffL);
        if (notify == 4) {
            out.append(", sigev_notify_thread_id=").append(bytes.i32(16));
        }
        out.append('}');
    }

    static Result result(String name) {
        return switch (name) {
            case "membarrier" -> d -> {
                long result = d.call().result();
                if (d.argument(0) != 0 || result == 0) {
                    d.out().append(result);
                } else {
                    d.hex(result);
                    Constants.group("membarrier").flags(d.out().append(" ("), result);
                    d.out().append(')');
                }
            };
            case "ioprio" -> d -> {
                d.hex(d.call().result());
                ioPriority(d.out().append(" ("), d.call().result());
                d.out().append(')');
            };
            case "signal" -> d -> {
                long result = d.call().result();
                d.out().append(result);
                if (result != 0) {
                    d.out().append(" (").append(SignalText.name((int) result)).append(')');
                }
            };
            default -> null;
        };
    }
}
