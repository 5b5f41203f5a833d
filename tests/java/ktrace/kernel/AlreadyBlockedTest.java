package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A thread that was already waiting when ktrace attached is blocked from then on, in the right call, on the right object. */
@RealKernel
@ParameterizedClass
@MethodSource("ktrace.kernel.LiveCollectors#names")
class AlreadyBlockedTest {
    private static final String MS = "300";

    @Parameter
    private String collector;

    @ParameterizedTest
    @CsvSource({"pipe,pipe,read", "futex,futex,futex", "poll,pipe,poll", "epoll,pipe,epoll_wait", "tcp,tcp,read",
            "child,child,wait4"})
    void itsWaitHasObjectAndWaker(String mode, String kind, String syscall) {
        try (Workload workload = Workload.start("blocked", mode, "--ms", MS)) {
            JsonNode ready = workload.awaitReady();
            int waiterPid = ready.path("waiterPid").asInt();
            int wakerPid = ready.path("wakerPid").asInt();
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "-i", "100ms"), waiterPid, wakerPid)) {
                workload.go();
                JsonNode result = workload.result();
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                FinalDocument document = ktrace.finalDocument();
                document.assertLaws();

                List<JsonNode> rows = document.waits(waiterPid, wait -> wait.path("kind").asText().equals(kind)
                        && wait.path("syscall").asText().equals(syscall));
                long waitedNs = result.path("endNs").asLong() - document.json().path("startNs").asLong();
                long blockedNs = FinalDocument.sum(rows, "totalNs");
                long runnableNs = document.process(waiterPid).path("states").path("runnableNs").asLong();
                assertTrue(blockedNs <= 1.05 * waitedNs && blockedNs + runnableNs >= 0.95 * waitedNs,
                        () -> "from attach to the end of the wait, " + waitedNs + " ns, it was blocked\n"
                                + document.process(waiterPid));
                assertEquals(1, FinalDocument.sum(rows, "count"), () -> "one wait: " + rows);
                assertEquals(wakerPid, rows.getFirst().path("waker").path("pid").asInt(), rows::toString);
                assertEquals("object", rows.getFirst().path("evidence").asText(), rows::toString);
                String object = result.path("object").asText();
                assertTrue(!object.startsWith("pipe") || rows.getFirst().path("object").asText().equals(object),
                        () -> object + " is what it waited for, not " + rows);
                assertFalse(document.json().path("counters").path("inFlightAtAttach").isMissingNode(),
                        "its call was in flight at attach");
            }
        }
    }

    @ParameterizedTest
    @CsvSource("5000")
    void aSleeperThatSleepsOnIsOngoing(String ms) {
        try (Workload workload = Workload.start("blocked", "sleep", "--ms", ms)) {
            int pid = workload.awaitReady().path("waiterPid").asInt();
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "-i", "100ms", "-d", "500ms"), pid)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                FinalDocument document = ktrace.finalDocument();
                List<JsonNode> sleeps = document.waits(pid, wait -> wait.path("kind").asText().equals("sleep"));
                assertEquals(1, sleeps.size(), () -> document.process(pid).toString());
                assertTrue(sleeps.getFirst().path("ongoing").asBoolean(), sleeps::toString);
                assertEquals(document.json().path("durationNs").asLong(), sleeps.getFirst().path("totalNs").asLong(), 20e6);
                assertEquals(0, sleeps.getFirst().path("count").asLong(), "no wait has ended");
            }
        }
    }
}
