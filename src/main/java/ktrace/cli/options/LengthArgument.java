package ktrace.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code 32}, {@code 4096}: how many bytes to show of a text or of data. More than a line can be read is more than is asked for.
 */
public final class LengthArgument implements ITypeConverter<Integer> {
    private static final int MAX_BYTES = 1 << 20;

    @Override
    public Integer convert(String value) {
        if (!value.matches("\\d{1,7}") || Integer.parseInt(value) > MAX_BYTES) {
            throw new TypeConversionException("'" + value + "' is no number of bytes from 0 to " + MAX_BYTES
                    + "; write 32 or 4096");
        }
        return Integer.valueOf(value);
    }
}
