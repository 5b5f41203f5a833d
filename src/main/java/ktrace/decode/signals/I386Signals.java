package ktrace.decode.signals;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** What only calls of i386 take and fill: signals (arch/x86/include/uapi/asm and arch/x86/ia32). */
final class I386Signals {
    private static final Constants SA_FLAGS = Constants.group("sa_flags");
    private static final int OLD_SET_BYTES = 4;

    private I386Signals() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "old-sigset" -> Argument.in(I386Signals::set);
            case "old-sigset-out" -> Argument.out(I386Signals::set);
            case "old-mask" -> Argument.in((d, value) -> SignalText.set(d.out(), value & 0xffff_ffffL));
            case "old-sigaction" -> Argument.in(I386Signals::action);
            case "old-sigaction-out" -> Argument.out(I386Signals::action);
            case "handler" -> Argument.in((d, value) -> SignalCalls.handler(d, value & 0xffff_ffffL));
            default -> null;
        };
    }

    private static void set(Decoding d, long address) {
        Bytes bytes = d.fetch(address, OLD_SET_BYTES);
        if (bytes == null) {
            d.address(address);
        } else {
            SignalText.set(d.out(), bytes.u32(0));
        }
    }

    /** struct old_sigaction: handler, mask, flags, restorer. */
    private static void action(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 16);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{sa_handler=");
        SignalCalls.handler(d, bytes.u32(0));
        SignalText.set(d.out().append(", sa_mask="), bytes.u32(4));
        SA_FLAGS.flags(d.out().append(", sa_flags="), bytes.u32(8));
        if ((bytes.u32(8) & SA_FLAGS.valueOf("SA_RESTORER")) != 0) {
            d.out().append(", sa_restorer=");
            d.address(bytes.u32(12));
        }
        d.out().append('}');
    }

    /** What signal(2) has replaced. */
    static void handlerBefore(Decoding d) {
        long result = d.call().result();
        if (result == 0 || result == 1) {
            d.out().append(result).append(result == 0 ? " (SIG_DFL)" : " (SIG_IGN)");
        } else {
            d.hex(result);
        }
    }
}
