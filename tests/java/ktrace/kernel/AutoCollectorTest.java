package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which collector is taken if none is asked for. */
@RealKernel
class AutoCollectorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @BeforeEach
    void needsTypes() {
        assumeTrue(Files.isReadable(HiddenTypes.OWN), "needs a kernel with BTF");
    }

    @Test
    void ofACommandItIsBpf() {
        assertTaken("bpf", List.of(), "--", "true");
    }

    @Test
    void besideOthersWhoMakeTheCallsItIsPerf() {
        try (Workload sleeper = Workload.start("getppid", "1", "--wait-go");
                Workload others = Workload.start("getppid", "1000000000", "--threads", "2", "--wait-go")) {
            String sleeping = sleeper.awaitReady().path("waiterPid").asText();
            String calling = others.awaitReady().path("waiterPid").asText();
            others.go();
            assertTaken("perf", List.of("tracing with perf, as others make "), "-d", "300ms", "-p", sleeping);
            assertTaken("bpf", List.of(), "-d", "300ms", "-p", calling);
        }
    }

    @Test
    void ofANormalUserItIsPtrace() {
        try (Nobody nobody = new Nobody(); RunningProgram ktrace = RunningProgram.start(nobody.ktrace("--", "true"))) {
            assertTaken(ktrace, "ptrace", List.of("tracing with ptrace, which sees no scheduler"));
        }
    }

    private static void assertTaken(String collector, List<String> notices, String... arguments) {
        List<String> words = new ArrayList<>(Ktrace.launcher());
        words.addAll(List.of(arguments));
        try (RunningProgram ktrace = RunningProgram.start(words)) {
            assertTaken(ktrace, collector, notices);
        }
    }

    private static void assertTaken(RunningProgram ktrace, String collector, List<String> notices) {
        assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
        assertTrue((ktrace.stdout() + ktrace.stderr()).contains(collector + " · "), ktrace::describe);
        List<String> told = ktrace.stderr().lines().filter(line -> line.startsWith("ktrace: ")).toList();
        assertEquals(notices.size(), told.size(), ktrace::describe);
        for (int i = 0; i < told.size(); i++) {
            assertTrue(told.get(i).startsWith("ktrace: " + notices.get(i)), ktrace::describe);
        }
    }
}
