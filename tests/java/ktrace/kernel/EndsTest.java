package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ends that were not, and ends that take their time. */
@RealKernel
class EndsTest {
    private static final int ATTACHES = 8;
    /** Of the half second that it is to last the first event may come a moment later. */
    private static final long TRACED_NS = 450_000_000;

    /** Threads that come while it is attached to are known before the others, and are the first to end. */
    @Test
    void aServerThatStartsAThreadForEachRequestIsTracedToTheEnd() {
        try (Workload server = Workload.start("ends", "requests")) {
            int pid = server.awaitReady().path("waiterPid").asInt();
            for (int i = 0; i < ATTACHES; i++) {
                try (Ktrace ktrace = Ktrace.startWithJson(List.of("-d", "500ms", "-p", Integer.toString(pid)))) {
                    assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                    JsonNode document = ktrace.finalDocument().json();
                    assertTrue(document.path("durationNs").asLong() >= TRACED_NS, () -> "it ended by itself: " + document);
                    assertEquals(List.of("ends"), document.path("processes").valueStream().map(p -> p.path("comm").asText()).toList(),
                            document::toString);
                    assertTrue(document.path("processes").valueStream().allMatch(p -> p.path("exitNs").isNull()), document::toString);
                }
            }
        }
    }

    /** Where nobody else wants its CPU, its first switch is its last. */
    @Test
    void theShortestCommandHasAnEnd() {
        for (int i = 0; i < ATTACHES; i++) {
            try (Ktrace ktrace = Ktrace.traceCommand(List.of("/bin/true"))) {
                FinalDocument document = ktrace.finalDocument();
                document.assertLaws();
                JsonNode process = document.json().path("processes").path(0);
                assertEquals("true", process.path("comm").asText(), document.json()::toString);
                assertTrue(process.path("exitNs").isNumber(), document.json()::toString);
                assertEquals(0, process.path("states").path("unknownNs").asLong(), document.json()::toString);
            }
        }
    }

    /** After sched_process_exit it gives back its memory, closes its files, and only then wakes who waits for it. */
    @Test
    void whatAProcessDoesOnItsWayOutIsItsOwn() {
        try (Ktrace ktrace = Ktrace.traceCommand(Workload.command("ends", "memory", "400"))) {
            JsonNode told = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            JsonNode child = document.process(told.path("childPid").asInt());
            long usedNs = told.path("childCpuNs").asLong();
            long ranNs = child.path("states").path("runningNs").asLong();
            assertTrue(ranNs <= 1.05 * usedNs && ranNs >= 0.95 * usedNs, () -> told + "\n" + child);
            JsonNode parent = document.process(told.path("pid").asInt());
            assertTrue(Stream.of(child, parent).allMatch(p -> p.path("exitNs").isNumber()), document.json()::toString);
        }
    }
}
