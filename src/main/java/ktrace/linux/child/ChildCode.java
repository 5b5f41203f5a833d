package ktrace.linux.child;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;
import ktrace.linux.Abi;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * The few instructions that a JVM cannot do without where a child process is made: what runs between clone(2) and execve(2) must be
 * neither Java nor the C library's, for the child has one thread only and shares the memory of ours. They make the child, and in it
 * the system calls of a {@link ChildProgram}, one after the other; the parent goes on at once. No signal handler of the JVM's can
 * run in the child: every signal is blocked from before the clone, and the parent's mask is put back afterwards.
 *
 * <p>Position-independent; the bytes are what as(1) makes of the text beside them, and a test has it do so.
 */
final class ChildCode {
    /** clone in the order of arguments of x86-64; 2 is SIG_SETMASK. */
    static final String X86_64 = """
            53             push rbx
            4154           push r12
            4889fb         mov rbx, rdi
            b80e000000     mov eax, 14             # rt_sigprocmask(SIG_SETMASK, all, before, 8)
            bf02000000     mov edi, 2
            488d7310       lea rsi, [rbx+16]
            488d5318       lea rdx, [rbx+24]
            41ba08000000   mov r10d, 8
            0f05           syscall
            b838000000     mov eax, 56             # clone(flags, stack, 0, 0, 0)
            488b3b         mov rdi, [rbx]
            488b7308       mov rsi, [rbx+8]
            31d2           xor edx, edx
            4531d2         xor r10d, r10d
            4531c0         xor r8d, r8d
            0f05           syscall
            4885c0         test rax, rax
            7422           jz child
            4989c4         mov r12, rax
            b80e000000     mov eax, 14             # rt_sigprocmask(SIG_SETMASK, before, 0, 8)
            bf02000000     mov edi, 2
            488d7318       lea rsi, [rbx+24]
            31d2           xor edx, edx
            41ba08000000   mov r10d, 8
            0f05           syscall
            4c89e0         mov rax, r12
            415c           pop r12
            5b             pop rbx
            c3             ret
                       child:
            4883c320       add rbx, 32
                       step:
            488b03         mov rax, [rbx]
            488b7b08       mov rdi, [rbx+8]
            488b7310       mov rsi, [rbx+16]
            488b5318       mov rdx, [rbx+24]
            4c8b5320       mov r10, [rbx+32]
            4c8b4328       mov r8, [rbx+40]
            4c8b4b30       mov r9, [rbx+48]
            0f05           syscall
            48894338       mov [rbx+56], rax
            483b4340       cmp rax, [rbx+64]
            7c06           jl stop
            4883c348       add rbx, 72
            ebd3           jmp step
                       stop:
            bf7f000000     mov edi, 127            # exit_group(127)
            b8e7000000     mov eax, 231
            0f05           syscall
            """;

    /** The same. The kernel leaves every register but x0 alone. */
    static final String AARCH64 = """
            e90300aa       mov x9, x0
            400080d2       mov x0, #2              // rt_sigprocmask(SIG_SETMASK, all, before, 8)
            21410091       add x1, x9, #16
            22610091       add x2, x9, #24
            030180d2       mov x3, #8
            e81080d2       mov x8, #135
            010000d4       svc #0
            200540a9       ldp x0, x1, [x9]        // clone(flags, stack, 0, 0, 0)
            e2031faa       mov x2, xzr
            e3031faa       mov x3, xzr
            e4031faa       mov x4, xzr
            881b80d2       mov x8, #220
            010000d4       svc #0
            400100b4       cbz x0, child
            ea0300aa       mov x10, x0
            400080d2       mov x0, #2              // rt_sigprocmask(SIG_SETMASK, before, 0, 8)
            21610091       add x1, x9, #24
            e2031faa       mov x2, xzr
            030180d2       mov x3, #8
            e81080d2       mov x8, #135
            010000d4       svc #0
            e0030aaa       mov x0, x10
            c0035fd6       ret
                       child:
            29810091       add x9, x9, #32
                       step:
            280140f9       ldr x8, [x9]
            208540a9       ldp x0, x1, [x9, #8]
            228d41a9       ldp x2, x3, [x9, #24]
            249542a9       ldp x4, x5, [x9, #40]
            010000d4       svc #0
            201d00f9       str x0, [x9, #56]
            212140f9       ldr x1, [x9, #64]
            1f0001eb       cmp x0, x1
            6b000054       b.lt stop
            29210191       add x9, x9, #72
            f6ffff17       b step
                       stop:
            e00f80d2       mov x0, #127            // exit_group(127)
            c80b80d2       mov x8, #94
            010000d4       svc #0
            """;

    private static final int MMAP = Syscalls.number("mmap");
    private static final int MPROTECT = Syscalls.number("mprotect");
    private static final long PAGE_BYTES = 65536;

    private ChildCode() {
    }

    /** What the first word of each line says. */
    static byte[] bytes(String listing) {
        StringBuilder hex = new StringBuilder();
        listing.lines().filter(line -> !line.startsWith(" ")).forEach(line -> hex.append(line, 0, line.indexOf(' ')));
        return HexFormat.of().parseHex(hex);
    }

    /**
     * Makes the child.
     *
     * @param program laid out as {@link ChildProgram} says; stays where it is as long as the child may run in it
     * @return its number, or {@code -errno}
     */
    @SuppressWarnings("restricted") // what this package is for
    static long run(MemorySegment program) {
        byte[] code = bytes(Abi.current() == Abi.AARCH64 ? AARCH64 : X86_64);
        long address = Native.syscall(MMAP, 0, PAGE_BYTES, Uapi.PROT_READ() | Uapi.PROT_WRITE(),
                Uapi.MAP_PRIVATE() | Uapi.MAP_ANONYMOUS(), -1, 0);
        if (address < 0 && address > -4096) {
            return address;
        }
        MemorySegment page = MemorySegment.ofAddress(address).reinterpret(PAGE_BYTES);
        MemorySegment.copy(code, 0, page, JAVA_BYTE, 0, code.length);
        long result = Native.syscall(MPROTECT, address, PAGE_BYTES, Uapi.PROT_READ() | Uapi.PROT_EXEC());
        if (result < 0) {
            return result;
        }
        MethodHandle start = Native.LINKER.downcallHandle(page, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        try {
            return (long) start.invokeExact(program);
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
        }
    }
}
