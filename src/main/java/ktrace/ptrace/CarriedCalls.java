package ktrace.ptrace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import ktrace.decode.calls.CallSet;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.linux.tracing.ProcessMemory;
import ktrace.linux.tracing.Ptrace;

/**
 * The calls that others carry on i386: all of sockets come as socketcall(2), all of System V's queues as ipc(2), and the old
 * select(2) and mmap(2) have their arguments in memory (net/compat.c, ipc/syscall.c, arch/x86/kernel/sys_ia32.c). Tracer's thread;
 * allocates nothing.
 */
final class CarriedCalls {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final SyscallTable I386 = SyscallTable.of(Abi.I386);
    private static final int SOCKETCALL = number("socketcall");
    private static final int IPC = number("ipc");
    private static final int MMAP = number("mmap");
    private static final int SELECT = number("select");
    private static final int ARGUMENTS = 6;

    /** By the first argument of socketcall(2): what it carries and how many arguments that has (linux/net.h, net/socket.c). */
    private static final String[] SOCKET_CALLS = {null, "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername",
        "socketpair", "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4",
        "recvmmsg", "sendmmsg"};
    private static final int[] SOCKET_ARGUMENTS = {0, 3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4, 5, 4};

    private static final List<String> IPC_CALLS = List.of("semop", "semget", "semctl", "semtimedop", "msgsnd", "msgrcv", "msgget",
            "msgctl", "shmat", "shmdt", "shmget", "shmctl");

    private final ProcessMemory memory;
    private final byte[] bytes = new byte[ARGUMENTS * Integer.BYTES];
    private final long[] arguments = new long[ARGUMENTS];
    private String name;
    private long resultAt;

    CarriedCalls(ProcessMemory memory) {
        this.memory = memory;
    }

    private static int number(String name) {
        return I386.find(name).orElseThrow();
    }

    /** Whether calls that are asked for come as that one. */
    static boolean carries(Abi abi, int number, CallSet calls) {
        if (abi != Abi.I386) {
            return false;
        }
        return number == SOCKETCALL && Arrays.stream(SOCKET_CALLS).anyMatch(name -> name != null && calls.contains(name))
                || number == IPC && IPC_CALLS.stream().anyMatch(calls::contains);
    }

    /** Whether the i386 call at whose entry the thread stands carries another; then that is told by the other methods. */
    boolean unfold(int tid, Ptrace ptrace) {
        int number = (int) ptrace.number();
        resultAt = 0;
        Arrays.fill(arguments, 0);
        if (number == SOCKETCALL) {
            int call = (int) ptrace.argument(0);
            name = call > 0 && call < SOCKET_CALLS.length ? SOCKET_CALLS[call] : null;
            return name != null && read(tid, ptrace.argument(1), SOCKET_ARGUMENTS[call]);
        }
        if (number == IPC) {
            return unfoldIpc(tid, ptrace);
        }
        if (number == MMAP || number == SELECT) {
            name = number == MMAP ? "mmap" : "select";
            return read(tid, ptrace.argument(0), number == MMAP ? 6 : 5);
        }
        return false;
    }

    private boolean unfoldIpc(int tid, Ptrace ptrace) {
        int call = (int) ptrace.argument(0) & 0xffff;
        boolean old = ptrace.argument(0) >>> 16 == 0;
        long first = ptrace.argument(1);
        long second = ptrace.argument(2);
        long third = ptrace.argument(3);
        long pointer = ptrace.argument(4);
        long fifth = ptrace.argument(5);
        return switch (call) {
            case 1 -> is("semop", first, pointer, second, 0, 0);
            case 2 -> is("semget", first, second, third, 0, 0);
            case 3 -> read(tid, pointer, 1) && is("semctl", first, second, third, arguments[0], 0);
            case 4 -> is("semtimedop", first, pointer, second, fifth, 0);
            case 11 -> is("msgsnd", first, pointer, second, third, 0);
            // The older kind has the buffer and the type in a structure (struct compat_ipc_kludge).
            case 12 -> old ? read(tid, pointer, 2) && is("msgrcv", first, arguments[0], second, arguments[1], third)
                    : is("msgrcv", first, pointer, second, fifth, third);
            case 13 -> is("msgget", first, second, 0, 0, 0);
            case 14 -> is("msgctl", first, second, pointer, 0, 0);
            case 21 -> {
                resultAt = third;
                yield is("shmat", first, pointer, second, 0, 0);
            }
            case 22 -> is("shmdt", pointer, 0, 0, 0, 0);
            case 23 -> is("shmget", first, second, third, 0, 0);
            case 24 -> is("shmctl", first, second, pointer, 0, 0);
            default -> false;
        };
    }

    private boolean is(String carried, long arg0, long arg1, long arg2, long arg3, long arg4) {
        name = carried;
        arguments[0] = arg0;
        arguments[1] = arg1;
        arguments[2] = arg2;
        arguments[3] = arg3;
        arguments[4] = arg4;
        arguments[5] = 0;
        return true;
    }

    private boolean read(int tid, long address, int count) {
        if (memory.read(tid, address, bytes, count * Integer.BYTES) != count * Integer.BYTES) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            arguments[i] = (int) WORD.get(bytes, i * Integer.BYTES) & 0xffff_ffffL;
        }
        return true;
    }

    /** The name of what is carried. */
    String name() {
        return name;
    }

    long argument(int index) {
        return arguments[index];
    }

    /** Where the carried call leaves its result when it succeeds, since ipc(2) returns 0 then; 0 when it returns it. */
    long resultAt() {
        return resultAt;
    }

    /** What stands at {@link #resultAt}; {@code orElse} when it cannot be read. */
    long resultAt(int tid, long address, long orElse) {
        return memory.read(tid, address, bytes, Integer.BYTES) == Integer.BYTES ? (int) WORD.get(bytes, 0) & 0xffff_ffffL : orElse;
    }
}
