package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A private instance of a server, run by its script in tests/workloads/servers, outside of the trace. */
final class Server {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String script;
    private final Path instance;

    /** @param directory where it may keep its own */
    Server(Path directory, String script) {
        this.script = Workload.source("servers/" + script).toString();
        instance = directory.resolve("instance");
    }

    /** A program that does {@code action} when it gets a line; a document with {@code ready} tells that it waits for that. */
    RunningProgram prepare(String action) {
        return RunningProgram.start(List.of("sh", "-c", "echo '{\"ready\":true}'; read go; exec \"$0\" \"$@\"", script, action,
                instance.toString()));
    }

    /** Has it {@code start}, {@code load} or {@code stop}; the document that the script printed last, or null. */
    JsonNode run(String action) {
        try (RunningProgram program = RunningProgram.start(
                new ProcessBuilder(script, action, instance.toString()).redirectInput(new File("/dev/null")))) {
            assertEquals(0, program.exitStatus(PATIENCE), program::describe);
            return program.documents().isEmpty() ? null : program.documents().getLast();
        }
    }
}
