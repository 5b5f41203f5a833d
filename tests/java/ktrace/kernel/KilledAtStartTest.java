package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whenever ktrace is ended in its first second, and however: nothing of it stays, no process that waits and no file. */
@RealKernel
@Timeout(240)
class KilledAtStartTest {
    private static final int ROUNDS = 12;
    private static final int WITHIN_MS = 900;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({"KILL,perf", "KILL,ptrace", "TERM,perf", "TERM,ptrace", "HUP,perf", "INT,perf", "INT,ptrace",
        "KILL,bpf", "TERM,bpf"})
    void nothingIsLeftBehind(String signal, String collector) {
        Random random = new Random(signal.hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            // In the command lines of ktrace, of the command, and of a child that still shares ktrace's memory.
            String mark = "killed-" + System.nanoTime();
            int afterMs = WITHIN_MS * round / ROUNDS + random.nextInt(WITHIN_MS / ROUNDS);
            String when = signal + " after " + afterMs + " ms";
            try (RunningProgram ktrace = start(collector, mark)) {
                RunningProgram.sleep(Duration.ofMillis(afterMs));
                ktrace.signal(signal);
                ktrace.exitStatus(PATIENCE);
                assertTrue(ktrace.stderr().lines().noneMatch(line -> line.contains("Exception")), () -> when + ktrace.describe());
                assertEquals(List.of(), stillThere(mark), when);
            }
            assertEquals(List.of(), names(temporary), when);
        }
    }

    private RunningProgram start(String collector, String mark) {
        List<String> words = new ArrayList<>(Ktrace.launcher());
        // No file of the JVM's own, and those that programs make for a time where they can be counted.
        words.addAll(1, List.of("-XX:-UsePerfData", "-Djava.io.tmpdir=" + temporary));
        words.addAll(List.of("-c", collector, "--", "sh", "-c", "sleep 0.01; : " + mark));
        return RunningProgram.start(words);
    }

    /** Those that are there still after a time in which the command would have ended. */
    private static List<String> stillThere(String mark) {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        List<String> found = withMark(mark);
        while (!found.isEmpty() && System.nanoTime() < deadlineNs) {
            RunningProgram.sleep(Duration.ofMillis(20));
            found = withMark(mark);
        }
        return found;
    }

    private static List<String> withMark(String mark) {
        return names(Path.of("/proc")).stream().filter(name -> name.matches("\\d+") && hasMark(name, mark)).toList();
    }

    private static boolean hasMark(String pid, String mark) {
        try {
            return Files.readString(Path.of("/proc", pid, "cmdline"), StandardCharsets.ISO_8859_1).contains(mark);
        } catch (IOException e) {
            // It has ended since.
            return false;
        }
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
