package ktrace.cli.options;

import java.util.List;
import java.util.stream.Collectors;

/** What to trace: exactly one of the three. */
public sealed interface Scope {
    /** As it was asked for, for the head of the summary; unescaped. */
    public String text();

    /**
     * Processes that run already.
     *
     * @param names what some of them were asked for by
     * @param leftOut how many children of theirs run that were not asked for
     */
    public record Running(List<Integer> pids, List<String> names, int leftOut) implements Scope {
        @Override
        public String text() {
            String given = names.isEmpty() ? "" : "--name " + String.join(" --name ", names) + " ";
            return given + "-p " + pids.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    /** A command that ktrace starts. */
    public record Command(List<String> words) implements Scope {
        @Override
        public String text() {
            return String.join(" ", words);
        }
    }

    /** Every process of the machine. */
    public record WholeSystem() implements Scope {
        @Override
        public String text() {
            return "-a";
        }
    }

    public static Scope of(TraceOptions options, List<String> command) {
        boolean running = !options.pids().isEmpty() || !options.names().isEmpty();
        int given = (running ? 1 : 0) + (options.wholeSystem() ? 1 : 0) + (command != null ? 1 : 0);
        if (given == 0) {
            throw UserError.usage("nothing to trace: give -p PID, --name NAME, -a, or -- COMMAND");
        }
        if (options.tree() && !running) {
            throw UserError.usage("--tree is for processes that run already: give -p PID or --name NAME with it");
        }
        if (given > 1) {
            throw UserError.usage("-p PID, -a and -- COMMAND exclude one another: give one");
        }
        if (options.only() && options.wholeSystem()) {
            throw UserError.usage("--only is for -p PID, --name NAME and -- COMMAND: with -a there is nobody else");
        }
        if (running) {
            return new Running(options.pids(), options.names(), 0);
        }
        if (options.wholeSystem()) {
            return new WholeSystem();
        }
        if (command.isEmpty() || command.getFirst().isEmpty()) {
            throw UserError.usage("no command behind --: write ktrace -- COMMAND [ARG...]");
        }
        return new Command(command);
    }
}
