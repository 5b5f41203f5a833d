package ktrace.linux;

import java.lang.foreign.MemorySegment;

/**
 * A file mapped into memory by mmap(2), unmapped once.
 *
 * <p>{@link #memory()} is not guarded after {@link #close()}: touching it then ends the JVM. Whoever closes a mapping makes sure
 * that its reader has stopped. The price of a guarded segment, a liveness check on every access, is not paid on the event path.
 */
public final class Mapping implements AutoCloseable {
    private final MemorySegment memory;
    private boolean open = true;

    @SuppressWarnings("restricted") // the kernel gave this address and size
    Mapping(long address, long sizeBytes) {
        memory = MemorySegment.ofAddress(address).reinterpret(sizeBytes);
    }

    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Native.syscall(Syscalls.MUNMAP, memory.address(), memory.byteSize(), 0);
        }
    }
}
