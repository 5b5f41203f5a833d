package ktrace.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 10}: how many to show; of rows 0: as many as fit. */
public final class CountArgument implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
        if (!value.matches("\\d{1,9}")) {
            throw new TypeConversionException("'" + value + "' is no count; write 10"
                    + (value.matches("-?\\d+") ? "" : ", or for processes of that name --name"));
        }
        return Integer.valueOf(value);
    }
}
