package ktrace.linux.tracing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.SyscallException;
import ktrace.linux.uapi.Uapi;
import ktrace.linux.uapi.user_regs_struct;

/**
 * Has a traced thread make system calls of ktrace's choice. The thread stands in an interrupt stop inside a call of its own, which
 * it makes anew afterwards: the instruction before its instruction pointer is the one that enters the kernel. x86-64 only; on the
 * tracer's thread.
 */
public final class InjectedCall implements AutoCloseable {
    private final Ptrace ptrace;
    private final int tid;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment saved = arena.allocate(user_regs_struct.layout());
    private final MemorySegment registers = arena.allocate(user_regs_struct.layout());
    /** The length of the instruction {@code syscall}. */
    private static final int SYSCALL_BYTES = 2;

    /** @throws SyscallException when the thread does not stand in a call */
    public InjectedCall(Ptrace ptrace, int tid) {
        this.ptrace = ptrace;
        this.tid = tid;
        check(ptrace.registers(Uapi.PTRACE_GETREGS(), tid, saved));
        if (user_regs_struct.orig_rax(saved) < 0) {
            throw new SyscallException("ptrace", Uapi.ESRCH(), "prepare the command for --seccomp",
                    "it does not wait where it should");
        }
    }

    /** Gives what the call returned, {@code -errno} when it failed. */
    public long call(int number, long a, long b, long c) {
        registers.copyFrom(saved);
        user_regs_struct.rip(registers, user_regs_struct.rip(saved) - SYSCALL_BYTES);
        user_regs_struct.rax(registers, number);
        user_regs_struct.rdi(registers, a);
        user_regs_struct.rsi(registers, b);
        user_regs_struct.rdx(registers, c);
        user_regs_struct.r10(registers, 0);
        user_regs_struct.r8(registers, 0);
        // No call to be made again.
        user_regs_struct.orig_rax(registers, -1);
        check(ptrace.registers(Uapi.PTRACE_SETREGS(), tid, registers));
        step();
        step();
        check(ptrace.registers(Uapi.PTRACE_GETREGS(), tid, registers));
        return user_regs_struct.rax(registers);
    }

    /** To the entry, or to the exit. */
    private void step() {
        check(ptrace.untilSyscall(tid, 0));
        int stopped = ptrace.await(true);
        while (stopped == -Uapi.EINTR()) {
            stopped = ptrace.await(true);
        }
        if (stopped != tid || (ptrace.waitStatus() >>> 8) != (Uapi.SIGTRAP() | 0x80)) {
            throw new SyscallException("ptrace", Uapi.ESRCH(), "prepare the command for --seccomp", "it was disturbed meanwhile");
        }
    }

    private static void check(int result) {
        if (result < 0) {
            throw new SyscallException("ptrace", result, "prepare the command for --seccomp");
        }
    }

    /** The thread will make the call again that it was found in. */
    @Override
    public void close() {
        user_regs_struct.rip(saved, user_regs_struct.rip(saved) - SYSCALL_BYTES);
        user_regs_struct.rax(saved, user_regs_struct.orig_rax(saved));
        user_regs_struct.orig_rax(saved, -1);
        ptrace.registers(Uapi.PTRACE_SETREGS(), tid, saved);
        arena.close();
    }
}
