package ktrace.linux.child;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import ktrace.linux.cpu.Haste;
import ktrace.linux.Processes;
import ktrace.linux.Signals;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * Has a child put back what the JVM changed of what a child inherits: descriptors, signal handlers and mask, the soft limit on
 * open files, which a JVM raises at its start, and the nice value.
 */
final class Heritage {
    /** asm-generic/signal-defs.h. */
    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;
    /** What glibc keeps for itself, sysdeps/unix/sysv/linux/internal-signals.h. */
    private static final int SIGCANCEL = 32;
    private static final int SIGSETXID = 33;

    private final ChildProgram program;

    /** @param program given the calls */
    Heritage(ChildProgram program) {
        this.program = program;
    }

    /** Of the descriptors from {@code first} on; what another thread of the JVM opens at this moment is copied as well. */
    static void closeAllBut(ChildProgram program, int first, SortedSet<Integer> kept) {
        int from = first;
        for (int fd : kept) {
            if (fd > from) {
                program.attempt(Syscalls.number("close_range"), from, fd - 1, 0);
            }
            from = fd + 1;
        }
        program.attempt(Syscalls.number("close_range"), from, 0xffff_ffffL, 0);
    }

    /** {@link Haste} is ktrace's alone. */
    void restoreNice() {
        program.attempt(Syscalls.number("setpriority"), Uapi.PRIO_PROCESS(), 0, Haste.usualNice());
    }

    /** No handler of the JVM's may run in the child; what is ignored stays so, as by execve(2). */
    void restoreHandlers() throws IOException {
        long ignored = statusMask("SigIgn:");
        if ((ignored & bit(SIGCANCEL)) != 0) {
            // glibc's posix_spawn ignores both, and its first thread takes the other for itself, as ktrace's did.
            ignored |= bit(SIGSETXID);
        }
        for (int signal = 1; signal <= Signals.MAX; signal++) {
            // struct sigaction of the kernel; the handler comes first.
            MemorySegment action = program.arena().allocate(64, 8);
            action.set(JAVA_LONG, 0, (ignored & bit(signal)) == 0 ? SIG_DFL : SIG_IGN);
            program.attempt(Syscalls.number("rt_sigaction"), signal, action.address(), 0, Long.BYTES);
        }
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** A JVM raises its own soft limit to the hard one; our parent still has what a command started beside us would get. */
    void restoreOpenFilesLimit() {
        try {
            Processes.Limit ours = Processes.limit(0, Uapi.RLIMIT_NOFILE());
            Processes.Limit theirs = Processes.limit((int) HeldProcess.statField(Processes.getpid(), 4), Uapi.RLIMIT_NOFILE());
            if (Long.compareUnsigned(theirs.soft(), ours.hard()) <= 0) {
                MemorySegment limit = program.arena().allocateFrom(JAVA_LONG, theirs.soft(), ours.hard());
                program.attempt(Syscalls.number("prlimit64"), 0, Uapi.RLIMIT_NOFILE(), limit.address(), 0);
            }
        } catch (IOException | SyscallException e) {
            // Another user's parent cannot be asked. The command then runs with the higher limit, which no program minds.
            return;
        }
    }

    /** Last before the exec: what has come meanwhile is delivered. */
    void unblockSignals() throws IOException {
        MemorySegment mask = program.arena().allocateFrom(JAVA_LONG, statusMask("SigBlk:"));
        program.require(0, Syscalls.number("rt_sigprocmask"), Uapi.SIG_SETMASK(), mask.address(), 0, Long.BYTES);
    }

    /** A mask of the first thread, which the JVM only waits in: the one ktrace was started with. */
    private static long statusMask(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/task/" + Processes.getpid() + "/status"),
                StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(field)) {
                return Long.parseUnsignedLong(line.substring(field.length()).strip(), 16);
            }
        }
        return 0;
    }
}
