package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** record --flight on a busy program: the latest, in bounds, at the signal and at the end. */
@RealKernel
class FlightTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SIZE = 8 << 20;

    @TempDir
    private Path directory;

    private RunningProgram record(boolean signalIsFree, String... scope) {
        List<String> command = new ArrayList<>(Ktrace.launcher());
        command.addAll(List.of("record", "--flight", "8M", "-o", directory.resolve("trace").toString()));
        command.addAll(List.of(scope));
        ProcessBuilder builder = new ProcessBuilder(command);
        if (signalIsFree) {
            builder.environment().put("_JAVA_SR_SIGNUM", "16");
        } else {
            builder.environment().remove("_JAVA_SR_SIGNUM");
        }
        return RunningProgram.start(builder);
    }

    private long size(String trace) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(trace).resolve("kernel"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private String read(String trace) throws IOException {
        Path out = directory.resolve(trace + ".txt");
        Path err = directory.resolve(trace + ".err");
        try (RunningProgram reader = RunningProgram.start(new ProcessBuilder("babeltrace2", directory.resolve(trace).toString())
                .redirectOutput(out.toFile()).redirectError(err.toFile()))) {
            assertEquals(0, reader.exitStatus(PATIENCE));
        }
        assertEquals("", Files.readString(err));
        return Files.readString(out);
    }

    @Test
    void atTheSignalAndAtTheEnd() throws IOException {
        try (Workload workload = Workload.start("getppid", "100000000", "--rate", "100000")) {
            String pid = Long.toString(workload.program().pid());
            try (RunningProgram ktrace = record(true, "-p", pid)) {
                RunningProgram.sleep(Duration.ofSeconds(8));
                assertEquals(0, size("trace"), "nothing is written before it is asked for");
                ktrace.signal("USR2");
                ktrace.awaitStderr("wrote the last", PATIENCE);
                RunningProgram.sleep(Duration.ofSeconds(1));
                assertTrue(ktrace.isAlive());
                ktrace.signal("INT");
                assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
                assertEquals(2, ktrace.stderr().lines().count(), ktrace::describe);
            }
            for (String trace : List.of("trace", "trace.1")) {
                assertTrue(size(trace) <= SIZE + (1 << 20), "with the metadata " + size(trace));
                assertTrue(size(trace) > SIZE / 3, "kept " + size(trace));
                String events = read(trace);
                assertTrue(events.contains("syscall_entry_getppid: "), "calls");
                assertFalse(events.contains(" ktrace_start: "), "the begin was dropped");
                assertTrue(events.lines().anyMatch(line -> line.contains("ktrace_statedump_process: ") && line.contains("pid = " + pid)),
                        "state was told anew");
            }
            assertTrue(read("trace.1").contains(" ktrace_end: "));
            try (Ktrace report = Ktrace.start(List.of("report", directory.resolve("trace.1").toString()))) {
                assertEquals(0, report.awaitExit(), () -> report.program().describe());
                assertTrue(report.program().stdout().contains("getppid"), () -> report.program().describe());
            }
        }
    }

    @Test
    void whenTheTargetEndsAndWithoutASignal() throws IOException {
        try (RunningProgram ktrace = record(false, "--", Workload.program("getppid").toString(), "1000")) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertEquals(1, ktrace.stderr().lines().filter(line -> line.contains("_JAVA_SR_SIGNUM")).count(), ktrace::describe);
        }
        String events = read("trace");
        assertTrue(events.contains(" ktrace_start: ") && events.contains(" ktrace_end: "), "a short trace is whole");
        assertEquals(1000, events.lines().filter(line -> line.contains("syscall_entry_getppid: ")).count());
    }

    @Test
    void tooLittleIsRefused() {
        try (Ktrace ktrace = Ktrace.start(List.of("record", "--flight", "1M", "-o", directory.resolve("x").toString(), "-a"))) {
            assertEquals(2, ktrace.awaitExit());
            assertEquals(1, ktrace.program().stderr().lines().filter(line -> line.startsWith("ktrace:")).count());
        }
        assertFalse(Files.exists(directory.resolve("x")));
    }
}
