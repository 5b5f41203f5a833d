package ktrace.decode.ipc;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** futex_waitv(2), futex_wait(2), futex_wake(2) and futex_requeue(2): each futex comes with flags of its own. */
final class FutexCalls {
    private static final Constants SIZES = Constants.group("futex2_size");
    private static final Constants FLAGS = Constants.group("futex2");
    private static final long SIZE_MASK = 3;
    /** struct futex_waitv of include/uapi/linux/futex.h, alike for all ABIs. */
    private static final int WAITER_BYTES = 24;
    private static final int MAX_WAITERS = 128;

    private FutexCalls() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "futex-flags" -> Argument.in((d, value) -> flags(d.out(), value & 0xffff_ffffL));
            case "futex-mask" -> Argument.in((d, value) -> Futexes.bits(d, d.call().wordBytes() == 4 ? value & 0xffff_ffffL : value));
            case "futexes" -> {
                int count = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> futexes(d, value, d.argument(count) & 0xffff_ffffL));
            }
            case "two-futexes" -> Argument.in((d, value) -> futexes(d, value, 2));
            default -> null;
        };
    }

    private static void flags(StringBuilder out, long value) {
        SIZES.one(out, value & SIZE_MASK);
        FLAGS.moreFlags(out, value & ~SIZE_MASK);
    }

    private static void futexes(Decoding d, long address, long count) {
        int shown = (int) Math.min(Math.min(count, MAX_WAITERS), d.options().stringBytes());
        Bytes bytes = count == 0 ? null : d.fetch(address, shown * WAITER_BYTES);
        if (bytes == null && count != 0) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append('[');
        for (int i = 0; i < shown; i++) {
            int at = i * WAITER_BYTES;
            out.append(i > 0 ? ", {val=" : "{val=");
            d.hex(bytes.i64(at));
            out.append(", uaddr=");
            d.address(bytes.i64(at + 8));
            out.append(", flags=");
            flags(out, bytes.u32(at + 16));
            if (bytes.u32(at + 20) != 0) {
                out.append(", __reserved=");
                d.hex(bytes.u32(at + 20));
            }
            out.append('}');
        }
        out.append(shown < count ? ", ...]" : "]");
    }
}
