package ktrace.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program of tests/workloads, started by itself; {@code tests/workloads/measure.h} says what it prints. */
final class Workload implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunningProgram program;

    private Workload(RunningProgram program) {
        this.program = program;
    }

    /** Where the build puts a compiled workload. */
    static Path program(String name) {
        return Path.of("target/workloads", name).toAbsolutePath();
    }

    static Path source(String name) {
        return Path.of("tests/workloads", name).toAbsolutePath();
    }

    static List<String> command(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program(name).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    static Workload start(String name, String... arguments) {
        return new Workload(RunningProgram.start(command(name, arguments)));
    }

    /** The same in a session of its own, as a service's: it shares the CPU with others as a group of the kernel's (autogroup). */
    static Workload startApart(String name, String... arguments) {
        List<String> command = command(name, arguments);
        command.addFirst("setsid");
        return new Workload(RunningProgram.start(command));
    }

    /** The line that a workload prints when it is set up, and waits to be told to go on. */
    JsonNode awaitReady() {
        return program.awaitDocument("ready", PATIENCE);
    }

    void go() {
        program.writeLine("go");
    }

    /** Waits for its end and returns what it measured. */
    JsonNode result() {
        int status = program.exitStatus(PATIENCE);
        List<JsonNode> documents = program.documents();
        if (status != 0 || documents.isEmpty() || documents.getLast().has("ready")) {
            throw new AssertionError("exit status " + status + " from " + program.describe());
        }
        return documents.getLast();
    }

    RunningProgram program() {
        return program;
    }

    @Override
    public void close() {
        program.close();
    }
}
