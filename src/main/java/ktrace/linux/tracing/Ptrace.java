package ktrace.linux.tracing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.Abi;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;
import ktrace.linux.uapi.ptrace_syscall_info;
import ktrace.linux.uapi.user_regs_struct;

/**
 * ptrace(2) and the wait4(2) that goes with it. The kernel ties a tracee to the thread that attached it: every method must be
 * called on that one thread, and on any other gets ESRCH. Holds its buffers; allocates nothing after construction.
 *
 * <p>Methods that return an int give 0, or {@code -errno}; ESRCH says that the thread is dead, or not stopped, or not ours.
 */
public final class Ptrace {
    private static final int PTRACE = Syscalls.number("ptrace");
    private static final int WAIT4 = Syscalls.number("wait4");
    private static final long ARGUMENTS = ptrace_syscall_info.entry$offset() + ptrace_syscall_info.entry.args$offset();
    private static final long NUMBER = ptrace_syscall_info.entry$offset() + ptrace_syscall_info.entry.nr$offset();
    private static final long RESULT = ptrace_syscall_info.exit$offset() + ptrace_syscall_info.exit.rval$offset();
    private static final long INFO_BYTES = ptrace_syscall_info.layout().byteSize();

    private static final int ERESTARTSYS = 512;
    private static final int ERESTARTNOHAND = 514;
    private static final int ERESTART_RESTARTBLOCK = 516;

    /** sizeof(siginfo_t), asm-generic/siginfo.h. */
    public static final int SIGINFO_BYTES = 128;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment info = arena.allocate(ptrace_syscall_info.layout());
    private final MemorySegment status = arena.allocate(JAVA_INT);
    private final MemorySegment registers = arena.allocate(user_regs_struct.layout());
    private final MemorySegment message = arena.allocate(JAVA_LONG);
    private final MemorySegment signal = arena.allocate(SIGINFO_BYTES, 8);

    /** PTRACE_SEIZE: attaches without stopping. */
    public int seize(int tid, int options) {
        return request(Uapi.PTRACE_SEIZE(), tid, 0, options);
    }

    /** PTRACE_INTERRUPT: the thread stops soon. */
    public int interrupt(int tid) {
        return request(Uapi.PTRACE_INTERRUPT(), tid, 0, 0);
    }

    /** PTRACE_SYSCALL: it runs on to the next entry or exit of a system call; {@code signal} is delivered unless 0. */
    public int untilSyscall(int tid, int signal) {
        return request(Uapi.PTRACE_SYSCALL(), tid, 0, signal);
    }

    /** PTRACE_CONT: it runs on, past system calls; {@code signal} is delivered unless 0. */
    public int go(int tid, int signal) {
        return request(Uapi.PTRACE_CONT(), tid, 0, signal);
    }

    /** PTRACE_LISTEN: a group-stopped thread stays stopped, and what ends its stop is reported. */
    public int listen(int tid) {
        return request(Uapi.PTRACE_LISTEN(), tid, 0, 0);
    }

    /** PTRACE_DETACH of a stopped thread; {@code signal} is delivered unless 0. */
    public int detach(int tid, int signal) {
        return request(Uapi.PTRACE_DETACH(), tid, 0, signal);
    }

    /** PTRACE_GETEVENTMSG: what goes with the event stop; {@code -errno} when the thread has died meanwhile. */
    public long eventMessage(int tid) {
        int result = request(Uapi.PTRACE_GETEVENTMSG(), tid, 0, message.address());
        return result < 0 ? result : message.get(JAVA_LONG, 0);
    }

    /**
     * PTRACE_GETSIGINFO: the siginfo_t of the signal that a thread stands before, in the layout of this machine's 64-bit programs.
     *
     * @param into {@link #SIGINFO_BYTES} of them
     * @return 0, or {@code -errno}
     */
    public int signalInfo(int tid, byte[] into) {
        int result = request(Uapi.PTRACE_GETSIGINFO(), tid, 0, signal.address());
        if (result >= 0) {
            MemorySegment.copy(signal, JAVA_BYTE, 0, into, 0, SIGINFO_BYTES);
        }
        return result;
    }

    /**
     * PTRACE_GET_SYSCALL_INFO, since Linux 5.3: {@link #number}, {@link #argument}, {@link #result} and {@link #arch} tell of the
     * thread asked for last.
     *
     * @return PTRACE_SYSCALL_INFO_ENTRY, _EXIT, _SECCOMP or _NONE, or {@code -errno}
     */
    public int syscallInfo(int tid) {
        int result = request(Uapi.PTRACE_GET_SYSCALL_INFO(), tid, INFO_BYTES, info.address());
        return result < 0 ? result : info.get(JAVA_BYTE, ptrace_syscall_info.op$offset());
    }

    /** At entry and at a stop by seccomp: the number of the call. */
    public long number() {
        return info.get(JAVA_LONG, NUMBER);
    }

    /** At entry and at a stop by seccomp: argument 0 to 5. */
    public long argument(int index) {
        return info.get(JAVA_LONG, ARGUMENTS + 8L * index);
    }

    /** At exit: what the call returned, {@code -errno} when it failed. */
    public long result() {
        return info.get(JAVA_LONG, RESULT);
    }

    /** The AUDIT_ARCH_* of the call. */
    public int arch() {
        return info.get(JAVA_INT, ptrace_syscall_info.arch$offset());
    }

    /** Where the thread is. */
    public long instructionPointer() {
        return info.get(JAVA_LONG, ptrace_syscall_info.instruction_pointer$offset());
    }

    public long stackPointer() {
        return info.get(JAVA_LONG, ptrace_syscall_info.stack_pointer$offset());
    }

    /**
     * wait4(2) for any thread that the calling thread traces, and for none that another thread of this process started: __WNOTHREAD
     * leaves those to whoever waits for them.
     *
     * @param wait whether to wait until there is one
     * @return its number; 0 when there is none now; -ECHILD when nothing is traced; -EINTR when a signal came in between
     */
    public int await(boolean wait) {
        int options = Uapi.__WALL() | Uapi.__WNOTHREAD() | (wait ? 0 : Uapi.WNOHANG());
        return (int) Native.syscall(WAIT4, -1, status.address(), options, 0, 0, 0);
    }

    /**
     * Whether {@code tid} has stopped or ended; never waits. For many threads this is cheaper than {@link #await}, which looks at
     * all.
     */
    public boolean hasStopped(int tid) {
        return Native.syscall(WAIT4, tid, status.address(), Uapi.__WALL() | Uapi.__WNOTHREAD() | Uapi.WNOHANG(), 0, 0, 0) == tid;
    }

    /** The wait status of the thread that {@link #await} gave, wait(2). */
    public int waitStatus() {
        return status.get(JAVA_INT, 0);
    }

    /**
     * Whether a thread that stands in an interrupt stop will make the call that it was interrupted in again, as soon as it goes on:
     * its result is then one of those numbers that never leave the kernel (include/linux/errno.h). Told on x86-64, false elsewhere.
     */
    public boolean isAboutToRestart(int tid) {
        if (Abi.current() != Abi.X86_64 || registers(Uapi.PTRACE_GETREGS(), tid, registers) < 0) {
            return false;
        }
        long result = user_regs_struct.rax(registers);
        return user_regs_struct.orig_rax(registers) >= 0 && (result >= -ERESTARTNOHAND && result <= -ERESTARTSYS
                || result == -ERESTART_RESTARTBLOCK);
    }

    /** Gives the call, at whose entry or exit the thread asked for last stands, another first argument; on x86-64. */
    public int setFirstArgument(int tid, long value) {
        int result = registers(Uapi.PTRACE_GETREGS(), tid, registers);
        if (result < 0) {
            return result;
        }
        if (arch() == Abi.I386.auditArch()) {
            user_regs_struct.rbx(registers, value);
        } else {
            user_regs_struct.rdi(registers, value);
        }
        return registers(Uapi.PTRACE_SETREGS(), tid, registers);
    }

    /** PTRACE_POKEDATA: writes a word of 8 bytes into its memory. */
    public int poke(int tid, long address, long word) {
        return request(Uapi.PTRACE_POKEDATA(), tid, address, word);
    }

    /** The number of the call that {@link #isAboutToRestart} has just told of: made again, it may be restart_syscall(2). */
    public long interruptedNumber() {
        return user_regs_struct.orig_rax(registers);
    }

    /** Its argument 0 to 5, where the thread is one of this machine's own ABI. */
    public long interruptedArgument(int index) {
        return switch (index) {
            case 0 -> user_regs_struct.rdi(registers);
            case 1 -> user_regs_struct.rsi(registers);
            case 2 -> user_regs_struct.rdx(registers);
            case 3 -> user_regs_struct.r10(registers);
            case 4 -> user_regs_struct.r8(registers);
            default -> user_regs_struct.r9(registers);
        };
    }

    /** GETREGS or SETREGS and the like, with the address of a structure. */
    int registers(int request, int tid, MemorySegment registers) {
        return request(request, tid, 0, registers.address());
    }

    private static int request(int request, int tid, long address, long data) {
        return (int) Native.syscall(PTRACE, request, tid, address, data, 0, 0);
    }
}
