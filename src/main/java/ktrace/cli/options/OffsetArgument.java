package ktrace.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code 0}, {@code 1.25s}, {@code 300ms}: how long after the begin of a trace; a number alone is seconds. In
 * nanoseconds, so many at most that they can be added to any time of a machine.
 */
public final class OffsetArgument implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)?");

    @Override
    public Long convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is no time after the begin of the trace; write 1.25s, 300ms or 2m");
        }
        double unit = switch (matcher.group(2)) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            case null, default -> 1e9;
        };
        return Math.min(Math.round(Double.parseDouble(matcher.group(1)) * unit), DurationArgument.MAX_NS);
    }
}
