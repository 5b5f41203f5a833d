package ktrace.linux.tracing;

import java.lang.foreign.MemorySegment;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;

/** bpf(2). */
public final class Bpf {
    private static final int NUMBER = Syscalls.number("bpf");

    private Bpf() {
    }

    /**
     * Makes one of the calls that {@link BpfAbi} names.
     *
     * @param attr a {@code union bpf_attr} of {@link BpfAbi#ATTR_BYTES}, zero where nothing is said
     * @return its result, mostly a descriptor's number, or {@code -errno}: the callers know best what to say of it
     */
    public static long call(int command, MemorySegment attr) {
        return Native.syscall(NUMBER, command, attr.address(), attr.byteSize());
    }

    /** Takes over a number that {@link #call} gave. */
    public static FileDescriptor own(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("an error, not a descriptor: " + number);
        }
        return Syscalls.owned(number);
    }
}
