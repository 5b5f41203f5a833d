package ktrace.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 500ms}, {@code 10s}, {@code 2m}; a number alone is seconds. In nanoseconds. */
final class DurationArgument implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)?");

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
        return nanos;
    }
}
