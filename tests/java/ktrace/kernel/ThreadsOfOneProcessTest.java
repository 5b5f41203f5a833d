package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who waits for whom within one process: the threads, by number and name. */
@RealKernel
class ThreadsOfOneProcessTest {
    /** The share of a worker's time in the lock that must be told as waiting for the holder: the first round may be disturbed. */
    private static final double MOST = 0.9;

    private static Ktrace trace(List<String> options, List<String> command) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("--");
        arguments.addAll(command);
        Ktrace ktrace = Ktrace.startWithJson(arguments);
        assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
        return ktrace;
    }

    private static void assertWorkersWaitForTheHolder(Ktrace ktrace) {
        FinalDocument document = ktrace.finalDocument();
        assertTrue(document.json().path("threads").asBoolean());
        JsonNode hog = ktrace.program().documents().getLast();
        int pid = hog.path("pid").asInt();
        for (JsonNode worker : hog.path("waiters")) {
            List<JsonNode> rows = document.waits(pid, row -> row.path("tid").asInt() == worker.path("tid").asInt()
                    && row.path("object").asText().equals("futex " + worker.path("lock").asText()));
            List<JsonNode> byHolder = rows.stream().filter(row -> row.path("waker").path("tid").asInt() == hog.path("holderTid").asInt())
                    .toList();
            assertTrue(FinalDocument.sum(byHolder, "totalNs") >= MOST * worker.path("waitedNs").asLong(),
                    () -> worker + " waits for the holder\n" + rows);
            assertEquals(1, byHolder.size(), byHolder::toString);
            JsonNode row = byHolder.getFirst();
            assertEquals(worker.path("comm").asText(), row.path("comm").asText());
            assertEquals("hog-holder", row.path("waker").path("threadComm").asText());
            assertEquals(List.of(pid, "hog"), List.of(row.path("waker").path("pid").asInt(), row.path("waker").path("comm").asText()));
            assertEquals("object", row.path("evidence").asText());
        }
    }

    @Test
    void aWorkerWaitsForTheThreadThatHoldsItsLock() {
        try (Ktrace ktrace = trace(List.of("--threads"), Workload.command("hog"))) {
            assertWorkersWaitForTheHolder(ktrace);
            ktrace.finalDocument().assertLaws();
        }
    }

    @Test
    void andSoItIsByPtrace() {
        try (Ktrace ktrace = trace(List.of("--threads", "-c", "ptrace"), Workload.command("hog"))) {
            assertWorkersWaitForTheHolder(ktrace);
        }
    }

    /** The row is the process's, and so is the waker; its thread stands there because it was one alone. */
    @Test
    void summedByProcessTheHolderIsStillTheWaker() {
        try (Ktrace ktrace = trace(List.of(), Workload.command("hog"))) {
            JsonNode hog = ktrace.program().documents().getLast();
            for (JsonNode worker : hog.path("waiters")) {
                List<JsonNode> rows = ktrace.finalDocument().waits(hog.path("pid").asInt(), row -> row.path("object").asText()
                        .equals("futex " + worker.path("lock").asText()) && row.path("evidence").asText().equals("object"));
                assertEquals(1, rows.size(), rows::toString);
                assertEquals("hog-holder", rows.getFirst().path("waker").path("threadComm").asText());
                assertTrue(rows.getFirst().path("tid").isMissingNode());
            }
        }
    }

    /** A monitor is no futex: the JVM parks each thread on one of its own. */
    @Test
    void inAJvmTheThreadsGoByTheirJavaNames() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(java, "-cp", System.getProperty("java.class.path"), LockedThreads.class.getName());
        try (Ktrace ktrace = trace(List.of("--threads"), command)) {
            JsonNode told = ktrace.program().documents().getLast();
            List<JsonNode> rows = ktrace.finalDocument().waits(told.path("pid").asInt(),
                    row -> row.path("comm").asText().equals("jvm-worker")
                            && row.path("waker").path("threadComm").asText().equals("jvm-holder"));
            assertTrue(FinalDocument.sum(rows, "totalNs") >= MOST * told.path("waitedNs").asLong(),
                    () -> told + "\n" + ktrace.finalDocument().process(told.path("pid").asInt()).path("waits"));
            assertTrue(rows.stream().allMatch(row -> row.path("waker").path("comm").asText().equals("java")), rows::toString);
        }
    }
}
