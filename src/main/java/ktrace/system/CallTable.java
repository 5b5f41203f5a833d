package ktrace.system;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Function;

/** What is known of each system call, by number. Immutable; {@link #of} is an array load. */
final class CallTable {
    /** The numbers of all ABIs end below. */
    private static final int LIMIT = 1024;

    private final SystemCall[] calls = new SystemCall[LIMIT];
    private final int restart;

    /** @param numberOf the number of a call by its name, empty where the machine's ABI does not have it */
    CallTable(FamilySet families, Function<String, OptionalInt> numberOf) {
        Arrays.fill(calls, SystemCall.UNKNOWN);
        families.calls().forEach((name, call) -> numberOf.apply(name).ifPresent(number -> calls[number] = call));
        restart = numberOf.apply("restart_syscall").orElse(-1);
    }

    SystemCall of(long number) {
        return number >= 0 && number < LIMIT ? calls[(int) number] : SystemCall.UNKNOWN;
    }

    /** Whether it is restart_syscall(2), which goes on with the call that was interrupted. */
    boolean isRestart(long number) {
        return number == restart;
    }
}
