package ktrace.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import ktrace.linux.uapi.Uapi;

/**
 * Gets a thread of this process out of a system call that it waits in, which then fails with EINTR. By SIGURG, which a process
 * ignores unless it asks for it, and which neither a JVM nor its class libraries use.
 *
 * <p>A system call returns only for a signal that has a handler. None may run Java code at such a moment; the C library's abs(3)
 * takes an int, touches nothing, and returns.
 */
public final class ThreadSignal {
    private static final int TGKILL = Syscalls.number("tgkill");
    private static final int RT_SIGPROCMASK = Syscalls.number("rt_sigprocmask");
    /** Room for struct sigaction of any C library: the handler comes first in glibc's and musl's; the rest stays 0. */
    private static final long SIGACTION_BYTES = 256;

    private final int pid = Processes.getpid();
    private final int tid;

    /** For the calling thread, which from now on can be interrupted. */
    @SuppressWarnings("restricted") // what this package is for
    public ThreadSignal() {
        tid = Processes.gettid();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            action.set(ADDRESS, 0, Native.LINKER.defaultLookup().findOrThrow("abs"));
            MethodHandle sigaction = Native.LINKER.downcallHandle(Native.LINKER.defaultLookup().findOrThrow("sigaction"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
            int result = (int) sigaction.invokeExact(Uapi.SIGURG(), action, MemorySegment.NULL);
            if (result != 0) {
                throw new SyscallException("sigaction", Uapi.EINVAL(), "prepare to be interrupted", "");
            }
            MemorySegment mask = arena.allocate(JAVA_LONG);
            mask.set(JAVA_LONG, 0, 1L << (Uapi.SIGURG() - 1));
            Native.syscall(RT_SIGPROCMASK, Uapi.SIG_UNBLOCK(), mask.address(), 0, Long.BYTES, 0, 0);
        } catch (SyscallException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
        }
    }

    /** Interrupts it, if it is in a call at this moment: a caller that wants to be heard repeats it. Any thread. */
    public void send() {
        Native.syscall(TGKILL, pid, tid, Uapi.SIGURG());
    }
}
