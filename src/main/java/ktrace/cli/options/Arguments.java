package ktrace.cli.options;

import java.util.Arrays;
import java.util.List;

/**
 * The command line, cut at the first {@code --}: what is before it is for ktrace, what is behind it is the command's own.
 *
 * @param command null when there was no {@code --}
 */
public record Arguments(String[] options, List<String> command) {
    public static Arguments split(String[] args) {
        int dashes = Arrays.asList(args).indexOf("--");
        if (dashes < 0) {
            return new Arguments(args, null);
        }
        return new Arguments(Arrays.copyOf(args, dashes), List.of(args).subList(dashes + 1, args.length));
    }
}
