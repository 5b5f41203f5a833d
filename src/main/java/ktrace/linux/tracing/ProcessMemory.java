package ktrace.linux.tracing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;
import ktrace.linux.files.FileReads;

/**
 * Reads the memory of other processes: process_vm_readv(2), which asks for the rights of ptrace. Holds its buffer, so it belongs to
 * one thread; allocates nothing after construction, unless it has to go by /proc.
 */
public final class ProcessMemory {
    private static final int PROCESS_VM_READV = Syscalls.number("process_vm_readv");
    private static final int BUFFER_BYTES = 64 << 10;
    /** struct iovec: address and length. */
    private static final int IOVEC_BYTES = 16;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final MemorySegment vectors = arena.allocate(2 * IOVEC_BYTES, 8);
    private final FileReads files = new FileReads();

    /**
     * Copies {@code length} bytes at {@code address} of the process of thread {@code tid} into the start of {@code into}. What
     * process_vm_readv is refused, as in a sandbox that does not know the call, /proc/PID/mem may give.
     *
     * @return how many could be read before the first that could not
     */
    public int read(int tid, long address, byte[] into, int length) {
        int done = readDirectly(tid, address, into, length);
        return done == 0 ? viaProc(tid, address, into, length) : done;
    }

    /**
     * The same by process_vm_readv alone. Of the two only this can be ended by a signal that kills while it waits for a page that
     * is not there (mm/process_vm_access.c, mm/memory.c).
     */
    public int readDirectly(int tid, long address, byte[] into, int length) {
        int done = 0;
        while (done < length) {
            int wanted = Math.min(length - done, BUFFER_BYTES);
            int count = readOnce(tid, address + done, wanted);
            if (count <= 0) {
                return done;
            }
            MemorySegment.copy(buffer, JAVA_BYTE, 0, into, done, count);
            done += count;
            if (count < wanted) {
                return done;
            }
        }
        return done;
    }

    private int readOnce(int tid, long address, int length) {
        vectors.set(JAVA_LONG, 0, buffer.address());
        vectors.set(JAVA_LONG, 8, length);
        vectors.set(JAVA_LONG, IOVEC_BYTES, address);
        vectors.set(JAVA_LONG, IOVEC_BYTES + 8, length);
        return (int) Native.syscall(PROCESS_VM_READV, tid, vectors.address(), 1, vectors.address() + IOVEC_BYTES, 1, 0);
    }

    private int viaProc(int tid, long address, byte[] into, int length) {
        byte[] bytes = address < 0 ? null : files.readAt("/proc/" + tid + "/mem", address, length);
        if (bytes == null) {
            return 0;
        }
        System.arraycopy(bytes, 0, into, 0, bytes.length);
        return bytes.length;
    }
}
