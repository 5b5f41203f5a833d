package ktrace.cli.options;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 12,13}: process numbers; blanks and line ends separate as well, so that the output of pgrep(1) fits. */
public final class PidsArgument implements ITypeConverter<PidsArgument.Pids> {
    /** PID_MAX_LIMIT of a 64-bit kernel (include/linux/threads.h). */
    private static final int MAX_PID = 4 * 1024 * 1024;

    /** The numbers of one {@code -p}. */
    public record Pids(List<Integer> numbers) {
    }

    @Override
    public Pids convert(String value) {
        List<Integer> pids = new ArrayList<>();
        for (String word : value.strip().split("[,\\s]+")) {
            if (!word.matches("\\d{1,7}") || Integer.parseInt(word) < 1 || Integer.parseInt(word) > MAX_PID) {
                throw new TypeConversionException("'" + word + "' is not a process number; find one with pgrep NAME");
            }
            pids.add(Integer.parseInt(word));
        }
        return new Pids(pids);
    }
}
