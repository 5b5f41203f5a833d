package ktrace.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.uapi.Uapi;

/**
 * Gets a thread of this process out of a system call that it waits in, which then fails with EINTR. By SIGURG, which a process
 * ignores unless it asks for it, and which neither a JVM nor its class libraries use.
 *
 * <p>A system call returns only for a signal that has a handler: one that does nothing ({@link SignalActions#nothingAt}).
 */
public final class ThreadSignal {
    private static final int TGKILL = Syscalls.number("tgkill");
    private static final int RT_SIGPROCMASK = Syscalls.number("rt_sigprocmask");
    private final int pid = Processes.getpid();
    private final int tid;

    /** For the calling thread, which from now on can be interrupted. */
    public ThreadSignal() {
        tid = Processes.gettid();
        SignalActions.nothingAt(Uapi.SIGURG());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(JAVA_LONG);
            mask.set(JAVA_LONG, 0, 1L << (Uapi.SIGURG() - 1));
            Native.syscall(RT_SIGPROCMASK, Uapi.SIG_UNBLOCK(), mask.address(), 0, Long.BYTES, 0, 0);
        }
    }

    /** Interrupts it, if it is in a call at this moment: a caller that wants to be heard repeats it. Any thread. */
    public void send() {
        Native.syscall(TGKILL, pid, tid, Uapi.SIGURG());
    }
}
