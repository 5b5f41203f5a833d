package ktrace.decode.calls;

import java.util.List;
import ktrace.decode.Argument;
import ktrace.decode.ArgumentNames;
import ktrace.decode.Bytes;
import ktrace.decode.Call;
import ktrace.decode.CallerMemory;
import ktrace.decode.DecodeOptions;
import ktrace.decode.Decoding;
import ktrace.decode.FdNames;
import ktrace.decode.Plain;
import ktrace.decode.signals.SignalInfo;
import ktrace.decode.signals.SignalText;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/**
 * Writes a system call as strace(1) does, in two steps: at entry what the call was given, up to the first argument that it fills;
 * at exit the rest and the result.
 *
 * <pre>
 *   enter   openat(AT_FDCWD&lt;/root&gt;, "notes", O_RDONLY|O_CLOEXEC
 *   exit                                                      ) = 3&lt;/root/notes&gt;
 * </pre>
 *
 * <p>What comes from the caller is escaped: the text is printable ASCII, but for the arrow of {@link FdNames#name}. Every thread of
 * ktrace's that writes calls has a formatter of its own; one serves any number of traced threads. Nothing here throws, whatever
 * registers and memory hold.
 */
public final class CallFormatter {
    private static final Call NO_CALL = new Call();

    private final ArgumentNames names;
    private final Decoding decoding;

    /** @param names asked for calls that calls.txt has no line for */
    public CallFormatter(DecodeOptions options, ArgumentNames names) {
        this.names = names;
        this.decoding = new Decoding(options);
    }

    /**
     * Appends the name and the arguments that are known at entry. To be called while the caller stands at entry: what it gave to
     * execve(2) is gone afterwards, and what a descriptor of close(2) was called.
     */
    public void enter(Call call, CallerMemory memory, FdNames fds, StringBuilder out) {
        decoding.begin(call, memory, fds, out);
        out.append(call.name()).append('(');
        showArguments(call, true);
    }

    /** Appends what {@link #enter} left out, the closing bracket and the result. */
    public void exit(Call call, CallerMemory memory, FdNames fds, StringBuilder out) {
        decoding.begin(call, memory, fds, out);
        showArguments(call, false);
        out.append(") = ");
        lineOf(call).result().show(decoding);
    }

    /**
     * Appends a signal as strace does, by its name and {@code siginfo_t}: {@code SIGTERM {si_signo=SIGTERM, si_code=SI_USER, …}}.
     *
     * @param info in the layout of 64-bit programs
     */
    public void signal(int number, byte[] info, FdNames names, StringBuilder out) {
        decoding.begin(NO_CALL, CallerMemory.UNREADABLE, names, out);
        out.append(SignalText.name(number)).append(' ');
        SignalInfo.show(decoding, new Bytes(info, info.length, Long.BYTES));
    }

    /** Whether the first argument of the call is a file descriptor. */
    public boolean beginsWithDescriptor(Call call) {
        List<Argument> arguments = lineOf(call).arguments();
        return !arguments.isEmpty() && arguments.getFirst() == Plain.DESCRIPTOR;
    }

    private void showArguments(Call call, boolean entering) {
        List<Argument> arguments = lineOf(call).arguments();
        for (int index = call.shown; index < arguments.size(); index++) {
            Argument argument = arguments.get(index);
            if (!argument.isGiven(call)) {
                continue;
            }
            long value = call.argument(argument.register(index));
            if (entering && argument.isFilled()) {
                begin(call, index, argument, value);
                return;
            }
            comma(call, index);
            argument.shower().show(decoding, value);
            call.begun = false;
            call.shown = index + 1;
        }
    }

    /** What the call is to fill. */
    private void begin(Call call, int index, Argument argument, long value) {
        if (argument.firstShows()) {
            comma(call, index);
            call.begun = true;
        }
        if (argument.first() != null) {
            argument.first().show(decoding, value);
        }
    }

    private void comma(Call call, int index) {
        if (index > 0 && !call.begun) {
            decoding.out().append(", ");
        }
    }

    private CallLine lineOf(Call call) {
        CallLine line = CallTable.line(call);
        if (line != null) {
            return line;
        }
        boolean named = call.abi() == Abi.current() && SyscallTable.of(call.abi()).isKnown(call.number());
        return UnknownCall.line(named ? names.entryOf(call.name()) : null);
    }
}
