package ktrace.cli.options;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code auto}, or collectors by name, the best first: {@code bpf,perf,ptrace}. */
public final class CollectorArgument implements ITypeConverter<CollectorArgument.Order> {
    private static final List<String> NAMES = List.of("bpf", "perf+bpf", "perf", "ptrace");
    static final Order AUTO = new Order(List.of("bpf", "perf", "ptrace"));

    /** Of these the first is taken that the kernel allows; at least one. */
    public record Order(List<String> names) {
        /** Whether ktrace may weigh them itself. */
        public boolean isAuto() {
            return this == AUTO;
        }
    }

    @Override
    public Order convert(String value) {
        if (value.equals("auto")) {
            return AUTO;
        }
        List<String> names = List.of(value.split(",", -1));
        for (String name : names) {
            if (!NAMES.contains(name)) {
                throw new TypeConversionException("no collector '" + name
                        + "': use auto, bpf, perf+bpf, perf or ptrace, or several, the best first: bpf,perf");
            }
        }
        return new Order(names);
    }
}
