package ktrace.kernel;

import static ktrace.kernel.BadInputTest.assertOneLine;
import static ktrace.kernel.BadInputTest.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a person says whom to trace and where the result goes. */
@RealKernel
class TargetsAndOutputsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** One of several that has ended does not keep the others from being traced, nor does one that ends at once end the trace. */
    @ParameterizedTest
    @ValueSource(strings = {"perf", "ptrace"})
    void whoHasEndedIsLeftOutOfSeveral(String collector) {
        try (RunningProgram target = RunningProgram.start(List.of("sleep", "3"));
                RunningProgram ktrace = start(List.of("-c", collector, "-d", "500ms", "-p", "4194000", Long.toString(target.pid())))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertTrue(ktrace.stderr().contains("no process 4194000; find one with pgrep NAME; going on with the others"), ktrace::describe);
            assertTrue(ktrace.stdout().contains("sleep(" + target.pid() + ")"), ktrace::describe);
        }
        try (RunningProgram brief = RunningProgram.start(List.of("sleep", "0.6"));
                RunningProgram target = RunningProgram.start(List.of("sleep", "4"));
                RunningProgram ktrace = start(List.of("-c", collector, "-p", brief.pid() + "\n " + target.pid()))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertFalse(target.isAlive());
        }
    }

    /** A shell without job control has what it starts in the background ignore SIGINT. */
    @Test
    void whatAScriptStartsInTheBackgroundHearsOfSigint() {
        try (RunningProgram target = RunningProgram.start(List.of("sleep", "60"))) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
            command.addAll(Ktrace.launcher());
            command.addAll(List.of("--json", "-i", "100ms", "-p", Long.toString(target.pid())));
            try (RunningProgram ktrace = RunningProgram.start(command)) {
                ktrace.awaitDocument("type", PATIENCE);
                ktrace.signal("INT");
                assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
                assertEquals("final", ktrace.documents().getLast().path("type").asText());
            }
            assertTrue(target.isAlive());
        }
    }

    @Test
    void runningChildrenAreCountedAndTakenIn() {
        String script = "sh -c 'sleep 0.01; while :; do sleep 0.05; done' & while :; do sleep 0.05; done";
        try (RunningProgram target = RunningProgram.start(List.of("sh", "-c", script))) {
            RunningProgram.sleep(Duration.ofMillis(200));
            String pid = Long.toString(target.pid());
            try (RunningProgram alone = start(List.of("-d", "300ms", "-p", pid));
                    RunningProgram tree = start(List.of("-d", "300ms", "-p", pid, "--tree"))) {
                assertEquals(0, alone.exitStatus(PATIENCE), alone::describe);
                assertTrue(alone.stderr().contains(" left out; --tree takes "), alone::describe);
                assertEquals(0, tree.exitStatus(PATIENCE), tree::describe);
                assertFalse(tree.stderr().contains("left out"), tree::describe);
                assertTrue(tree.stdout().contains("-p " + pid + ","), tree::describe);
            }
        }
    }

    @Test
    void aProcessIsFoundByItsName() throws IOException {
        Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve("by-a-name-that-is-long"));
        try (RunningProgram target = RunningProgram.start(List.of(program.toString(), "5"));
                RunningProgram ktrace = start(List.of("-d", "300ms", "--name", "by-a-name-that-is-long"))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertTrue(ktrace.stdout().contains("(" + target.pid() + ")"), ktrace::describe);
        }
        assertOneLine(List.of("--name", "nobody-is-called-so"), 1, "no process is called nobody-is-called-so");
        assertOneLine(List.of("--tree", "-a"), 2, "--tree is for processes that run already");
    }

    @Test
    void jsonGoesIntoWhatIsNoFile() throws IOException {
        Path fifo = directory.resolve("fifo");
        String ktrace = String.join("' '", Ktrace.launcher());
        String script = "mkfifo " + fifo + "; '" + ktrace + "' --json=" + fifo + " -- true & cat " + fifo + " | grep -c final; wait $!; "
                + "'" + ktrace + "' --json=/dev/null -- true && '" + ktrace + "' --json=>(cat >&2) -- echo own && '"
                + ktrace + "' --json=/dev/fd/7 -- true 7>" + directory.resolve("seven");
        try (RunningProgram bash = RunningProgram.start(List.of("bash", "-c", script))) {
            assertEquals(0, bash.exitStatus(PATIENCE), bash::describe);
            assertEquals("1\nown", bash.stdout());
            assertTrue(bash.stderr().startsWith("{"), bash::describe);
            assertTrue(Files.readString(directory.resolve("seven")).startsWith("{"));
        }
        // Also where a collector has so many that one of them is called so.
        assertOneLine(List.of("-c", "bpf,perf", "--json=/dev/fd/77", "--", "true"), 1, "started without that descriptor");
        assertOneLine(List.of("log", "-o", "/dev/fd/77", "--", "true"), 1, "started without that descriptor");
        Files.setAttribute(fifo, "unix:uid", 65534);
        assertOneLine(List.of("--json=" + fifo, "--", "true"), 1, "another user's");
    }

    @Test
    void jsonDoesNotMixWithTheCommandsOutput() {
        try (RunningProgram ktrace = start(List.of("--json", "--", "echo", "own"))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE));
            assertEquals("own", ktrace.stdout());
            assertTrue(ktrace.stderr().startsWith("{"), ktrace::describe);
        }
    }

    @Test
    void aLogGoesIntoAFile() throws IOException {
        Path file = directory.resolve("calls");
        try (RunningProgram ktrace = start(List.of("log", "-o", file.toString(), "--record", directory.resolve("trace").toString(),
                "--", "sh", "-c", "echo own; echo wrong >&2"))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertEquals("own", ktrace.stdout());
            assertEquals("wrong", ktrace.stderr());
            assertTrue(Files.readString(file).contains(" write(1"), file::toString);
            assertTrue(Files.isDirectory(directory.resolve("trace/kernel")));
        }
        assertOneLine(List.of("log", "-o", file.toString(), "--", "true"), 1, "overwrite it with --force");
    }

    @Test
    void anInterpreterThatIsMissingIsNamed() throws IOException {
        Path script = Files.writeString(directory.resolve("script"), "#!/no/such/python3 -u\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertOneLine(List.of("--", script.toString()), 127, "it is there, but /no/such/python3 is not");
    }
}
