package ktrace.decode.signals;

import java.util.Locale;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** siginfo_t: what is told with a signal (include/uapi/asm-generic/siginfo.h, and struct compat_siginfo of i386 callers). */
public final class SignalInfo {
    private static final Constants CODES = Constants.group("siginfo");
    private static final int SIGILL = 4;
    private static final int SIGTRAP = 5;
    private static final int SIGBUS = 7;
    private static final int SIGFPE = 8;
    private static final int SIGSEGV = 11;
    private static final int SIGCHLD = 17;
    private static final int SIGPOLL = 29;
    private static final int CLD_EXITED = 1;
    private static final int SI_TIMER = -2;
    private static final int SI_TKILL = -6;
    /** What a clock tick is to callers (asm-generic/param.h). */
    private static final double USER_HZ = 100;

    private SignalInfo() {
    }

    public static void show(Decoding d, Bytes bytes) {
        StringBuilder out = d.out();
        int signal = bytes.i32(0);
        int code = bytes.i32(8);
        if (signal == 0) {
            out.append("{}");
            return;
        }
        out.append("{si_signo=").append(SignalText.name(signal)).append(", si_code=");
        Constants own = code > 0 ? codesOf(signal) : null;
        (own != null && own.find(code) != null ? own : CODES).one(out, code & 0xffff_ffffL);
        // Behind three numbers, and what aligns the rest to a word.
        int at = bytes.wordBytes() == 8 ? 16 : 12;
        if (own == null) {
            sent(d, bytes, at, code);
        } else if (signal == SIGCHLD) {
            child(d, bytes, at, code);
        } else if (signal == SIGPOLL) {
            out.append(", si_band=").append(bytes.signedWord(at)).append(", si_fd=").append(bytes.i32(at + bytes.wordBytes()));
        } else {
            out.append(", si_addr=");
            d.address(bytes.word(at));
        }
        out.append('}');
    }

    private static Constants codesOf(int signal) {
        return switch (signal) {
            case SIGCHLD -> Constants.group("sigchld");
            case SIGSEGV -> Constants.group("sigsegv");
            case SIGBUS -> Constants.group("sigbus");
            case SIGILL -> Constants.group("sigill");
            case SIGFPE -> Constants.group("sigfpe");
            case SIGTRAP -> Constants.group("sigtrap");
            case SIGPOLL -> Constants.group("sigpoll");
            default -> null;
        };
    }

    private static void sent(Decoding d, Bytes bytes, int at, int code) {
        StringBuilder out = d.out();
        if (code == SI_TIMER) {
            out.append(", si_timerid=");
            d.hex(bytes.u32(at));
            out.append(", si_overrun=").append(bytes.i32(at + 4));
        } else if (code <= 0 || bytes.i64(at) != 0) {
            out.append(", si_pid=");
            d.task(bytes.i32(at));
            out.append(", si_uid=").append(bytes.u32(at + 4));
        }
        long value = code < 0 && code != SI_TKILL ? bytes.word(at + 8) : 0;
        if (value != 0) {
            out.append(", si_int=").append((int) value).append(", si_ptr=");
            d.address(value);
        }
    }

    private static void child(Decoding d, Bytes bytes, int at, int code) {
        int status = bytes.i32(at + 8);
        StringBuilder out = d.out().append(", si_pid=");
        d.task(bytes.i32(at));
        out.append(", si_uid=").append(bytes.u32(at + 4)).append(", si_status=")
                .append(code == CLD_EXITED ? Integer.toString(status) : SignalText.name(status));
        int word = bytes.wordBytes();
        int times = at + (word == 8 ? 16 : 12);
        ticks(out.append(", si_utime="), bytes.word(times));
        ticks(out.append(", si_stime="), bytes.word(times + word));
    }

    private static void ticks(StringBuilder out, long ticks) {
        out.append(Long.toUnsignedString(ticks));
        if (ticks != 0) {
            out.append(String.format(Locale.ROOT, " /* %.2f s */", ticks / USER_HZ));
        }
    }
}
