package ktrace.bpf.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.FileDescriptor;
import ktrace.linux.SyscallException;
import ktrace.linux.tracing.Bpf;
import ktrace.linux.tracing.BpfAbi;

/** The arguments of one bpf(2), a {@code union bpf_attr}; what they point to lives as long as they do. One thread. */
final class Attr implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment attr = arena.allocate(BpfAbi.ATTR_BYTES, 8);

    Attr number(int at, int value) {
        attr.set(JAVA_INT, at, value);
        return this;
    }

    Attr pointer(int at, MemorySegment to) {
        attr.set(JAVA_LONG, at, to.address());
        return this;
    }

    /** A name in place, cut to what fits. */
    Attr name(int at, String name) {
        String cut = name.substring(0, Math.min(name.length(), BpfAbi.OBJ_NAME_LEN - 1));
        attr.setString(at, cut);
        return this;
    }

    MemorySegment allocate(long sizeBytes) {
        return arena.allocate(sizeBytes, 8);
    }

    /** Memory that holds a number. */
    MemorySegment number(int number) {
        return arena.allocateFrom(JAVA_INT, number);
    }

    MemorySegment numbers(int[] numbers) {
        return arena.allocateFrom(JAVA_INT, numbers);
    }

    MemorySegment text(String text) {
        return arena.allocateFrom(text);
    }

    /** The result, or {@code -errno}. */
    long call(int command) {
        return Bpf.call(command, attr);
    }

    /** The descriptor that the call gives; a failure says what was tried. */
    FileDescriptor open(int command, String tried) {
        return Bpf.own(require(command, tried));
    }

    long require(int command, String tried) {
        long result = call(command);
        if (result < 0) {
            throw new SyscallException("bpf", (int) -result, tried, "it needs root, or CAP_BPF and CAP_PERFMON");
        }
        return result;
    }

    @Override
    public void close() {
        arena.close();
    }
}
