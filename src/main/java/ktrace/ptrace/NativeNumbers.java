package ktrace.ptrace;

import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/**
 * The numbers that calls of programs of another ABI are reported under: those of the native call of the same name, so that all that
 * follows knows what they do; what the native ABI has no call for gets a number beyond those of all calls.
 */
final class NativeNumbers {
    /** Above the numbers of all ABIs. */
    private static final int BEYOND = 1024;

    private final Abi current = Abi.current();
    private final int[] fromI386;

    NativeNumbers() {
        SyscallTable i386 = SyscallTable.of(Abi.I386);
        fromI386 = new int[i386.limit()];
        for (int number = 0; number < fromI386.length; number++) {
            fromI386[number] = SyscallTable.current().find(i386.name(number)).orElse(BEYOND + number);
        }
    }

    int of(Abi abi, long number) {
        if (abi == current) {
            return (int) number;
        }
        return abi == Abi.I386 && number >= 0 && number < fromI386.length ? fromI386[(int) number] : BEYOND + (int) (number & 0xffff);
    }
}
