package ktrace.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * ktrace in a process of its own, as a user runs it. It runs from the class path of the tests, so that what is tested is what
 * has just been compiled; {@code -Dktrace.jar=target/ktrace.jar} has the shaded jar tested instead.
 */
final class Ktrace implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final RunningProgram program;
    private final Path json;

    private Ktrace(RunningProgram program, Path json) {
        this.program = program;
        this.json = json;
    }

    /** The command line up to ktrace's own arguments. */
    static List<String> launcher() {
        return launcher(List.of());
    }

    private static List<String> launcher(List<String> javaOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.add("--enable-native-access=ALL-UNNAMED");
        String jar = System.getProperty("ktrace.jar");
        if (jar == null) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "ktrace.cli.Main"));
        } else {
            command.addAll(List.of("-jar", jar));
        }
        return command;
    }

    /** Starts it with exactly these arguments. */
    static Ktrace start(List<String> arguments) {
        return new Ktrace(RunningProgram.start(withLauncher(arguments)), null);
    }

    /** Starts it with these arguments and {@code --json} into a file, from which {@link #documents} reads. */
    static Ktrace startWithJson(List<String> arguments) {
        return startWithJson(List.of(), arguments);
    }

    /** The same with the collector, the heap and whatever else src/main/launcher/ktrace has Java use. */
    static Ktrace startAsLaunched(List<String> arguments) {
        try (Stream<String> lines = Files.lines(Path.of("src/main/launcher/ktrace"))) {
            List<String> options = lines.map(String::strip).filter(line -> line.startsWith("-X"))
                    .flatMap(line -> Stream.of(line.split(" "))).filter(word -> word.startsWith("-X") || word.startsWith("-D"))
                    .collect(Collectors.toCollection(ArrayList::new));
            // jcmd would have Java listen by SIGQUIT, which ktrace leaves to its command.
            options.add("-XX:+StartAttachListener");
            return startWithJson(options, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, of ktrace as it is {@link Installed}, where Java has learnt what the build lets it learn. */
    static Ktrace startInstalled(List<String> arguments) {
        return startWith(Installed.command(), arguments);
    }

    private static Ktrace startWithJson(List<String> javaOptions, List<String> arguments) {
        return startWith(launcher(javaOptions), arguments);
    }

    private static Ktrace startWith(List<String> launcher, List<String> arguments) {
        try {
            Path json = Files.createTempDirectory("ktrace-test").resolve("summary.json");
            List<String> all = new ArrayList<>(launcher);
            all.add("--json=" + json);
            all.addAll(arguments);
            return new Ktrace(RunningProgram.start(all), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code ktrace --json=FILE -- command} to its end. */
    static Ktrace traceCommand(List<String> command) {
        return traceCommand("auto", command);
    }

    /** The same with this collector. */
    static Ktrace traceCommand(String collector, List<String> command) {
        List<String> arguments = new ArrayList<>(List.of("-c", collector, "--"));
        arguments.addAll(command);
        Ktrace ktrace = startWithJson(arguments);
        ktrace.awaitExit();
        return ktrace;
    }

    /** Starts {@code ktrace --json=FILE -p PID…} and waits until it says that it is tracing. */
    static Ktrace attach(List<String> options, long... pids) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("-p");
        arguments.add(String.join(",", java.util.Arrays.stream(pids).mapToObj(Long::toString).toList()));
        Ktrace ktrace = startWithJson(arguments);
        ktrace.awaitTracing();
        return ktrace;
    }

    /** Tracing has begun when the first interval's document is there. */
    void awaitTracing() {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (documents().isEmpty()) {
            if (System.nanoTime() > deadlineNs || !program.isAlive()) {
                throw new AssertionError("no interval from " + program.describe());
            }
            RunningProgram.sleep(Duration.ofMillis(10));
        }
    }

    int awaitExit() {
        return program.exitStatus(PATIENCE);
    }

    /** Ends the trace as Ctrl-C does, and waits for the final document. */
    Ktrace interrupt() {
        program.signal("INT");
        int status = awaitExit();
        if (status != 0) {
            throw new AssertionError("exit status " + status + " after Ctrl-C: " + program.describe());
        }
        return this;
    }

    RunningProgram program() {
        return program;
    }

    /** All complete documents so far. */
    List<JsonNode> documents() {
        try {
            if (!Files.exists(json)) {
                return List.of();
            }
            String text = Files.readString(json);
            return RunningProgram.parse(text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The final document, after the end. */
    FinalDocument finalDocument() {
        List<JsonNode> documents = documents();
        if (documents.isEmpty() || !"final".equals(documents.getLast().path("type").asText())) {
            throw new AssertionError("no final document from " + program.describe());
        }
        return new FinalDocument(documents.getLast());
    }

    private static List<String> withLauncher(List<String> arguments) {
        List<String> command = launcher();
        command.addAll(arguments);
        return command;
    }

    @Override
    public void close() {
        program.close();
        try {
            if (json != null) {
                Files.deleteIfExists(json);
                Files.delete(json.getParent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
