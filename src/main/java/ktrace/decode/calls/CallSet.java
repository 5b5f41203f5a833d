package ktrace.decode.calls;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import ktrace.decode.Quoted;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/**
 * Which system calls are asked for. Immutable; {@link #contains(Abi, int)} allocates nothing.
 *
 * <p>As in strace(1): {@code read,write}, {@code %file} for a class, {@code /regex}, {@code all}, {@code none}; {@code !} before it
 * all turns it round; {@code ?name} is passed over when there is no such call.
 */
public final class CallSet {
    /** Every call, those without a name as well. */
    public static final CallSet ALL = parse("all");

    public static final CallSet NONE = parse("none");

    private final Map<Abi, BitSet> numbers = new EnumMap<>(Abi.class);
    private final Set<String> names;
    private final boolean negated;

    private CallSet(Set<String> names, boolean negated) {
        this.names = Set.copyOf(names);
        this.negated = negated;
        for (Abi abi : Abi.values()) {
            BitSet bits = new BitSet();
            SyscallTable table = SyscallTable.of(abi);
            for (String name : names) {
                table.find(name).ifPresent(bits::set);
            }
            numbers.put(abi, bits);
        }
    }

    /**
     * Reads what stands behind {@code -e}, with or without {@code trace=}.
     *
     * @throws IllegalArgumentException with one line for the user, when a name is not known
     */
    public static CallSet parse(String expression) {
        String text = expression.startsWith("trace=") ? expression.substring("trace=".length()) : expression;
        boolean negated = text.startsWith("!");
        text = negated ? text.substring(1) : text;
        if (text.equals("all") || text.equals("none")) {
            return new CallSet(Set.of(), negated != text.equals("all"));
        }
        Set<String> names = new HashSet<>();
        for (String word : text.split(",", -1)) {
            names.addAll(calls(word.strip()));
        }
        return new CallSet(names, negated);
    }

    private static Set<String> calls(String word) {
        if (word.isEmpty()) {
            throw new IllegalArgumentException("a name of a system call is missing: write -e read,write or -e %file");
        }
        if (word.startsWith("%")) {
            Set<String> calls = SyscallClasses.calls(word.substring(1));
            if (calls == null) {
                throw new IllegalArgumentException("no class of system calls is called " + printable(word) + "; there are %"
                        + String.join(" %", SyscallClasses.names()));
            }
            return calls;
        }
        if (word.startsWith("/")) {
            return matching(word.substring(1));
        }
        boolean optional = word.startsWith("?");
        String name = optional ? word.substring(1) : word;
        for (Abi abi : Abi.values()) {
            if (SyscallTable.of(abi).find(name).isPresent()) {
                return Set.of(name);
            }
        }
        if (optional) {
            return Set.of();
        }
        throw new IllegalArgumentException("no system call is called " + printable(name) + (SyscallClasses.calls(name) == null ? ""
                : "; the class is %" + name));
    }

    private static Set<String> matching(String regex) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression: /" + printable(regex) + ": " + e.getDescription());
        }
        Set<String> names = new HashSet<>();
        for (Abi abi : Abi.values()) {
            SyscallTable table = SyscallTable.of(abi);
            for (int number = 0; number < table.limit(); number++) {
                if (table.isKnown(number) && pattern.matcher(table.name(number)).find()) {
                    names.add(table.name(number));
                }
            }
        }
        return names;
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        Quoted.appendName(out, text);
        return out.toString();
    }

    /** Whether the call of that number is asked for. */
    public boolean contains(Abi abi, int number) {
        return (number >= 0 && numbers.get(abi).get(number)) != negated;
    }

    /** Whether the call of that name is asked for. */
    public boolean contains(String name) {
        return names.contains(name) != negated;
    }

    /** Whether all are left out. */
    public boolean isNone() {
        return !negated && names.isEmpty();
    }

    /** Whether nothing is left out. */
    public boolean isAll() {
        return negated && names.isEmpty();
    }
}
