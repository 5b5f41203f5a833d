package ktrace.decode;

import java.util.List;
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
 * <p>What comes from the caller is escaped: the text is printable ASCII. Every thread of ktrace's that writes calls has a formatter
 * of its own; one serves any number of traced threads. Nothing here throws, whatever registers and memory hold.
 */
public final class CallFormatter {
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

    private void showArguments(Call call, boolean entering) {
        List<Argument> arguments = lineOf(call).arguments();
        while (call.shown < arguments.size()) {
            int index = call.shown;
            Argument argument = arguments.get(index);
            if (entering && argument.isFilled()) {
                return;
            }
            if (!argument.isGiven(call)) {
                call.shown = arguments.size();
                return;
            }
            if (index > 0) {
                decoding.out().append(", ");
            }
            argument.show(decoding, call.argument(argument.register(index)));
            call.shown++;
        }
    }

    private CallLine lineOf(Call call) {
        CallLine line = CallTable.of(call.abi()).line(call.number());
        if (line != null) {
            return line;
        }
        boolean named = call.abi() == Abi.current() && SyscallTable.of(call.abi()).isKnown(call.number());
        return UnknownCall.line(named ? names.entryOf(call.name()) : null);
    }
}
