package ktrace.decode;

import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/**
 * One system call of one thread, from its entry to its exit: a flyweight that is filled anew for every call. Whoever follows a
 * thread keeps one for it, since between entry and exit it also holds what {@link ktrace.decode.calls.CallFormatter} noted at
 * entry. Not for several threads at a time; allocates nothing after construction.
 */
public final class Call {
    /** No system call has more arguments. */
    public static final int ARGUMENTS = 6;

    private final long[] arguments = new long[ARGUMENTS];
    private Abi abi = Abi.current();
    private int number = -1;
    private String nameOfOwn;
    private long result;
    private boolean finished;
    private long stackPointer;

    /** How many arguments are in the text already. Written by the formatter alone, as the next one is. */
    public int shown;
    /** Whether the next one is in the text with what it was at entry. */
    public boolean begun;
    /** A number read from the caller's memory at entry that the text at exit needs, as the length of a buffer; else 0. */
    public long noted;

    /** Begins another call, with the registers as they were at entry. */
    public Call enter(Abi abi, int number, long arg0, long arg1, long arg2, long arg3, long arg4, long arg5) {
        this.abi = abi;
        this.number = number;
        nameOfOwn = null;
        arguments[0] = arg0;
        arguments[1] = arg1;
        arguments[2] = arg2;
        arguments[3] = arg3;
        arguments[4] = arg4;
        arguments[5] = arg5;
        result = 0;
        finished = false;
        shown = 0;
        begun = false;
        stackPointer = 0;
        noted = 0;
        return this;
    }

    /** The call has returned {@code result}, which is {@code -errno} when it failed, as the kernel returns it. */
    public Call exit(long result) {
        this.result = result;
        finished = true;
        return this;
    }

    /**
     * It was made through another: socketcall(2) and ipc(2) of i386 carry many calls, of which not all have a number there.
     *
     * @param name of the call; null: that of its number
     */
    public Call named(String name) {
        nameOfOwn = name;
        return this;
    }

    /** What {@link #named} told, or null. */
    public String nameOfOwn() {
        return nameOfOwn;
    }

    /** The caller's stack pointer at entry, where it is known: rt_sigreturn(2) has its arguments there and nowhere else. */
    public Call stackPointer(long address) {
        stackPointer = address;
        return this;
    }

    /** 0 when it is not known. */
    public long stackPointer() {
        return stackPointer;
    }

    public Abi abi() {
        return abi;
    }

    public int number() {
        return number;
    }

    /** As in the kernel's table of {@link #abi}, or what {@link #named} told. */
    public String name() {
        return nameOfOwn == null ? SyscallTable.of(abi).name(number) : nameOfOwn;
    }

    /** What register number {@code index} (0 to 5) held at entry. */
    public long argument(int index) {
        return arguments[index];
    }

    /** What the call returned; 0 until it has. */
    public long result() {
        return result;
    }

    /** Whether {@link #exit} has been told. */
    public boolean isFinished() {
        return finished;
    }

    /** The bytes of a {@code long} or a pointer in the caller's memory. */
    public int wordBytes() {
        return abi == Abi.I386 ? 4 : 8;
    }
}
