package ktrace.decode.signals;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.linux.Abi;

/** rt_sigaction(2) and its relatives, and what waitid(2) and sigtimedwait(2) tell of a signal. */
final class SignalCalls {
    private static final Constants FLAGS = Constants.group("sa_flags");
    private static final Constants STACK_FLAGS = Constants.group("ss_flags");
    private static final long RESTORER = FLAGS.valueOf("SA_RESTORER");
    private static final int SET_BYTES = 8;
    private static final int SIGINFO_BYTES = 128;
    /** struct ucontext in the signal frame of x86-64, behind flags, link, stack and registers (arch/x86/include/asm/sigframe.h). */
    private static final int X86_64_FRAME_MASK = 296;
    /** The same in struct rt_sigframe_ia32, whose return address has been popped. */
    private static final int I386_RT_FRAME_MASK = 248;
    /** In struct sigframe_ia32, whose return address and signal have been popped: {@code oldmask}, and {@code extramask}. */
    private static final int I386_FRAME_MASK = 80;
    private static final int I386_FRAME_MORE_MASK = 712;

    private SignalCalls() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "signal" -> Argument.in((d, value) -> d.out().append(SignalText.name((int) value)));
            case "sigset" -> Argument.in(SignalCalls::set);
            case "sigset-out" -> Argument.out(SignalCalls::set);
            case "sigset-pair" -> Argument.in(SignalCalls::pair);
            case "sigaction" -> Argument.in(SignalCalls::action);
            case "sigaction-out" -> Argument.out(SignalCalls::action);
            case "sigstack" -> Argument.in(SignalCalls::stack);
            case "sigstack-out" -> Argument.out(SignalCalls::stack);
            case "siginfo" -> Argument.in(SignalCalls::info);
            case "siginfo-out" -> Argument.out(SignalCalls::info);
            case "signal-frame" -> Argument.in((d, value) -> frame(d)).onlyIf(call -> call.stackPointer() != 0
                    && call.abi() != Abi.AARCH64);
            default -> null;
        };
    }

    static void set(Decoding d, long address) {
        Bytes bytes = d.fetch(address, SET_BYTES);
        if (bytes == null) {
            d.address(address);
        } else {
            SignalText.set(d.out(), bytes.i64(0));
        }
    }

    /** The sixth argument of pselect6(2): a pointer to a set and its size. */
    private static void pair(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 2 * word);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{sigmask=");
        set(d, bytes.word(0));
        d.out().append(", sigsetsize=").append(bytes.word(word)).append('}');
    }

    /** struct sigaction of the kernel: handler, flags, restorer, mask. */
    private static void action(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 3 * word + SET_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{sa_handler=");
        handler(d, bytes.word(0));
        long flags = bytes.word(word);
        out.append(", sa_mask=");
        SignalText.set(out, bytes.i64(3 * word));
        out.append(", sa_flags=");
        FLAGS.flags(out, flags);
        if ((flags & RESTORER) != 0) {
            out.append(", sa_restorer=");
            d.address(bytes.word(2 * word));
        }
        out.append('}');
    }

    static void handler(Decoding d, long handler) {
        if (handler == 0) {
            d.out().append("SIG_DFL");
        } else if (handler == 1) {
            d.out().append("SIG_IGN");
        } else {
            d.address(handler);
        }
    }

    private static void stack(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 3 * word);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{ss_sp=");
        d.address(bytes.word(0));
        out.append(", ss_flags=");
        STACK_FLAGS.flags(out, bytes.u32(word));
        out.append(", ss_size=").append(bytes.word(2 * word)).append('}');
    }

    private static void info(Decoding d, long address) {
        Bytes bytes = d.fetch(address, SIGINFO_BYTES);
        if (bytes == null) {
            d.address(address);
        } else {
            SignalInfo.show(d, bytes);
        }
    }

    private static void frame(Decoding d) {
        boolean isI386 = d.call().abi() == Abi.I386;
        long mask;
        if (isI386 && d.call().name().equals("sigreturn")) {
            Bytes low = d.fetch(d.call().stackPointer() + I386_FRAME_MASK, 4);
            Bytes high = d.fetch(d.call().stackPointer() + I386_FRAME_MORE_MASK, 4);
            if (low == null || high == null) {
                return;
            }
            mask = high.u32(0) << 32 | low.u32(0);
        } else {
            Bytes bytes = d.fetch(d.call().stackPointer() + (isI386 ? I386_RT_FRAME_MASK : X86_64_FRAME_MASK), SET_BYTES);
            if (bytes == null) {
                return;
            }
            mask = bytes.i64(0);
        }
        d.out().append("{mask=");
        SignalText.set(d.out(), mask);
        d.out().append('}');
    }
}
