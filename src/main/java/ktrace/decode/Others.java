package ktrace.decode;

import java.util.Set;
import ktrace.linux.Abi;

/** Kinds that one call alone has. */
final class Others {
    private static final Constants CLOCK_FLAGS = Constants.group("clock_flags");
    private static final Constants KCMP = Constants.group("kcmp");
    private static final Constants KEYRING = Constants.group("keyring");
    private static final int P_PIDFD = 3;
    private static final int SYSLOG_CONSOLE_LEVEL = 8;
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
                yield Argument.in((d, value) -> (d.call().abi() == Abi.AARCH64 ? aarch64 : group)
                        .flags(d.out(), value & 0xffff_ffffL));
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
            case "keyring" -> Argument.in((d, value) -> {
                String special = KEYRING.find(value & 0xffff_ffffL);
                d.out().append(special == null ? Integer.toString((int) value) : special);
            });
            case "syslog-action" -> Argument.in((d, value) -> {
                d.out().append((int) value);
                String action = Constants.group("syslog").find(value & 0xffff_ffffL);
                d.out().append(" /* ").append(action == null ? "SYSLOG_ACTION_???" : action).append(" */");
            });
            case "syslog-data" -> Argument.out((d, value) -> d.data(value, d.call().result())).onlyIf(call -> readsLog(call));
            case "syslog-length" -> Argument.in((d, value) -> d.out().append((int) value))
                    .onlyIf(call -> readsLog(call) || call.argument(0) == SYSLOG_CONSOLE_LEVEL);
            case "kcmp-index" -> Argument.in((d, value) -> d.out().append(value & 0xffff_ffffL))
                    .onlyIf(call -> Set.of("KCMP_FILE", "KCMP_EPOLL_TFD").contains(String.valueOf(KCMP.find(call.argument(2)))));
            case "membarrier-cpu" -> Argument.in((d, value) -> d.out().append((int) value))
                    .onlyIf(call -> (int) call.argument(1) == 1);
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

    /** SYSLOG_ACTION_READ, _READ_ALL and _READ_CLEAR of include/linux/syslog.h. */
    private static boolean readsLog(Call call) {
        return call.argument(0) >= 2 && call.argument(0) <= 4;
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
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 64);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int notify = bytes.i32(word + 4);
        StringBuilder out = d.out().append('{');
        if (bytes.word(0) != 0) {
            out.append("sigev_value={sival_int=").append(bytes.i32(0)).append(", sival_ptr=");
            d.address(bytes.word(0));
            out.append("}, ");
        }
        out.append("sigev_signo=").append(SignalText.name(bytes.i32(word))).append(", sigev_notify=");
        Constants.group("sigev").one(out, notify & 0xffff_ffffL);
        if (notify == 4) {
            out.append(", sigev_notify_thread_id=").append(bytes.i32(word + 8));
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
