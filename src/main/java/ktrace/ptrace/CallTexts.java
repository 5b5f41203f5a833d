package ktrace.ptrace;

import java.nio.charset.StandardCharsets;
import ktrace.decode.Call;
import ktrace.decode.CallFormatter;
import ktrace.decode.CallerMemory;
import ktrace.decode.FdNames;
import ktrace.linux.Abi;
import ktrace.linux.FileReads;
import ktrace.linux.ProcessMemory;
import ktrace.linux.Ptrace;

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
    /** Whose memory and descriptors are asked for. */
    private int tid;

    /** @param wish null: none is wanted */
    CallTexts(CallWish wish, ProcessMemory memory) {
        this.wish = wish;
        this.memory = memory;
        formatter = wish == null ? null : new CallFormatter(wish.decode(), wish.names());
    }

    /** The call as far as it is known at the entry that {@code ptrace} was asked about last; null when it is not wanted. */
    String entered(Tracee tracee, Abi abi, Ptrace ptrace) {
        int number = (int) ptrace.number();
        tracee.callWanted = wish != null && abi != null && wish.calls().contains(abi, number);
        if (!tracee.callWanted) {
            return null;
        }
        if (tracee.call == null) {
            tracee.call = new Call();
        }
        tid = tracee.tid;
        tracee.call.enter(abi, number, ptrace.argument(0), ptrace.argument(1), ptrace.argument(2), ptrace.argument(3),
                ptrace.argument(4), ptrace.argument(5)).stackPointer(ptrace.stackPointer());
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

    @Override
    public int read(long address, byte[] into, int length) {
        return memory.read(tid, address, into, length);
    }

    @Override
    public String name(int fd) {
        byte[] link = files.readLink("/proc/" + tid + (fd == AT_FDCWD ? "/cwd" : "/fd/" + fd));
        return link == null ? null : new String(link, StandardCharsets.UTF_8);
    }
}
