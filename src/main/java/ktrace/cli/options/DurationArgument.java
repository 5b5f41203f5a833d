package ktrace.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code 500ms}, {@code 10s}, {@code 2m}; a number alone is seconds. In nanoseconds: at least a millisecond, and at most
 * {@link #MAX_NS}, for what is longer will not end either, and can be added to any time of this machine.
 */
public final class DurationArgument implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)?");
    /** A hundred years. */
    public static final long MAX_NS = 100L * 365 * 24 * 3600 * 1_000_000_000;

    @Override
    public Long convert(String value) {
        Matcher matcher = FORM.matcher(value);
        double unit = !matcher.matches() ? 0 : switch (matcher.group(2)) {
            case "ms" -> 1e6;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            case null, default -> 1e9;
        };
        long nanos = unit == 0 ? 0 : (long) (Double.parseDouble(matcher.group(1)) * unit);
        if (nanos < 1_000_000) {
            throw new TypeConversionException("'" + value + "' is no time of a millisecond or more; write 500ms, 10s or 2m");
        }
        return Math.min(nanos, MAX_NS);
    }
}
