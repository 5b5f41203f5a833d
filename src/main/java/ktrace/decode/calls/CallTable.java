package ktrace.decode.calls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.decode.Argument;
import ktrace.decode.Call;
import ktrace.decode.Resource;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/** The lines of calls.txt by the numbers of one ABI. Immutable; a lookup allocates nothing. */
final class CallTable {
    private final CallLine[] lines;

    private CallTable(Abi abi) {
        SyscallTable table = SyscallTable.of(abi);
        lines = new CallLine[table.limit()];
        for (int number = 0; number < lines.length; number++) {
            if (table.isKnown(number)) {
                lines[number] = Lines.of(table.name(number), abi);
            }
        }
    }

    static CallTable of(Abi abi) {
        return switch (abi) {
            case X86_64 -> X86_64.TABLE;
            case I386 -> I386.TABLE;
            case AARCH64 -> Aarch64.TABLE;
        };
    }

    /** How calls.txt describes it, or null. */
    static CallLine line(Call call) {
        return call.nameOfOwn() == null ? of(call.abi()).line(call.number()) : Lines.of(call.nameOfOwn(), call.abi());
    }

    /** Null when calls.txt has no line for it. */
    CallLine line(int number) {
        return number >= 0 && number < lines.length ? lines[number] : null;
    }

    /** All calls that have a line; one of i386 alone ends in {@code @i386}. */
    static Map<String, CallLine> lines() {
        return Lines.BY_NAME;
    }

    private static final class X86_64 {
        static final CallTable TABLE = new CallTable(Abi.X86_64);
    }

    private static final class I386 {
        static final CallTable TABLE = new CallTable(Abi.I386);
    }

    private static final class Aarch64 {
        static final CallTable TABLE = new CallTable(Abi.AARCH64);
    }

    private static final class Lines {
        static final Map<String, CallLine> BY_NAME = read();

        static CallLine of(String name, Abi abi) {
            CallLine own = abi == Abi.I386 ? BY_NAME.get(name + "@i386") : null;
            return own == null ? BY_NAME.get(name) : own;
        }

        private static Map<String, CallLine> read() {
            Map<String, CallLine> lines = new HashMap<>();
            for (String text : Resource.lines("calls.txt")) {
                CallLine line = parse(text);
                for (String name : line.name().split(",")) {
                    if (lines.put(name, line) != null) {
                        throw new IllegalStateException("calls.txt has two lines for " + name);
                    }
                }
            }
            return Map.copyOf(lines);
        }

        /** {@code NAME[@i386][,NAME]… KIND[:PARAMETER][@REGISTER]… [= RESULT]}. */
        private static CallLine parse(String text) {
            List<String> words = Arrays.asList(text.strip().split("\\s+"));
            int equals = words.indexOf("=");
            int end = equals < 0 ? words.size() : equals;
            List<Argument> arguments = new ArrayList<>();
            for (String word : words.subList(1, end)) {
                arguments.add(Kinds.argument(word));
            }
            return new CallLine(words.getFirst(), arguments, Kinds.result(equals < 0 ? "number" : words.get(equals + 1)));
        }
    }
}
