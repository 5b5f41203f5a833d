package ktrace.decode.ipc;

import ktrace.decode.Argument;
import ktrace.decode.Call;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Times;

/** futex(2): which of the arguments behind the operation there are, and what they mean, depends on it. */
final class Futexes {
    private static final Constants OPERATIONS = Constants.group("futex");
    /** FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME of include/uapi/linux/futex.h. */
    private static final long OPTIONS = 128 | 256;
    private static final long REALTIME = 256;
    private static final long MATCH_ANY = 0xffff_ffffL;

    private Futexes() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "futex-op" -> Argument.in((d, value) -> operation(d, value & 0xffff_ffffL));
            case "futex-value" -> Argument.in((d, value) -> d.out().append(value & 0xffff_ffffL)).onlyIf(call -> has(call, "v"));
            case "futex-timeout", "futex-timeout64" -> Argument
                    .in((d, value) -> Times.pair(d, value, "tv_nsec", name.endsWith("64")))
                    .onlyIf(call -> has(call, "t"));
            case "futex-value2" -> Argument.in((d, value) -> d.out().append(value & 0xffff_ffffL)).onlyIf(call -> has(call, "2"));
            case "futex-other" -> Argument.in((d, value) -> d.address(value)).onlyIf(call -> has(call, "o"));
            case "futex-bits" -> Argument.in((d, value) -> bits(d, value & 0xffff_ffffL)).onlyIf(call -> has(call, "b"));
            case "futex-compare" -> Argument.in((d, value) -> d.out().append(value & 0xffff_ffffL)).onlyIf(call -> has(call, "c"));
            case "futex-wake" -> Argument.in((d, value) -> wakeOperation(d.out(), value & 0xffff_ffffL))
                    .onlyIf(call -> has(call, "w"));
            default -> null;
        };
    }

    /** v value, t timeout, 2 second value, o other futex, b bits, c value to compare with, w wake operation. */
    private static boolean has(Call call, String argument) {
        String name = OPERATIONS.find(call.argument(1) & ~OPTIONS);
        String arguments = switch (name == null ? "" : name) {
            case "FUTEX_WAIT" -> "vt";
            case "FUTEX_WAKE", "FUTEX_FD" -> "v";
            case "FUTEX_REQUEUE" -> "v2o";
            case "FUTEX_CMP_REQUEUE", "FUTEX_CMP_REQUEUE_PI" -> "v2oc";
            case "FUTEX_WAKE_OP" -> "v2ow";
            case "FUTEX_LOCK_PI", "FUTEX_LOCK_PI2" -> "t";
            case "FUTEX_UNLOCK_PI", "FUTEX_TRYLOCK_PI" -> "";
            case "FUTEX_WAIT_BITSET" -> "vtb";
            case "FUTEX_WAKE_BITSET" -> "vb";
            case "FUTEX_WAIT_REQUEUE_PI" -> "vto";
            default -> "v2oc";
        };
        return arguments.contains(argument);
    }

    private static void operation(Decoding d, long value) {
        String whole = OPERATIONS.find(value);
        if (whole != null) {
            d.out().append(whole);
            return;
        }
        OPERATIONS.one(d.out(), value & ~REALTIME);
        d.out().append((value & REALTIME) != 0 ? "|FUTEX_CLOCK_REALTIME" : "");
    }

    static void bits(Decoding d, long number) {
        if (number == MATCH_ANY) {
            d.out().append("FUTEX_BITSET_MATCH_ANY");
        } else {
            d.hex(number);
        }
    }

    /** FUTEX_OP of include/uapi/linux/futex.h: operation, comparison and their two arguments in one word. */
    private static void wakeOperation(StringBuilder out, long value) {
        int operation = (int) (value >>> 28);
        out.append((operation & 8) != 0 ? "FUTEX_OP_OPARG_SHIFT<<28|" : "");
        Constants.group("futex_wake_op").one(out, operation & 7);
        out.append("<<28|");
        number(out, value >>> 12 & 0xfff).append("<<12|");
        Constants.group("futex_wake_cmp").one(out, value >>> 24 & 0xf);
        out.append("<<24|");
        number(out, value & 0xfff);
    }

    private static StringBuilder number(StringBuilder out, long value) {
        return value == 0 ? out.append('0') : out.append("0x").append(Long.toHexString(value));
    }
}
