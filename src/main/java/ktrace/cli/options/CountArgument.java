package ktrace.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 10}: how many rows to show; 0: as many as fit. */
public final class CountArgument implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
        if (!value.matches("\\d{1,9}")) {
            throw new TypeConversionException("'" + value + "' is no number of rows; write 10,"
                    + " or for processes of that name --name");
        }
        return Integer.valueOf(value);
    }
}
