package ktrace.cli.options;

import java.util.List;
import java.util.stream.Collectors;

/** What to trace: exactly one of the three. */
public sealed interface Scope {
    /** As it was asked for, for the head of the summary; unescaped. */
    public String text();

    /** Processes that run already. */
    public record Running(List<Integer> pids) implements Scope {
        @Override
        public String text() {
            return "-p " + pids.stream().map(String::valueOf).collect(Collectors.joining(","));
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
        boolean running = !options.pids().isEmpty();
        int given = (running ? 1 : 0) + (options.wholeSystem() ? 1 : 0) + (command != null ? 1 : 0);
        if (given == 0) {
            throw UserError.usage("nothing to trace: give -p PID, -a, or -- COMMAND");
        }
        if (given > 1) {
            throw UserError.usage("-p PID, -a and -- COMMAND exclude one another: give one");
        }
        if (running) {
            return new Running(options.pids());
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
