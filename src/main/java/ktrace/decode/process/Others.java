package ktrace.decode.process;

import java.util.Set;
import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Call;
import ktrace.decode.Constants;
import ktrace.decode.Filled;
import ktrace.decode.Result;

/** Kinds that one call alone has. */
final class Others {
    private static final Constants KCMP = Constants.group("kcmp");
    private static final Constants KEYRING = Constants.group("keyring");
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int SYSLOG_CONSOLE_LEVEL = 8;
    private static final int ARCH_GET_FS = 0x1003;
    private static final int ARCH_GET_GS = 0x1004;

    private Others() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
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
                } else if ((int) d.argument(0) == P_PID) {
                    d.task((int) value);
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
            default -> null;
        };
    }

    /** SYSLOG_ACTION_READ, _READ_ALL and _READ_CLEAR of include/linux/syslog.h. */
    private static boolean readsLog(Call call) {
        return call.argument(0) >= 2 && call.argument(0) <= 4;
    }

    /** Class and level in one number (include/uapi/linux/ioprio.h). */
    private static void ioPriority(StringBuilder out, long value) {
        out.append("IOPRIO_PRIO_VALUE(");
        Constants.group("ioprio_class").one(out, value >>> 13);
        out.append(", ").append(value & 0x1fff).append(')');
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
            default -> null;
        };
    }
}
