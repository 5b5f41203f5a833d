package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who makes the machine's system calls changes after ktrace has chosen by it: that is told, live and by the report. */
@RealKernel
@Timeout(300)
class CallSharesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Longer than what has to be so before it is told. */
    private static final String LONG_ENOUGH = "19s";

    @TempDir
    private Path directory;

    private static boolean isTold(JsonNode document) {
        return document.path("cheaperCollector").path("name").asText().equals("perf+bpf");
    }

    @Test
    void aStormOfOthersThatBeginsLaterIsTold() throws Exception {
        Path trace = directory.resolve("trace");
        try (Workload sleeper = Workload.start("getppid", "1", "--wait-go");
                Workload others = Workload.start("getppid", "1000000000000", "--threads", "2", "--wait-go")) {
            String sleeping = sleeper.awaitReady().path("waiterPid").asText();
            others.awaitReady();
            try (Ktrace ktrace = Ktrace.attach(List.of("-o", trace.toString()), Long.parseLong(sleeping))) {
                others.go();
                long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
                while (ktrace.documents().stream().noneMatch(CallSharesTest::isTold)) {
                    assertTrue(System.nanoTime() < deadlineNs && ktrace.program().isAlive(), () -> ktrace.program().describe());
                    RunningProgram.sleep(Duration.ofMillis(100));
                }
                sleeper.go();
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                JsonNode last = ktrace.documents().getLast();
                assertEquals("bpf", last.path("collector").asText());
                assertTrue(isTold(last), last::toString);
                JsonNode told = last.path("cheaperCollector");
                assertTrue(told.path("othersPerSecond").asLong() > 150_000, told::toString);
                assertTrue(told.path("targetsPerSecond").asLong() < 10_000, told::toString);
                assertTrue(told.path("sinceNs").asLong() > last.path("startNs").asLong(), told::toString);
                assertTrue(told.path("forNs").asLong() > 0, told::toString);
                JsonNode reported = report(trace);
                ((ObjectNode) last).remove("self");
                ((ObjectNode) reported).remove("self");
                assertEquals(last.toPrettyString(), reported.toPrettyString());
                String text = text(trace);
                assertTrue(text.replaceAll("\\s+", " ").contains("-c perf+bpf would have cost them less"), text);
            }
        }
    }

    @Test
    void ofTargetsThatCallThemselvesNothingIsTold() {
        try (Workload caller = Workload.start("getppid", "1000000000000", "--wait-go")) {
            long calling = caller.awaitReady().path("waiterPid").asLong();
            try (Ktrace ktrace = Ktrace.attach(List.of("-d", LONG_ENOUGH), calling)) {
                caller.go();
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                JsonNode last = ktrace.documents().getLast();
                assertEquals("bpf", last.path("collector").asText());
                assertFalse(last.has("cheaperCollector"), last::toString);
            }
        }
    }

    private static String text(Path trace) {
        try (Ktrace report = Ktrace.start(List.of("report", trace.toString()))) {
            assertEquals(0, report.awaitExit(), () -> report.program().describe());
            return report.program().stdout();
        }
    }

    private JsonNode report(Path trace) throws IOException {
        Path json = directory.resolve("report.json");
        try (Ktrace report = Ktrace.start(List.of("report", trace.toString(), "--json=" + json))) {
            assertEquals(0, report.awaitExit(), () -> report.program().describe());
        }
        return new ObjectMapper().readTree(Files.readAllLines(json).getLast());
    }
}
