package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person does wrong gets one line that says what, why and what would help, and the exit status of the contract. */
@RealKernel
class BadInputTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "-p 4194000            | 1 | no process 4194000",
        "-p abc                | 2 | 'abc' is not a process number",
        "-p -5                 | 2 | -5",
        "-p 0                  | 2 | '0' is not a process number",
        "-p 99999999999        | 2 | '99999999999' is not a process number",
        "-p 2                  | 1 | is a kernel thread",
        "-p 1 -a               | 2 | exclude one another",
        "-d 5s                 | 2 | nothing to trace",
        "-d soon -p 1          | 2 | 'soon' is no time",
        "-i 0 -p 1             | 2 | '0' is no time",
        "--buffer 12x -p 1     | 2 | '12x' is no size",
        "--bufer 12 -p 1       | 2 | unknown option --bufer",
        "-c ebpf -p 1          | 2 | no collector 'ebpf'",
        "-s colour -p 1        | 2 | colour",
        "1234                  | 2 | write -p 1234",
        "sort file             | 2 | write ktrace -- sort file",
        "log -s -1 -p 1        | 2 | '-1' is no number of bytes",
        "log --data -5 -p 1    | 2 | '-5' is no number of bytes",
        "log -s 99999999999 -p 1 | 2 | '99999999999' is no number of bytes",
        "log --data 2000000 -p 1 | 2 | '2000000' is no number of bytes",
        "--                    | 2 | no command behind --",
        "-- /no/such/command   | 127 | /no/such/command",
        "-- no-such-command    | 127 | no-such-command",
        "-- /etc/passwd        | 126 | /etc/passwd",
        "-- /etc               | 126 | /etc",
    })
    void eachMistakeGetsOneLine(String arguments, int status, String message) {
        assertOneLine(List.of(arguments.split(" +")), status, message);
    }

    @Test
    void aNameThatTheLocaleCannotHoldIsToldSo() {
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", "exec \"$@\" \"$(printf 'caf\\303\\251')\"", "sh"));
        command.addAll(Ktrace.launcher());
        command.add("report");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        try (RunningProgram ktrace = RunningProgram.start(builder)) {
            assertEquals(2, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertTrue(ktrace.stderr().contains("LC_ALL=C.UTF-8") && ktrace.stderr().lines().count() == 1, ktrace::describe);
        }
    }

    @Test
    void zombieIsNamedAsSuch() {
        try (Workload zombie = Workload.start("zombie")) {
            long pid = zombie.awaitReady().path("zombiePid").asLong();
            assertOneLine(List.of("-p", Long.toString(pid)), 1, "zombie");
        }
    }

    @Test
    void threadIsNotTakenForItsProcess() {
        try (Workload threads = Workload.start("manythreads", "3", "1")) {
            long pid = threads.awaitReady().path("waiterPid").asLong();
            String tid = Path.of("/proc/" + pid + "/task").toFile().list()[1];
            assertOneLine(List.of("-p", tid), 1, "is a thread of process " + pid + ": use -p " + pid);
        }
    }

    @Test
    void existingOutputIsKeptUnlessForced() throws IOException {
        Path file = Files.writeString(directory.resolve("out.json"), "precious");
        assertOneLine(List.of("--json=" + file, "--", "true"), 1, "overwrite it with --force");
        assertEquals("precious", Files.readString(file));
        try (RunningProgram forced = start(List.of("--force", "--json=" + file, "--", "true"))) {
            assertEquals(0, forced.exitStatus(PATIENCE), forced.describe());
        }
        assertTrue(Files.readString(file).contains("\"final\""));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void outputIsNotWrittenThroughALink() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), victim);
        assertOneLine(List.of("--force", "--json=" + link, "--", "true"), 1, "no plain file");
        assertEquals("precious", Files.readString(victim));
    }

    @Test
    void outputInNoDirectoryIsSaidSo() {
        assertOneLine(List.of("--json=" + directory.resolve("none/out.json"), "--", "true"), 1, "directory does not exist");
    }

    @Test
    void noTraceIsMadeForASummaryThatIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("out.json"), "precious");
        Path trace = directory.resolve("trace");
        assertOneLine(List.of("-o", trace.toString(), "--json=" + file, "--", "true"), 1, "overwrite it with --force");
        assertFalse(Files.exists(trace));
        Files.createDirectory(trace);
        assertOneLine(List.of("-o", trace.toString(), "--json=" + directory.resolve("new"), "--", "true"), 1, "trace exists");
        assertFalse(Files.exists(directory.resolve("new")));
    }

    /** On a file system that has room for so many inodes besides its top. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aTraceThatCannotBeMadeLeavesNothing(int inodes) throws IOException, InterruptedException {
        Path full = Files.createDirectory(directory.resolve("full"));
        assertEquals(0, run("mount", "-t", "tmpfs", "-o", "nr_inodes=" + (1 + inodes), "tmpfs", full.toString()));
        try {
            assertOneLine(List.of("record", "-o", full.resolve("trace").toString(), "--", "true"), 1, "ENOSPC");
            try (var left = Files.list(full)) {
                assertEquals(List.of(), left.toList());
            }
        } finally {
            run("umount", full.toString());
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"exit 0|0", "exit 7|7", "kill -TERM $$|143", "kill -KILL $$|137"})
    void exitStatusIsTheCommandsOwn(String script, int status) {
        try (RunningProgram ktrace = start(List.of("--", "sh", "-c", script))) {
            assertEquals(status, ktrace.exitStatus(PATIENCE), ktrace.describe());
        }
    }

    @Test
    void theCommandsOutputStaysItsOwn() {
        try (RunningProgram ktrace = start(List.of("--", "echo", "hello"))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace.describe());
            assertEquals("hello", ktrace.stdout().strip());
            assertTrue(ktrace.stderr().contains("echo"), ktrace.describe());
        }
    }

    @Test
    void targetThatEndsEndsTheTrace() {
        try (RunningProgram target = RunningProgram.start(List.of("sleep", "2"));
                RunningProgram ktrace = start(List.of("-p", Long.toString(target.pid())))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace.describe());
            assertTrue(ktrace.stdout().contains("sleep"), ktrace.describe());
        }
    }

    @Test
    void escapeSequencesInANameReachNobody() {
        try (RunningProgram ktrace = start(List.of("--", Workload.program("evilcomm").toString()))) {
            ktrace.exitStatus(PATIENCE);
            assertFalse(ktrace.stderr().contains("\u001b"), "an escape character got through");
            assertFalse(ktrace.stderr().contains("Exception"), ktrace.describe());
        }
    }

    @Test
    void standardOutputClosedEarlyIsNoDisaster() {
        try (RunningProgram target = RunningProgram.start(List.of("sleep", "60"));
                RunningProgram ktrace = start(List.of("-i", "100ms", "-d", "3s", "-p", Long.toString(target.pid())))) {
            ktrace.closeStdout();
            ktrace.exitStatus(PATIENCE);
            assertFalse(ktrace.stderr().contains("Exception"), ktrace.describe());
            assertTrue(target.isAlive());
        }
    }

    private static RunningProgram start(List<String> arguments) {
        List<String> command = new java.util.ArrayList<>(Ktrace.launcher());
        command.addAll(arguments);
        return RunningProgram.start(command);
    }

    private static void assertOneLine(List<String> arguments, int status, String message) {
        try (RunningProgram ktrace = start(arguments)) {
            assertEquals(status, ktrace.exitStatus(PATIENCE), ktrace.describe());
            List<String> lines = ktrace.stderr().lines().toList();
            assertEquals(1, lines.size(), ktrace.describe());
            assertTrue(lines.getFirst().startsWith("ktrace: ") && lines.getFirst().contains(message), ktrace.describe());
            assertEquals("", ktrace.stdout());
        }
    }
}
