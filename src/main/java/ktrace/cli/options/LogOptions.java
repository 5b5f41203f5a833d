package ktrace.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ktrace.view.Surroundings;
import ktrace.view.log.LineChoice;
import picocli.CommandLine.Option;

/** The options that say which lines of a log are shown and how they look, named as strace names them; filled by picocli. */
public final class LogOptions {
    /** When lines have colours. */
    enum Colour { AUTO, ALWAYS, NEVER }

    @Option(names = {"-Z", "--failed", "--failed-only"}, description = "only calls that returned an error")
    private boolean failed;

    @Option(names = {"-z", "--successful-only"}, description = "only calls that returned no error")
    private boolean succeeded;

    @Option(names = {"-P", "--trace-path"}, paramLabel = "PATH",
            description = "only calls on PATH: by a descriptor, and with -c ptrace by their arguments as well")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--syscall-limit", paramLabel = "N", converter = CountArgument.class, description = "end after N calls shown")
    private Integer limit;

    @Option(names = "-t",
            description = "times without microseconds; -tt: with them, as usual; -ttt: seconds since 1970, in the lines"
            + " of strace -f -ttt -T")
    private boolean[] times = new boolean[0];

    @Option(names = {"-Y", "--decode-pids"}, paramLabel = "comm", arity = "0..1", fallbackValue = "comm",
            preprocessor = AttachedValue.class, description = "in calls the name of each process or thread behind its number; with"
                    + " -ttt behind that of the line as well")
    private String pids;

    @Option(names = "--color", paramLabel = "WHEN", arity = "0..1", fallbackValue = "always",
            preprocessor = AttachedValue.class, description = "auto (on a terminal), always or never")
    private Colour colour = Colour.AUTO;

    public boolean failed() {
        return failed;
    }

    /** Whether tasks are to be named behind their numbers in calls. */
    public boolean taskNames() {
        return pids != null;
    }

    /**
     * What was asked for.
     *
     * @param onStream whether lines go to standard output, or beside a command to standard error
     */
    public LineChoice choice(boolean onStream, boolean besideCommand) {
        if (failed && succeeded) {
            throw UserError.usage("-z and -Z exclude one another: give one");
        }
        if (times.length > 3) {
            throw UserError.usage("-t can be given three times at most");
        }
        if (pids != null && !pids.equals("comm")) {
            throw UserError.usage("--decode-pids=" + pids + " is not known; there is comm");
        }
        LineChoice.Time time = switch (times.length) {
            case 1 -> LineChoice.Time.SECONDS;
            case 3 -> LineChoice.Time.EPOCH;
            default -> LineChoice.Time.MICROS;
        };
        boolean colours = colour == Colour.ALWAYS
                || colour == Colour.AUTO && onStream && Surroundings.present().hasColours(besideCommand ? 2 : 1);
        return new LineChoice(succeeded, allNames(), limit == null ? 0 : limit, time, pids != null, colours);
    }

    /** Whether only calls on some paths are wanted. */
    public boolean choosesPaths() {
        return !paths.isEmpty();
    }

    /** As they were given, and as the kernel calls what they lead to. */
    private List<String> allNames() {
        List<String> names = new ArrayList<>(paths);
        for (String path : paths) {
            Path absolute = Path.of(path).toAbsolutePath().normalize();
            names.add(absolute.toString());
            try {
                names.add(absolute.toRealPath().toString());
            } catch (IOException notThere) {
                // Then it is known by the names given alone.
                continue;
            }
        }
        return names.stream().distinct().toList();
    }
}
