package ktrace.decode;

import ktrace.linux.Abi;

/** rt_sigaction(2) and its relatives, and what waitid(2) and sigtimedwait(2) tell of a signal. */
final class SignalCalls {
    private static final Constants FLAGS = Constants.group("sa_flags");
    private static final Constants STACK_FLAGS = Constants.group("ss_flags");
    private static final Constants CODES = Constants.group("siginfo");
    private static final Constants CHILD_CODES = Constants.group("sigchld");
    private static final long RESTORER = FLAGS.valueOf("SA_RESTORER");
    private static final int SET_BYTES = 8;
    private static final int SIGINFO_BYTES = 128;
    private static final int SIGCHLD = 17;
    private static final int CLD_EXITED = 1;
    /** struct ucontext in the signal frame of x86-64, behind flags, link, stack and registers (arch/x86/include/asm/sigframe.h). */
    private static final int X86_64_FRAME_MASK = 296;

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
                    && call.abi() == Abi.X86_64);
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
        long handler = bytes.word(0);
        if (handler == 0) {
            out.append("SIG_DFL");
        } else if (handler == 1) {
            out.append("SIG_IGN");
        } else {
            d.address(handler);
        }
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

    /** What of siginfo_t is the same for all signals, and for the end of a child the rest (asm-generic/siginfo.h). */
    private static void info(Decoding d, long address) {
        Bytes bytes = d.call().wordBytes() == 8 ? d.fetch(address, SIGINFO_BYTES) : null;
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out();
        int signal = bytes.i32(0);
        int code = bytes.i32(8);
        if (signal == 0 && code == 0) {
            out.append("{}");
            return;
        }
        out.append("{si_signo=").append(SignalText.name(signal)).append(", si_code=");
        if (signal == SIGCHLD && CHILD_CODES.find(code) != null) {
            out.append(CHILD_CODES.find(code)).append(", si_pid=").append(bytes.i32(16)).append(", si_uid=").append(bytes.u32(20));
            int status = bytes.i32(24);
            out.append(", si_status=").append(code == CLD_EXITED ? Integer.toString(status) : SignalText.name(status));
            out.append(", si_utime=").append(bytes.i64(32)).append(", si_stime=").append(bytes.i64(40)).append('}');
        } else {
            CODES.one(out, code);
            out.append(", si_pid=").append(bytes.i32(16)).append(", si_uid=").append(bytes.u32(20)).append('}');
        }
    }

    private static void frame(Decoding d) {
        Bytes bytes = d.fetch(d.call().stackPointer() + X86_64_FRAME_MASK, SET_BYTES);
        if (bytes != null) {
            d.out().append("{mask=");
            SignalText.set(d.out(), bytes.i64(0));
            d.out().append('}');
        }
    }
}
