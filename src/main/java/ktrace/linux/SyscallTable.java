package ktrace.linux;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Names and numbers of the system calls of one {@link Abi}, as the kernel's headers give them. Immutable; the lookups by
 * a known number, and by a number below {@link #limit}, allocate nothing.
 */
public final class SyscallTable {
    /** Numbers from here on stand for calls of a machine whose names are not known: the number there, less this. */
    private static final int NAMELESS = 640;
    /** Above all numbers of all tables. */
    public static final int LIMIT = 1024;

    private final Abi abi;
    /** How many of the names are the ABI's. */
    private final int limitOfAbi;
    private final String[] names;
    private final boolean hasNameless;
    private final Map<String, Integer> numbers;

    private SyscallTable(Abi abi) {
        NumberedNames table = NumberedNames.load("syscalls-" + abi.tableName() + ".txt");
        this.abi = abi;
        this.names = new String[table.limit()];
        limitOfAbi = names.length;
        hasNameless = false;
        Map<String, Integer> byName = HashMap.newHashMap(names.length);
        for (NumberedNames.Line line : table.lines()) {
            names[line.number()] = line.name();
            byName.put(line.name(), line.number());
        }
        for (int nr = 0; nr < names.length; nr++) {
            if (names[nr] == null) {
                names[nr] = unknown(nr);
            }
        }
        this.numbers = Map.copyOf(byName);
    }

    /** Those of {@code table}, and more behind them. */
    private SyscallTable(SyscallTable table, List<String> more, boolean hasNameless) {
        this.hasNameless = hasNameless;
        abi = table.abi;
        limitOfAbi = table.names.length;
        names = Arrays.copyOf(table.names, table.names.length + more.size());
        Map<String, Integer> byName = new HashMap<>(table.numbers);
        for (int i = 0; i < more.size(); i++) {
            names[limitOfAbi + i] = more.get(i);
            byName.put(more.get(i), limitOfAbi + i);
        }
        numbers = Map.copyOf(byName);
    }

    /**
     * The table of {@code abi}, and calls that it does not have, as those of another machine's trace: their numbers are made up,
     * and lie behind those of the ABI.
     *
     * @param hasNameless whether there are numbers of {@link #nameless} too
     */
    public static SyscallTable of(Abi abi, Collection<String> calls, boolean hasNameless) {
        SyscallTable table = of(abi);
        List<String> more = calls.stream().filter(name -> table.find(name).isEmpty()).distinct().sorted()
                .limit(NAMELESS - table.limit()).toList();
        return more.isEmpty() && !hasNameless ? table : new SyscallTable(table, more, hasNameless);
    }

    /** What stands for call {@code id} of a machine whose calls' names are not known; -1 for numbers that only the latest have. */
    public static int nameless(long id) {
        return id >= 0 && id < LIMIT - NAMELESS ? NAMELESS + (int) id : -1;
    }

    /** The table of {@code abi}, read on its first use and shared from then on. */
    public static SyscallTable of(Abi abi) {
        return switch (abi) {
            case X86_64 -> X86_64.TABLE;
            case I386 -> I386.TABLE;
            case AARCH64 -> Aarch64.TABLE;
        };
    }

    /** The table of {@link Abi#current}. */
    public static SyscallTable current() {
        return of(Abi.current());
    }

    /** The ABI whose numbers these are. */
    public Abi abi() {
        return abi;
    }

    /**
     * The name of a number; one that the table does not know is {@code syscall_0x1ff}, as in strace. Beyond those of all ABIs it is
     * that of a call of i386 which others lack, see {@link NativeNumbers}.
     */
    public String name(int nr) {
        if (abi == Abi.X86_64 && nr >= LIMIT && of(Abi.I386).isKnown(nr - LIMIT)) {
            return of(Abi.I386).name(nr - LIMIT);
        }
        return nr >= 0 && nr < names.length ? names[nr] : unknown(isNameless(nr) ? nr - NAMELESS : nr);
    }

    /** Whether the table has a name for this number. */
    public boolean isKnown(int nr) {
        return nr >= 0 && nr < names.length && numbers.containsKey(names[nr]);
    }

    /** The number of a name; empty when this ABI has no such call, as aarch64 has no {@code open}. */
    public OptionalInt find(String name) {
        Integer nr = numbers.get(name);
        return nr == null ? OptionalInt.empty() : OptionalInt.of(nr);
    }

    /**
     * The number of a call that every ABI has.
     *
     * @throws IllegalArgumentException when this one does not
     */
    public int number(String name) {
        return find(name).orElseThrow(
                () -> new IllegalArgumentException("no system call " + name + " on " + abi.tableName()));
    }

    /** One more than the largest number known: the size of an array that is indexed by number. */
    public int limit() {
        return names.length;
    }

    /** The name of a number that is none of {@link #abi}'s, but one that only a trace has; else null. */
    public String nameOfOwn(int nr) {
        return isNameless(nr) || nr >= limitOfAbi && nr < names.length ? name(nr) : null;
    }

    private boolean isNameless(int nr) {
        return hasNameless && nr >= NAMELESS && nr < LIMIT;
    }

    private static String unknown(int nr) {
        return "syscall_0x" + Integer.toHexString(nr);
    }

    // One holder per table, so that the other two are not read.

    private static final class X86_64 {
        static final SyscallTable TABLE = new SyscallTable(Abi.X86_64);
    }

    private static final class I386 {
        static final SyscallTable TABLE = new SyscallTable(Abi.I386);
    }

    private static final class Aarch64 {
        static final SyscallTable TABLE = new SyscallTable(Abi.AARCH64);
    }
}
