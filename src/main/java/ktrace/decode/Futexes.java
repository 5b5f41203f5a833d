package ktrace.decode;

/** futex(2): which of the last three arguments there are, and what they mean, depends on the operation. */
final class Futexes {
    private static final Constants OPERATIONS = Constants.group("futex");
    /** FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME of include/uapi/linux/futex.h. */
    private static final long OPTIONS = 128 | 256;
    private static final long REALTIME = 256;
    private static final long MATCH_ANY = 0xffff_ffffL;

    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int FD = 2;
    private static final int REQUEUE = 3;
    private static final int CMP_REQUEUE = 4;
    private static final int WAKE_OP = 5;
    private static final int LOCK_PI = 6;
    private static final int UNLOCK_PI = 7;
    private static final int TRYLOCK_PI = 8;
    private static final int WAIT_BITSET = 9;
    private static final int WAKE_BITSET = 10;
    private static final int WAIT_REQUEUE_PI = 11;
    private static final int CMP_REQUEUE_PI = 12;
    private static final int LOCK_PI2 = 13;

    private Futexes() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "futex-op" -> Argument.in((d, value) -> operation(d, value & 0xffff_ffffL));
            case "futex-value" -> Argument.in((d, value) -> d.out().append(value & 0xffff_ffffL)).onlyIf(Futexes::hasValue);
            case "futex-fourth" -> Argument.in(Futexes::fourth).onlyIf(Futexes::hasFourth);
            case "futex-second" -> Argument.in((d, value) -> d.address(value)).onlyIf(Futexes::hasSecond);
            case "futex-third" -> Argument.in(Futexes::third).onlyIf(Futexes::hasThird);
            default -> null;
        };
    }

    private static int op(Call call) {
        return (int) (call.argument(1) & ~OPTIONS);
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

    private static boolean hasValue(Call call) {
        return switch (op(call)) {
            case LOCK_PI, LOCK_PI2, UNLOCK_PI, TRYLOCK_PI -> op(call) == LOCK_PI || op(call) == LOCK_PI2;
            default -> true;
        };
    }

    private static boolean hasFourth(Call call) {
        return switch (op(call)) {
            case WAKE, FD -> false;
            case WAKE_BITSET -> true;
            default -> true;
        };
    }

    private static void fourth(Decoding d, long value) {
        switch (op(d.call())) {
            case WAIT, WAIT_BITSET, LOCK_PI, LOCK_PI2, WAIT_REQUEUE_PI -> Times.pair(d, value, "tv_nsec");
            case REQUEUE, CMP_REQUEUE, CMP_REQUEUE_PI, WAKE_OP -> d.out().append(value & 0xffff_ffffL);
            default -> d.address(value);
        }
    }

    private static boolean hasSecond(Call call) {
        return switch (op(call)) {
            case WAIT, LOCK_PI, LOCK_PI2 -> false;
            default -> true;
        };
    }

    private static boolean hasThird(Call call) {
        return switch (op(call)) {
            case REQUEUE, WAIT_REQUEUE_PI -> false;
            default -> true;
        };
    }

    private static void third(Decoding d, long value) {
        long number = value & 0xffff_ffffL;
        switch (op(d.call())) {
            case WAIT_BITSET, WAKE_BITSET -> bits(d, number);
            case WAKE_OP -> wakeOperation(d.out(), number);
            case CMP_REQUEUE, CMP_REQUEUE_PI -> d.out().append(number);
            default -> d.hex(number);
        }
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
