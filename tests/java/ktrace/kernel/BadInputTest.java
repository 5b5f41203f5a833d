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
        "-n -3 -p 1            | 2 | '-3' is no count; write 10; see",
        "reprot dir            | 2 | subcommands are record, report, log, path, export",
        "record -p 1           | 2 | Missing required option: '--output=DIR'",
        "record -- true -o x   | 2 | before the --",
        "record -o none/x -- true | 1 | the directory that it is to be in does not exist",
        "record --force -o /etc -- true | 1 | holds more than a trace",
        "record -o x --flight x -p 1 | 2 | 'x' is no size",
        "record -o x --flight 4M -p 1 | 2 | at least 8M",
        "record -o x --flight 16M -p 4194000 | 1 | no process 4194000",
        "report                | 2 | 'DIR'",
        "report none           | 1 | there is no such directory",
        "report @none          | 1 | there is no such directory",
        "report @/tmp          | 1 | cannot read the trace @/tmp",
        "report /etc/passwd    | 1 | it is no directory",
        "report /sys/kernel    | 1 | there is no file metadata in it",
        "report x y            | 2 | 'y' is for: ktrace report takes one trace",
        "report x -- true      | 2 | takes no command",
        "log --seccomp --no-follow -e openat -- true | 2 | children inherit the filter",
        "log none              | 1 | there is no such directory",
        "log none -p 1         | 2 | exclude one another",
        "log none -d 5s        | 2 | read as it is",
        "log none --record x         | 2 | read as it is",
        "log none -c ptrace    | 2 | read as it is",
        "log -p 1 -e nosuchcall | 2 | no system call is called nosuchcall",
        "log -p 1 --longer-than x | 2 | 'x' is no time",
        "path                  | 2 | 'DIR'",
        "path none             | 1 | there is no such directory",
        "path x -- true        | 2 | takes no command",
        "path none --from soon | 2 | 'soon' is no time after the begin of the trace",
        "path none --from 2s --to 1s | 2 | --from must be before --to",
        "export none           | 2 | '--format=FORMAT', '--output=FILE'",
        "export none --format csv -o x | 1 | there is no such directory",
        "export none --format xml -o x | 2 | there are perfetto, csv, json and html",
        "diff                  | 2 | 'A', 'B'",
        "diff x                | 2 | 'B'",
        "diff x y z            | 2 | ktrace diff takes two runs",
        "diff none none        | 1 | cannot read none: there is no such file",
        "diff /etc/passwd none | 1 | it is neither a recorded trace nor a JSON summary",
        "diff /sys/kernel none | 1 | there is no file metadata in it",
        "diff a b -- true      | 2 | takes no command",
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
    void nothingIsLeftOfARecordingOfNothing() {
        Path trace = directory.resolve("trace");
        for (List<String> options : List.of(List.<String>of(), List.of("--flight", "8M"))) {
            List<String> command = new java.util.ArrayList<>(List.of("record", "-o", trace.toString()));
            command.addAll(options);
            command.addAll(List.of("--", "/no/such/command"));
            try (RunningProgram ktrace = start(command)) {
                assertEquals(127, ktrace.exitStatus(PATIENCE), ktrace::describe);
            }
            assertFalse(Files.exists(trace));
        }
    }

    @Test
    void damagedMetadataIsToldInOneLine() throws IOException {
        Path metadata = directory.resolve("metadata");
        Files.writeString(metadata, "");
        assertOneLine(List.of("report", directory.toString()), 1, "it is empty");
        Files.writeString(metadata, "/* CTF 1.8 */ env { hostname = \"box");
        assertOneLine(List.of("log", directory.toString()), 1, "a string that does not end");
        Files.write(metadata, new byte[] {(byte) 0xff, 0, 7, 27});
        assertOneLine(List.of("export", directory.toString(), "--format", "csv", "-o", "-"), 1, "metadata");
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
        try (RunningProgram target = RunningProgram.start(List.of("sleep", "6"));
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

    static RunningProgram start(List<String> arguments) {
        List<String> command = new java.util.ArrayList<>(Ktrace.launcher());
        command.addAll(arguments);
        return RunningProgram.start(command);
    }

    static void assertOneLine(List<String> arguments, int status, String message) {
        try (RunningProgram ktrace = start(arguments)) {
            assertEquals(status, ktrace.exitStatus(PATIENCE), ktrace.describe());
            List<String> lines = ktrace.stderr().lines().toList();
            assertEquals(1, lines.size(), ktrace.describe());
            assertTrue(lines.getFirst().startsWith("ktrace: ") && lines.getFirst().contains(message), ktrace.describe());
            assertEquals("", ktrace.stdout());
        }
    }
}
