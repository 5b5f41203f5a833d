package ktrace.ptrace;

import java.util.Arrays;
import ktrace.decode.Call;
import ktrace.decode.CallerMemory;
import ktrace.decode.FdNames;
import ktrace.decode.calls.CallFormatter;
import ktrace.event.Comm;
import ktrace.linux.Abi;
import ktrace.linux.Signals;
import ktrace.linux.files.FileReads;
import ktrace.linux.tracing.ProcessMemory;
import ktrace.linux.tracing.Ptrace;
import ktrace.text.RawText;

/**
 * Writes the calls that are wanted as text while the caller stands at their entry and exit. Tracer's thread; allocates for each call
 * that is wanted, and nothing for others.
 */
final class CallTexts implements CallerMemory, FdNames {
    private final CallWish wish;
    private final CallFormatter formatter;
    private final ProcessMemory memory;
    private final FileReads files = new FileReads();
    private final StringBuilder out = new StringBuilder();
    private final byte[] info = new byte[Ptrace.SIGINFO_BYTES];
    /** Whose memory and descriptors are asked for. */
    private int tid;

    /** @param wish null: none is wanted */
    CallTexts(CallWish wish, ProcessMemory memory) {
        this.wish = wish;
        this.memory = memory;
        formatter = wish == null ? null : new CallFormatter(wish.decode(), wish.names());
    }

    /**
     * The call as far as it is known at its entry; null when it is not wanted.
     *
     * @param name what it carries ({@link CarriedCalls}), else null
     */
    String entered(Tracee tracee, Abi abi, int number, String name, long[] arguments, long stackPointer) {
        tracee.callWanted = wish != null && abi != null
                && (name == null ? wish.calls().contains(abi, number) : wish.calls().contains(name));
        if (!tracee.callWanted) {
            return null;
        }
        if (tracee.call == null) {
            tracee.call = new Call();
        }
        tid = tracee.tid;
        tracee.call.enter(abi, number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5])
                .named(name).stackPointer(stackPointer);
        out.setLength(0);
        formatter.enter(tracee.call, this, this, out);
        return out.toString();
    }

    /** The rest of it at its exit; null when it is not wanted. */
    String left(Tracee tracee, long result) {
        if (!tracee.callWanted) {
            return null;
        }
        tracee.callWanted = false;
        tid = tracee.tid;
        out.setLength(0);
        formatter.exit(tracee.call.exit(result), this, this, out);
        return out.toString();
    }

    /** The signal that {@code tid} stands before; null when texts are not wanted, or it has died. */
    String signal(int tid, int signal, Ptrace ptrace) {
        if (wish == null || ptrace.signalInfo(tid, info) < 0) {
            return null;
        }
        this.tid = tid;
        out.setLength(0);
        formatter.signal(signal, info, this, out);
        return out.toString();
    }

    /** What a process is told that a signal has stopped; null when texts are not wanted. */
    String stopped(int signal) {
        return wish == null ? null : "stopped by " + Signals.name(signal);
    }

    @Override
    public int read(long address, byte[] into, int length) {
        return memory.read(tid, address, into, length);
    }

    @Override
    public String name(int fd) {
        byte[] link = files.readLink("/proc/" + tid + (fd == AT_FDCWD ? "/cwd" : "/fd/" + fd));
        return link == null ? null : RawText.of(link);
    }

    /** In a namespace of its own a caller has other numbers. */
    @Override
    public String task(int number) {
        byte[] namespace = files.readLink("/proc/" + tid + "/ns/pid");
        byte[] comm = namespace != null && Arrays.equals(namespace, files.readLink("/proc/self/ns/pid"))
                ? files.readUpTo("/proc/" + number + "/comm", Comm.SIZE_BYTES) : null;
        return comm == null ? null : RawText.of(Arrays.copyOf(comm, comm.length - (comm[comm.length - 1] == '\n' ? 1 : 0)));
    }
}
