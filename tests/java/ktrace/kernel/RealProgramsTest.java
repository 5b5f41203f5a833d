package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that people run: who waits for whom must come out right, without their help. */
@RealKernel
class RealProgramsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    /** The servers run as users of their own, who must be able to get there. */
    @BeforeEach
    void openTheDirectory() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({"pipe,disk", "pipe,consumer", "tcp,disk", "tcp,consumer"})
    void aPythonProducerAndItsConsumer(String transport, String slow) {
        List<String> command = List.of(python(), Workload.source("python/stream.py").toString(), transport, slow);
        try (Ktrace ktrace = Ktrace.traceCommand(command)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode result = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            JsonNode waiter = result.path(result.path("waiter").asText());
            JsonNode other = result.path(slow.equals("disk") ? "producer" : "consumer");
            int otherPid = other.path("pid").asInt();
            int waiterPid = waiter.path("pid").asInt();
            List<JsonNode> rows = document.waits(waiterPid, wait -> wait.path("kind").asText().equals(transport)
                    && wait.path("waker").path("pid").asInt() == otherPid);
            assertEquals(1.0, (double) FinalDocument.sum(rows, "totalNs") / waiter.path("waitedNs").asLong(), 0.1,
                    () -> result + "\n" + document.process(waiterPid));
            long byObject = FinalDocument.sum(rows.stream()
                    .filter(wait -> wait.path("evidence").asText().equals("object")).toList(), "totalNs");
            assertTrue(byObject >= 0.9 * FinalDocument.sum(rows, "totalNs"), () -> "evidence object: " + rows);
            JsonNode blockedBy = document.process(otherPid).path("states").path("blockedBy");
            if (slow.equals("disk")) {
                assertTrue(blockedBy.path("disk").asLong() > blockedBy.path("ipc").asLong(),
                        () -> "the producer waits for the disk: " + blockedBy);
            } else {
                assertTrue(blockedBy.path("sleep").asLong() > 0.75 * waiter.path("waitedNs").asLong(),
                        () -> "the consumer sleeps: " + blockedBy);
            }
        }
    }

    @Test
    void aPythonMultiprocessingPool() {
        try (Ktrace ktrace = Ktrace.traceCommand(List.of(python(), Workload.source("python/pool.py").toString()))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode result = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            Set<Integer> workers = result.path("workers").valueStream().map(JsonNode::asInt).collect(Collectors.toSet());
            List<JsonNode> rows = document.waits(result.path("pid").asInt(),
                    wait -> wait.path("kind").asText().equals("pipe") && workers.contains(wait.path("waker").path("pid").asInt()));
            assertTrue(FinalDocument.sum(rows, "totalNs") >= 0.9 * result.path("sleptNs").asLong(),
                    () -> "the parent waits for results by pipe: " + result + "\n" + document.process(result.path("pid").asInt()));
            long sleptNs = workers.stream().mapToLong(pid -> document.process(pid).path("states").path("blockedBy")
                    .path("sleep").asLong()).sum();
            // Their own measure has the time in which they were woken and had no CPU as well.
            long runnableNs = workers.stream().mapToLong(pid -> document.process(pid).path("states").path("runnableNs").asLong())
                    .sum();
            assertTrue(sleptNs <= 1.05 * result.path("sleptNs").asLong()
                    && sleptNs + runnableNs >= 0.95 * result.path("sleptNs").asLong(),
                    () -> "the workers sleep: " + sleptNs + " ns and " + runnableNs + " ns runnable, " + result);
        }
    }

    @Test
    void aShellPipeline() {
        String script = "for i in $(seq 30); do sleep 0.01; echo $i; done | sort -n | wc -l";
        try (Ktrace ktrace = Ktrace.traceCommand(List.of("sh", "-c", script))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            assertEquals("30", ktrace.program().stdout().strip(), "the command's output stays its own");
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            assertWaitsFor(document, "sort", "sh", "pipe", 250_000_000);
            assertWaitsFor(document, "wc", "sort", "pipe", 250_000_000);
            assertWaitsFor(document, "sh", "sleep", "child", 250_000_000);
        }
    }

    /** The clients are not traced, and their requests arrive in a softirq: who sent them is not known then, what was called is. */
    @Test
    void aRedisServerThatIsAttachedTo() {
        needs("redis-server", "redis-benchmark");
        Server redis = new Server(directory, "redis.sh");
        int pid = redis.run("start").path("pid").asInt();
        try (Ktrace ktrace = Ktrace.attach(List.of("-i", "200ms"), pid)) {
            JsonNode load = redis.run("load");
            FinalDocument document = ktrace.interrupt().finalDocument();
            document.assertLaws();
            long reads = document.calls(pid, "read");
            assertTrue(reads >= load.path("requests").asLong(), () -> reads + " reads for " + load);
            List<JsonNode> rows = document.waits(pid, wait -> wait.path("syscall").asText().startsWith("epoll_"));
            assertTrue(FinalDocument.sum(rows, "count") > 0, () -> "it waits for events: " + document.process(pid));
            assertTrue(rows.stream().allMatch(wait -> wait.path("waker").isNull()
                    || wait.path("waker").path("comm").asText().startsWith("redis-benchmar")), rows::toString);
        } finally {
            redis.run("stop");
        }
    }

    @Test
    void aRedisServerAndItsBenchmark() {
        needs("redis-server", "redis-benchmark");
        FinalDocument document = traceServer("redis.sh");
        document.assertLaws();
        assertWaitsFor(document, "redis-server", "redis-benchmark", "tcp", 0);
        assertWaitsFor(document, "redis-benchmark", "redis-server", "tcp", 0);
    }

    @Test
    void anNginxAndItsLoad() {
        needs("nginx", "ab");
        FinalDocument document = traceServer("nginx.sh");
        document.assertLaws();
        assertWaitsFor(document, "nginx", "ab", "tcp", 0);
        assertWaitsFor(document, "ab", "nginx", "tcp", 0);
        assertTrue(document.calls("accept4") >= 4, "the load's connections");
        assertTrue(document.calls("sendfile") >= 5000 || document.calls("writev") >= 5000, "a response for each request");
    }

    @Test
    void aPostgreSqlAndItsLoad() {
        needs("pgbench");
        FinalDocument document = traceServer("postgres.sh");
        document.assertLaws();
        assertWaitsFor(document, "postgres", "pgbench", "tcp", 0);
        assertWaitsFor(document, "pgbench", "postgres", "tcp", 10_000_000);
        assertTrue(document.json().path("processes").valueStream()
                .filter(process -> process.path("comm").asText().equals("postgres"))
                .anyMatch(process -> process.path("states").path("blockedBy").path("disk").asLong() > 0), "its commits");
    }

    /** Some process of the name has waited that long for a process of the other name, and the object confirms it. */
    private static void assertWaitsFor(FinalDocument document, String waiter, String waker, String kind, long atLeastNs) {
        List<JsonNode> rows = document.json().path("processes").valueStream()
                .filter(process -> process.path("comm").asText().equals(waiter))
                .flatMap(process -> process.path("waits").valueStream())
                .filter(wait -> wait.path("kind").asText().equals(kind) && wait.path("evidence").asText().equals("object")
                        && wait.path("waker").path("comm").asText().equals(waker))
                .toList();
        assertTrue(!rows.isEmpty() && FinalDocument.sum(rows, "totalNs") >= atLeastNs, () -> waiter + " waits for " + waker
                + " by " + kind + ": " + rows + "\namong " + document.json().path("processes").valueStream()
                        .filter(process -> process.path("comm").asText().equals(waiter))
                        .map(process -> process.path("waits")).toList());
    }

    /** The whole life of a server under ktrace: start, load, stop. */
    private FinalDocument traceServer(String script) {
        String quoted = "'" + Workload.source("servers/" + script) + "' ";
        String instance = " '" + directory.resolve("instance") + "'";
        List<String> command = List.of("sh", "-c", quoted + "start" + instance + " && " + quoted + "load" + instance
                + "; status=$?; " + quoted + "stop" + instance + "; exit $status");
        try (Ktrace ktrace = Ktrace.traceCommand(command)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            return ktrace.finalDocument();
        }
    }

    private static void needs(String... programs) {
        for (String program : programs) {
            boolean found = Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                    .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
            assumeTrue(found, "needs " + program);
        }
    }

    private static String python() {
        Path debian = Path.of("/usr/bin/python3");
        return Files.isExecutable(debian) ? debian.toString() : "python3";
    }
}
