package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command started by ktrace finds what it would find without it: signals, limits, environment, fds, terminal, status. */
@RealKernel
class HeritageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void aCommandInheritsWhatItWouldInheritUntraced() {
        List<String> command = Workload.command("heritage");
        assertEquals(untraced(command), traced(command));
    }

    /** Signals that were ignored, as under nohup, and a limit that is not at its maximum. */
    @Test
    void ignoredSignalsAndLimitsAreHandedOn() {
        String settings = "trap '' HUP INT USR1; ulimit -S -n 100; ulimit -S -c 0; umask 027; ";
        // The shell stays for "true", as a person's shell does: it is what still knows the limit that a JVM raises for itself.
        List<String> direct = List.of("sh", "-c", settings + "'" + Workload.program("heritage") + "'; true");
        List<String> words = new ArrayList<>(Ktrace.launcher());
        words.addAll(List.of("--json=" + json(), "--", Workload.program("heritage").toString()));
        String quoted = String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
        List<String> under = List.of("sh", "-c", settings + quoted + "; true");
        assertEquals(untraced(direct), untraced(under));
    }

    @Test
    void aTerminalStaysTheCommandsTerminal() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script(1)");
        String program = Workload.program("heritage").toString();
        List<String> words = new ArrayList<>(Ktrace.launcher());
        words.addAll(List.of("--json=" + json(), "--", program));
        // With a command behind it, so that the shell stays, and the program is a child in both cases.
        JsonNode direct = untraced(List.of("script", "-qec", program + "; true", "/dev/null"));
        JsonNode under = untraced(List.of("script", "-qec", String.join(" ", words) + "; true", "/dev/null"));
        assertEquals(true, direct.path("controllingTerminal").asBoolean(), "script gives a terminal");
        assertEquals(direct, under);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", "255,255", "signal 9,137", "signal 15,143", "signal 11,139"})
    void theExitStatusIsTheCommands(String arguments, int expected) {
        List<String> words = new ArrayList<>(List.of("--json=" + json(), "--"));
        words.addAll(Workload.command("heritage", arguments.split(" ")));
        try (Ktrace ktrace = Ktrace.start(words)) {
            assertEquals(expected, ktrace.awaitExit(), () -> ktrace.program().describe());
        }
    }

    @ParameterizedTest
    @CsvSource({"/nonexistent/program,127", "no-such-program-anywhere,127", "/etc/passwd,126", "/tmp,126"})
    void aCommandThatCannotBeRun(String program, int expected) {
        try (Ktrace ktrace = Ktrace.start(List.of("--", program))) {
            assertEquals(expected, ktrace.awaitExit(), () -> ktrace.program().describe());
            assertEquals(1, ktrace.program().stderr().lines().count(), () -> "one line: " + ktrace.program().stderr());
        }
    }

    private static JsonNode untraced(List<String> command) {
        try (RunningProgram program = RunningProgram.start(command)) {
            program.exitStatus(PATIENCE);
            return comparable(program.awaitDocument("workload", PATIENCE));
        }
    }

    private String json() {
        return directory.resolve("summary.json").toString();
    }

    private JsonNode traced(List<String> command) {
        List<String> words = new ArrayList<>(List.of("--json=" + json(), "--"));
        words.addAll(command);
        try (Ktrace ktrace = Ktrace.start(words)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            return comparable(ktrace.program().awaitDocument("workload", PATIENCE));
        }
    }

    /** Without the numbers that differ from run to run. */
    private static JsonNode comparable(JsonNode heritage) {
        ObjectNode copy = heritage.deepCopy();
        copy.remove(List.of("processGroup", "session"));
        return copy;
    }
}
