package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process about which a question is never answered, because a daemon that has stopped would have to: tests/workloads/stuck.c says
 * how. The trace begins all the same, sees what else the process does, and ends when it is to end.
 */
@RealKernel
class StuckFactsTest {
    private static final Duration DURATION = Duration.ofSeconds(1);
    /** Of its end, when that has been asked for. */
    private static final Duration GRACE = Duration.ofMillis(500);
    /** From the start of a JVM to the first events, on a machine that does little else. */
    private static final Duration BEGIN = Duration.ofSeconds(4);

    @ParameterizedTest
    @ValueSource(strings = {"detached", "symlink", "path", "locked"})
    void isThereWhenTheTraceBegins(String mode) {
        try (Workload stuck = Workload.start("stuck", mode)) {
            String pid = stuck.awaitReady().path("pid").asText();
            try (Ktrace ktrace = Ktrace.startAsLaunched(List.of("-d", DURATION.toSeconds() + "s", "-p", pid))) {
                awaitEnd(ktrace, stuck, BEGIN.plus(DURATION).plus(GRACE));
                JsonNode document = ktrace.finalDocument().json();
                long longest = DURATION.plus(GRACE).toNanos();
                assertTrue(document.path("durationNs").asLong() < longest, () -> "-d " + DURATION + ": " + document);
                assertSeen(ktrace, Integer.parseInt(pid));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"detached", "symlink", "path", "locked"})
    void arisesWhileItIsTraced(String mode) {
        try (Workload stuck = Workload.start("stuck", mode, "--wait-go")) {
            String pid = stuck.awaitReady().path("pid").asText();
            try (Ktrace ktrace = Ktrace.startAsLaunched(List.of("-i", "100ms", "-p", pid))) {
                ktrace.awaitTracing();
                stuck.go();
                RunningProgram.sleep(DURATION);
                ktrace.program().signal("TERM");
                awaitEnd(ktrace, stuck, GRACE.multipliedBy(2));
                assertSeen(ktrace, Integer.parseInt(pid));
            }
        }
    }

    /** Whoever asks in vain may not be killed by anything: when the test is over, its question has to be answered first. */
    private static void awaitEnd(Ktrace ktrace, Workload stuck, Duration timeout) {
        try {
            assertEquals(0, ktrace.program().exitStatus(timeout), () -> ktrace.program().describe());
        } catch (AssertionError stillRunning) {
            throw new AssertionError(ktrace.documents().size() + " documents; its threads: " + threads(ktrace), stillRunning);
        } finally {
            stuck.close();
        }
    }

    /** Which of them are in the kernel for something else than each other, and where. */
    private static List<String> threads(Ktrace ktrace) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + ktrace.program().pid() + "/task"))) {
            return threads.map(thread -> text(thread.resolve("comm")) + " in " + text(thread.resolve("wchan")))
                    .filter(thread -> !thread.contains(" in futex_") && !thread.endsWith(" in 0")).toList();
        } catch (IOException e) {
            return List.of("none: " + e.getMessage());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "ended";
        }
    }

    /** A thread calls each millisecond, and sleeps longer when the machine is busy. */
    private static void assertSeen(Ktrace ktrace, int pid) {
        FinalDocument document = ktrace.finalDocument();
        assertEquals(0, document.json().path("lost").asLong(), () -> document.json().toString());
        long calls = document.calls(pid, "getppid");
        assertTrue(calls > DURATION.toMillis() / 4, () -> calls + " calls: " + document.json());
    }
}
