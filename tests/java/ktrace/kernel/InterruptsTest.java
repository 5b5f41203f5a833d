package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an interrupt came of that ended a wait: the time that a call was given, a timer, a file. */
@RealKernel
@ParameterizedClass
@MethodSource("ktrace.kernel.LiveCollectors#names")
class InterruptsTest {
    private static final String COUNT = "20";
    private static final Map<String, String> TIMERS = Map.of("nanosleep", "timer", "empty-select", "timer", "alarm", "timer",
            "timerfd", "timer", "polled-timerfd", "timer");
    private static final List<String> MODES = List.of("poll", "select", "epoll", "futex", "recv", "sigtimedwait", "semtimedop", "mq",
            "nanosleep", "empty-select", "alarm", "timerfd", "polled-timerfd");

    @Parameter
    private String collector;

    @TestFactory
    Stream<DynamicTest> waitsThatTheClockEnds() {
        StringBuilder script = new StringBuilder();
        MODES.forEach(mode -> script.append("'%s' %s --count %s --ms 10\n".formatted(Workload.program("alone"), mode, COUNT)));
        script.append("'%s' odirect --count %s --ms 1\n".formatted(Workload.program("plain"), COUNT));
        try (Ktrace ktrace = Ktrace.traceCommand(collector, List.of("sh", "-c", script.toString()))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            List<JsonNode> results = ktrace.program().documents();
            assertEquals(MODES.size() + 1, results.size(), () -> ktrace.program().describe());
            return results.stream().map(Measured::new)
                    .map(measured -> DynamicTest.dynamicTest(measured.name(), () -> assertCause(measured, document)));
        }
    }

    private void assertCause(Measured measured, FinalDocument document) {
        boolean isFile = measured.json().path("kind").asText().equals("disk");
        String cause = isFile ? "disk" : TIMERS.getOrDefault(measured.json().path("mode").asText(), "timedOut");
        List<JsonNode> rows = measured.rows(document).stream().filter(row -> row.path("evidence").asText().equals("interrupt"))
                // A file whose name came too late is not claimed to be one.
                .filter(row -> !isFile || row.path("object").asText().startsWith("/")).toList();
        long count = FinalDocument.sum(rows, "count");
        // Some virtual machines record no wake-up that comes while a CPU idles.
        assertTrue(count > 0 || document.hasUnrecorded() || isFile, () -> measured.name() + ": no interrupt among "
                + document.waits(measured.waiterPid(), row -> true));
        long told = rows.stream().mapToLong(row -> row.path("interrupt").path(cause).asLong()).sum();
        assertEquals(count, told, () -> measured.name() + ": not all are " + cause + ": " + rows);
    }

    /** When control groups or mounts change, the kernel waits until all CPUs have passed a quiet moment: that is no disk. */
    @TestFactory
    Stream<DynamicTest> waitsForTheKernel() {
        String script = "'%1$s' membarrier --count %2$s\n'%1$s' umount --count %2$s\n".formatted(Workload.program("alone"), COUNT);
        try (Ktrace ktrace = Ktrace.traceCommand(collector, List.of("sh", "-c", script))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            List<JsonNode> results = ktrace.program().documents();
            assertEquals(2, results.size(), () -> ktrace.program().describe());
            return results.stream().map(Measured::new).map(measured -> DynamicTest.dynamicTest(measured.name(), () -> {
                List<JsonNode> rows = document.waits(measured.waiterPid(),
                        row -> row.path("syscall").asText().equals(measured.json().path("syscall").asText())
                                && !(document.hasUnrecorded() && row.path("evidence").asText().equals("none")));
                List<JsonNode> named = rows.stream().filter(row -> row.path("kind").asText().equals("other")
                        && row.path("object").asText().equals("kernel: RCU")).toList();
                long totalNs = FinalDocument.sum(rows, "totalNs");
                assertTrue(totalNs > 0 && FinalDocument.sum(named, "totalNs") >= 0.95 * totalNs, rows::toString);
            }));
        }
    }
}
