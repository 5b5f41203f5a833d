package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that people run, slow for a known reason: it is the one that ktrace names, of all who wait for one another. */
@RealKernel
class BottleneckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Who computes may have no CPU for most of the time, where others compute too. */
    private static final String COMPUTES = "computes queue";

    @TempDir
    Path directory;

    /** The servers run as users of their own, who must be able to get there. */
    @BeforeEach
    void openTheDirectory() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** For so long that what ktrace takes of the CPUs as it starts is not most of what is taken of the stage's. */
    @Test
    void aStageThatHasNoCpu() {
        try (Ktrace ktrace = Ktrace.traceCommand(Workload.command("starved", "200"))) {
            JsonNode parts = ktrace.program().documents().getLast();
            JsonNode bottleneck = bottleneck(ktrace.finalDocument());
            assertBlames(bottleneck, parts.path("stage1").asInt(), "queue", 0.5);
            JsonNode own = ktrace.finalDocument().json().path("verdict").path("why").valueStream()
                    .filter(why -> why.path("pid").asInt() == bottleneck.path("pid").asInt()).findFirst().orElseThrow();
            JsonNode queue = own.path("shares").valueStream().filter(share -> share.path("cause").asText().equals("queue")).findFirst()
                    .orElseThrow();
            assertEquals(parts.path("hog").asInt(), queue.path("runner").path("pid").asInt(), own::toPrettyString);
        }
    }

    @Test
    void aStepOfABuild() {
        try (Ktrace ktrace = Ktrace.traceCommand(List.of("make", "-s", "-j2", "-C", Workload.source("make").toString()))) {
            int step = ktrace.program().documents().getLast().path("step").asInt();
            assertBlames(bottleneck(ktrace.finalDocument()), step, COMPUTES, 0.5);
        }
    }

    @ParameterizedTest
    @CsvSource({"sleep, sleeps", "script, " + COMPUTES})
    void aRedisThatIsAtOneCommandWhileOthersWait(String action, String causes) {
        Server redis = new Server(directory, "redis.sh");
        JsonNode started = redis.run("start");
        whileItDoes(redis, action, List.of(started.path("pid").asLong()),
                document -> assertBlames(bottleneck(document), started.path("pid").asInt(), causes, 0.5));
    }

    @ParameterizedTest
    @CsvSource({"sleep, sleeps", "compute, " + COMPUTES})
    void aServerBehindAnNginx(String action, String causes) {
        Server nginx = new Server(directory, "nginx.sh");
        JsonNode started = nginx.run("start");
        whileItDoes(nginx, action, List.of(started.path("pid").asLong(), started.path("upstream").asLong()),
                document -> assertBlames(bottleneck(document), started.path("upstream").asInt(), causes, 0.5));
    }

    /** Which of those that change the row has it changes all the time: each is waited for as long as the next. */
    @Test
    void aRowThatAllWant() {
        Server postgres = new Server(directory, "postgres.sh");
        JsonNode started = postgres.run("start");
        whileItDoes(postgres, "hotrow", List.of(started.path("pid").asLong()), document -> {
            JsonNode bottleneck = bottleneck(document);
            assertEquals("postgres", bottleneck.path("comm").asText(), bottleneck::toPrettyString);
            assertBlames(bottleneck, bottleneck.path("pid").asInt(), COMPUTES, 0.2);
            JsonNode blockedBy = document.process(bottleneck.path("pid").asInt()).path("states").path("blockedBy");
            assertTrue(blockedBy.path("ipc").asLong() > 2 * blockedBy.path("idle").asLong(),
                    () -> "it waits for the row, and not for work: " + blockedBy);
        });
    }

    @Test
    void aSessionThatKeepsARowWhileItsClientSleeps() {
        Server postgres = new Server(directory, "postgres.sh");
        JsonNode started = postgres.run("start");
        whileItDoes(postgres, "session", List.of(started.path("pid").asLong()), document -> {
            JsonNode bottleneck = bottleneck(document);
            assertBlames(bottleneck, bottleneck.path("pid").asInt(), "sleeps", 0.5);
            JsonNode states = document.process(bottleneck.path("pid").asInt()).path("states");
            assertEquals("pgbench", bottleneck.path("comm").asText(), bottleneck::toPrettyString);
            assertTrue(states.path("blockedBy").path("sleep").asLong() > 1_000_000_000,
                    () -> "it is the one whose script sleeps: " + states);
            long forItNs = document.json().path("verdict").path("why").valueStream()
                    .filter(why -> why.path("comm").asText().equals("postgres")).flatMap(why -> why.path("shares").valueStream())
                    .filter(share -> share.path("pid").asInt() == bottleneck.path("pid").asInt()
                            && share.path("cause").asText().equals("sleeps"))
                    .mapToLong(share -> share.path("ns").asLong()).sum();
            assertTrue(forItNs > 1_000_000_000, () -> "sessions that want the row wait for that client: " + forItNs);
        });
    }

    /** By the pipes alone it is known when an answer is awaited, and when there is nothing to do. */
    @Test
    void aCoprocessThatSleepsWhileItIsAskedAndIsIdleWhileItIsNot() {
        try (Ktrace ktrace = Ktrace.traceCommand(List.of("/usr/bin/python3", Workload.source("python/coprocess.py").toString()))) {
            JsonNode measured = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            assertBlames(bottleneck(document), measured.path("coprocess").asInt(), "sleeps", 0.5);
            JsonNode asking = document.process(measured.path("pid").asInt()).path("states").path("blockedBy");
            assertTrue(asking.path("ipc").asLong() > 0.9 * measured.path("sleptNs").asLong(), () -> asking + " " + measured);
            assertTrue(asking.path("idle").asLong() < 0.1 * measured.path("sleptNs").asLong(), () -> asking + " " + measured);
            JsonNode asked = document.process(measured.path("coprocess").asInt()).path("states").path("blockedBy");
            assertTrue(asked.path("idle").asLong() > 0.9 * measured.path("pausedNs").asLong(), () -> asked + " " + measured);
        }
    }

    @Test
    void nobodyOfAPoolThatIsNotAsked() {
        List<String> command = List.of("/usr/bin/python3", Workload.source("python/pool.py").toString(), "--workers", "4", "--idle");
        Server redis = new Server(directory, "redis.sh");
        long redisPid = redis.run("start").path("pid").asLong();
        try (RunningProgram pool = RunningProgram.start(command)) {
            long pid = pool.awaitDocument("ready", PATIENCE).path("pid").asLong();
            try (Ktrace ktrace = Ktrace.attach(List.of("--tree", "-d", "3s", "-i", "200ms"), pid, redisPid)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                JsonNode document = ktrace.finalDocument().json();
                JsonNode verdict = document.path("verdict");
                assertTrue(verdict.path("bottleneck").isNull(), verdict::toPrettyString);
                JsonNode states = ktrace.finalDocument().process((int) redisPid).path("states");
                assertTrue(states.path("blockedBy").path("idle").asLong() > 0.9 * states.path("blockedNs").asLong(),
                        states::toPrettyString);
            }
        } finally {
            redis.run("stop");
        }
    }

    /**
     * Traces a server and all that is at work for it while one of the things is done that its script knows of, and stops it.
     *
     * @param server that has been started
     * @param pids its processes; their children are traced as well
     */
    private static void whileItDoes(Server server, String action, List<Long> pids, Consumer<FinalDocument> test) {
        try (RunningProgram client = server.prepare(action)) {
            client.awaitDocument("ready", PATIENCE);
            long[] all = LongStream.concat(pids.stream().mapToLong(pid -> pid), LongStream.of(client.pid()))
                    .toArray();
            try (Ktrace ktrace = Ktrace.attach(List.of("--tree", "-i", "200ms"), all)) {
                client.writeLine("go");
                assertEquals(0, client.exitStatus(PATIENCE), client::describe);
                test.accept(ktrace.interrupt().finalDocument());
            }
        } finally {
            server.run("stop");
        }
    }

    private static JsonNode bottleneck(FinalDocument document) {
        JsonNode verdict = document.json().path("verdict");
        assertTrue(verdict.path("bottleneck").isObject(), verdict::toPrettyString);
        return verdict.path("bottleneck");
    }

    private static void assertBlames(JsonNode bottleneck, int pid, String causes, double share) {
        assertEquals(pid, bottleneck.path("pid").asInt(), bottleneck::toPrettyString);
        assertTrue(List.of(causes.split(" ")).contains(bottleneck.path("cause").asText()), bottleneck::toPrettyString);
        assertTrue(bottleneck.path("share").asDouble() > share, bottleneck::toPrettyString);
    }
}
