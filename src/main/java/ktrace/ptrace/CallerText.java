package ktrace.ptrace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import ktrace.linux.tracing.ProcessMemory;
import ktrace.text.RawText;

/** Single words and paths out of a traced thread's memory, for the few calls whose arguments the tracer itself must know. */
final class CallerText {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** PATH_MAX of linux/limits.h. */
    private static final int PATH_BYTES = 4096;

    private final ProcessMemory memory;
    private final byte[] bytes = new byte[PATH_BYTES];

    CallerText(ProcessMemory memory) {
        this.memory = memory;
    }

    /** Eight bytes at an address; {@link Tracee#NOT_KNOWN} when they cannot be read. */
    long word(int tid, long address) {
        return memory.read(tid, address, bytes, Long.BYTES) == Long.BYTES ? (long) WORD.get(bytes, 0) : Tracee.NOT_KNOWN;
    }

    /** The string at an address up to its NUL; null when it cannot be read. Allocates. */
    String path(int tid, long address) {
        int count = memory.read(tid, address, bytes, PATH_BYTES);
        int length = 0;
        while (length < count && bytes[length] != 0) {
            length++;
        }
        return length == count ? null : RawText.of(bytes, 0, length);
    }
}
