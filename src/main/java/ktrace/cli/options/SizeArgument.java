package ktrace.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 512k}, {@code 16M}, {@code 1G}, in bytes; a number alone is bytes. */
public final class SizeArgument implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([kKmMgG]?)(?:i?[bB])?");
    private static final long MIN = 4096;
    private static final long MAX = 1L << 30;

    @Override
    public Long convert(String value) {
        Matcher matcher = FORM.matcher(value);
        int shift = !matcher.matches() ? -1 : switch (matcher.group(2)) {
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            case "g", "G" -> 30;
            default -> 0;
        };
        long count = shift < 0 ? 0 : Long.parseLong(matcher.group(1));
        // Compared before it is shifted: bits that fall out at the top would leave any size at all.
        long bytes = count > MAX >> Math.max(shift, 0) ? MAX + 1 : count << shift;
        if (bytes < MIN || bytes > MAX) {
            throw new TypeConversionException("'" + value + "' is no size from 4k to 1G; write 512k or 16M");
        }
        return bytes;
    }
}
