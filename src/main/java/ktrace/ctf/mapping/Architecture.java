package ktrace.ctf.mapping;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import ktrace.ctf.tsdl.FieldType.IntegerType;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/**
 * On which kind of machine a trace was recorded. LTTng does not say; it names the calls of its machine, and some are of one kind of
 * machine alone.
 *
 * @param calls names and numbers as in the trace's events
 * @param machine as uname(2) calls it; empty when it is none that ktrace has the numbers of
 * @param numbersKnown what the calls of this machine are called that the tracer knew by number only
 */
public record Architecture(SyscallTable calls, String machine, boolean numbersKnown) {
    private static final Set<String> OF_X86_64 = Set.of("arch_prctl", "iopl", "ioperm", "modify_ldt");
    private static final Set<String> OF_I386 = Set.of("vm86", "vm86old", "modify_ldt", "set_thread_area");

    /** @param recorded what the trace itself says, as one of ktrace's does; or null */
    public static Architecture of(TraceMetadata metadata, String recorded) {
        for (Abi abi : Abi.values()) {
            if (abi.name().equalsIgnoreCase(recorded)) {
                return sure(abi, Set.of());
            }
        }
        Set<String> names = callNames(metadata);
        String release = metadata.text("kernel_release");
        Abi told = release == null ? null : told(release.toLowerCase(Locale.ROOT));
        if (told != null) {
            return sure(told, names);
        }
        SyscallTable x86 = SyscallTable.of(Abi.X86_64);
        if (names.stream().allMatch(name -> x86.find(name).isPresent()) && isLittleWordOf64(metadata)) {
            boolean certain = names.stream().anyMatch(OF_X86_64::contains)
                    || metadata.events().stream().anyMatch(event -> event.name().startsWith("x86_"));
            return new Architecture(SyscallTable.of(Abi.X86_64, names, !certain), machine(Abi.X86_64), certain);
        }
        SyscallTable i386 = SyscallTable.of(Abi.I386);
        if (names.stream().allMatch(name -> i386.find(name).isPresent()) && names.stream().anyMatch(OF_I386::contains)) {
            return sure(Abi.I386, names);
        }
        return new Architecture(SyscallTable.of(Abi.X86_64, names, true), "", false);
    }

    private static Architecture sure(Abi abi, Set<String> names) {
        return new Architecture(SyscallTable.of(abi, names, false), machine(abi), true);
    }

    private static String machine(Abi abi) {
        return abi.name().toLowerCase(Locale.ROOT);
    }

    private static Abi told(String release) {
        Predicate<List<String>> says = words -> words.stream().anyMatch(release::contains);
        return says.test(List.of("x86_64", "amd64")) ? Abi.X86_64
                : says.test(List.of("aarch64", "arm64")) ? Abi.AARCH64
                : says.test(List.of("i386", "i486", "i586", "i686")) ? Abi.I386
                : null;
    }

    /** The calls of the machine's own programs, as the table of system calls names them. */
    private static Set<String> callNames(TraceMetadata metadata) {
        Set<String> names = new HashSet<>();
        for (EventClass event : metadata.events()) {
            String name = CallNames.of(event.name());
            if (name != null && !name.equals(CallNames.UNKNOWN) && !CallNames.isCompat(event.name())) {
                names.add(name);
            }
        }
        return names;
    }

    /** What a call returns has the size of a register. */
    private static boolean isLittleWordOf64(TraceMetadata metadata) {
        return metadata.events().stream().filter(event -> event.fields() != null && CallNames.isExit(event.name()))
                .flatMap(event -> event.fields().fields().stream())
                .noneMatch(field -> field.plainName().equals("ret") && field.type() instanceof IntegerType ret
                        && (ret.bigEndian() || ret.sizeBits() < 64));
    }
}
