package ktrace.ptrace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ktrace.decode.calls.CallSet;
import ktrace.linux.Abi;
import ktrace.linux.SyscallException;
import ktrace.linux.SyscallTable;
import ktrace.linux.tracing.InjectedCall;
import ktrace.linux.tracing.Ptrace;
import ktrace.linux.uapi.Uapi;

/**
 * A seccomp(2) filter that has only the calls asked for stop, so that all others run at full speed, and puts it into a command that is
 * held before its exec. The command shares ktrace's memory until then (CLONE_VM): the filter is read from there.
 *
 * <pre>
 *   arch == x86-64 ?  number in set ? TRACE : clone with CLONE_UNTRACED, or clone3 ? TRACE : ALLOW
 *   arch == i386   ?  number in set, or what carries one ({@link CarriedCalls}) ? TRACE : the same ? TRACE : ALLOW
 *   otherwise ALLOW
 * </pre>
 *
 * A child that is made untraced would inherit the filter, and its filtered calls fail (ENOSYS): {@link Stops} has it traced all the
 * same. The flags of clone3(2) are in memory, where a filter cannot look.
 */
final class CallFilter {
    private static final int SECCOMP = SyscallTable.current().number("seccomp");
    private static final int PRCTL = SyscallTable.current().number("prctl");
    /** struct seccomp_data: int nr, u32 arch. */
    private static final int NR = 0;
    private static final int ARCH = 4;
    /** The lower half of its first argument. */
    private static final int FIRST_ARGUMENT = 16;
    /** struct sock_filter. */
    private static final int INSTRUCTION_BYTES = 8;

    private record Instruction(int code, int ifTrue, int ifFalse, int k) {
    }

    private final List<Instruction> program = new ArrayList<>();

    CallFilter(CallSet calls) {
        program.add(load(ARCH));
        for (Abi abi : List.of(Abi.X86_64, Abi.I386)) {
            List<Instruction> section = section(calls, abi);
            program.add(new Instruction(Uapi.BPF_JMP() | Uapi.BPF_JEQ() | Uapi.BPF_K(), 1, 0, abi.auditArch()));
            program.add(new Instruction(Uapi.BPF_JMP() | Uapi.BPF_JA(), 0, 0, section.size()));
            program.addAll(section);
        }
        program.add(answer(Uapi.SECCOMP_RET_ALLOW()));
    }

    private static List<Instruction> section(CallSet calls, Abi abi) {
        List<Instruction> section = new ArrayList<>();
        section.add(load(NR));
        SyscallTable table = SyscallTable.of(abi);
        for (int number = 0; number < table.limit(); number++) {
            if (table.isKnown(number)
                    && (calls.contains(abi, number) || CarriedCalls.carries(abi, number, calls)
                            || table.name(number).equals("clone3"))) {
                section.add(new Instruction(Uapi.BPF_JMP() | Uapi.BPF_JEQ() | Uapi.BPF_K(), 0, 1, number));
                section.add(answer(Uapi.SECCOMP_RET_TRACE()));
            }
        }
        section.add(new Instruction(Uapi.BPF_JMP() | Uapi.BPF_JEQ() | Uapi.BPF_K(), 0, 3, table.number("clone")));
        section.add(load(FIRST_ARGUMENT));
        section.add(new Instruction(Uapi.BPF_JMP() | Uapi.BPF_JSET() | Uapi.BPF_K(), 0, 1, Uapi.CLONE_UNTRACED()));
        section.add(answer(Uapi.SECCOMP_RET_TRACE()));
        section.add(answer(Uapi.SECCOMP_RET_ALLOW()));
        return section;
    }

    private static Instruction load(int offset) {
        return new Instruction(Uapi.BPF_LD() | Uapi.BPF_W() | Uapi.BPF_ABS(), 0, 0, offset);
    }

    private static Instruction answer(int action) {
        return new Instruction(Uapi.BPF_RET() | Uapi.BPF_K(), 0, 0, action);
    }

    /**
     * Puts it into {@code tid}, which is traced and runs. Who may not do so gives up the right to gain privileges by exec first
     * (prctl PR_SET_NO_NEW_PRIVS), as the kernel demands.
     */
    void install(Ptrace ptrace, int tid) {
        ptrace.interrupt(tid);
        int stopped = ptrace.await(true);
        while (stopped == -Uapi.EINTR()) {
            stopped = ptrace.await(true);
        }
        try (Arena arena = Arena.ofConfined(); InjectedCall injected = new InjectedCall(ptrace, tid)) {
            MemorySegment code = arena.allocate((long) program.size() * INSTRUCTION_BYTES, 8);
            for (int i = 0; i < program.size(); i++) {
                Instruction instruction = program.get(i);
                long at = (long) i * INSTRUCTION_BYTES;
                code.set(JAVA_SHORT, at, (short) instruction.code());
                code.set(JAVA_BYTE, at + 2, (byte) instruction.ifTrue());
                code.set(JAVA_BYTE, at + 3, (byte) instruction.ifFalse());
                code.set(JAVA_INT, at + 4, instruction.k());
            }
            MemorySegment fprog = arena.allocate(16, 8);
            fprog.set(JAVA_SHORT, 0, (short) program.size());
            fprog.set(JAVA_LONG, 8, code.address());
            long result = injected.call(SECCOMP, Uapi.SECCOMP_SET_MODE_FILTER(), 0, fprog.address());
            if (result == -Uapi.EACCES()) {
                injected.call(PRCTL, Uapi.PR_SET_NO_NEW_PRIVS(), 1, 0);
                result = injected.call(SECCOMP, Uapi.SECCOMP_SET_MODE_FILTER(), 0, fprog.address());
            }
            if (result < 0) {
                throw new SyscallException("seccomp", (int) -result, "filter the command's system calls", "trace without --seccomp");
            }
        }
    }
}
