package ktrace.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the kernel: syscall(2). Every wrapper goes through the same method handle, so that only one is linked at
 * start-up and the JIT sees one shape.
 *
 * <p>Never linked with {@code Linker.Option.critical}: any system call can block, and a thread blocked in a critical call would
 * hold up the whole JVM at the next safepoint.
 */
public final class Native {
    public static final Linker LINKER = Linker.nativeLinker();

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    /** errno is written by the call stub into memory of the calling thread, before the JVM can overwrite the C library's. */
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

    @SuppressWarnings("restricted") // what this package is for
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));

    private Native() {
    }

    /**
     * Makes a system call. Pointers are passed as addresses: the caller keeps their arenas open until this returns.
     *
     * @return the result, or {@code -errno} when the call failed, as the kernel itself returns it
     */
    public static long syscall(int number, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = CALL_STATE.get();
        try {
            long result = (long) SYSCALL.invokeExact(state, (long) number, a, b, c, d, e, f);
            return result == -1 ? -state.get(JAVA_INT, ERRNO_OFFSET) : result;
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
        }
    }

    public static long syscall(int number, long a, long b, long c) {
        return syscall(number, a, b, c, 0, 0, 0);
    }
}
