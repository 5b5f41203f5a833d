package ktrace.decode.process;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Times;
import ktrace.decode.signals.SignalText;

/** wait4(2), and what a process has used. */
final class Endings {
    private Endings() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "status-out" -> Argument.out(Endings::status);
            case "rusage-out" -> Argument.out(Endings::usage);
            case "rusage-child" -> Argument.out((d, value) -> {
                if (d.call().result() > 0) {
                    usage(d, value);
                } else {
                    d.address(value);
                }
            });
            default -> null;
        };
    }

    /** {@code [{WIFEXITED(s) && WEXITSTATUS(s) == 3}]}; nothing is filled when no child had changed. */
    private static void status(Decoding d, long address) {
        Bytes bytes = d.call().result() == 0 ? null : d.fetch(address, Integer.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int status = bytes.i32(0);
        StringBuilder out = d.out().append("[{");
        int signal = status & 0x7f;
        if (status == 0xffff) {
            out.append("WIFCONTINUED(s)");
        } else if ((status & 0xff) == 0x7f) {
            int stop = status >>> 8 & 0xff;
            out.append("WIFSTOPPED(s) && WSTOPSIG(s) == ").append(SignalText.name(stop & 0x7f));
            out.append((stop & 0x80) != 0 ? " | 0x80" : "");
            status &= ~0xffff;
        } else if (signal != 0) {
            out.append("WIFSIGNALED(s) && WTERMSIG(s) == ").append(SignalText.name(signal));
            out.append((status & 0x80) != 0 ? " && WCOREDUMP(s)" : "");
        } else {
            out.append("WIFEXITED(s) && WEXITSTATUS(s) == ").append(status >>> 8 & 0xff);
        }
        int event = status == 0xffff ? 0 : status >>> 16;
        if (event != 0) {
            Constants.group("ptrace_event").one(out.append(" | "), event);
            out.append(" << 16");
        }
        out.append("}]");
    }

    private static void usage(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 4 * word);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{ru_utime=");
        Times.pair(d.out(), bytes, 0, "tv_usec");
        d.out().append(", ru_stime=");
        Times.pair(d.out(), bytes, 2 * word, "tv_usec");
        d.out().append(", ...}");
    }
}
