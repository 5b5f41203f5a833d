package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of a client alone it was asked why it is slow; its server measures itself what it does meanwhile, and that is what is told. The
 * trace ends with the client, though the server runs on.
 */
@RealKernel
class WiderViewTest {
    private static final Set<String> WORKS = Set.of("computes", "queue");
    private static final Set<String> SLEEPS = Set.of("sleeps");

    @TempDir
    private Path directory;

    static Stream<String> collectors() {
        return LiveCollectors.names();
    }

    /** What the workload measured, and what was told of its client. */
    private record Run(JsonNode measured, FinalDocument told) {
        /** Of the client's waiting, what ended on this part of the workload, for these reasons. */
        long ns(String part, Set<String> causes) {
            int pid = measured.path(part).asInt();
            return shares().filter(share -> share.path("pid").asInt() == pid && causes.contains(share.path("cause").asText()))
                    .mapToLong(share -> share.path("ns").asLong()).sum();
        }

        private Stream<JsonNode> shares() {
            JsonNode why = told.json().path("verdict").path("why");
            assertEquals(1, why.size(), () -> "why whom it was asked for took so long, and nobody else: " + why.toPrettyString());
            assertEquals(measured.path("client").asInt(), why.path(0).path("pid").asInt());
            return why.path(0).path("shares").valueStream();
        }

        String describe() {
            return measured + "\n" + told.json().path("verdict").toPrettyString() + told.json().path("counters");
        }
    }

    private Run run(String mode, String... options) {
        // The last of a chain comes into view when those before it have: that is to be a small part of the time.
        try (Workload asked = Workload.start("asked", mode, mode.equals("chain") ? "150" : "60")) {
            JsonNode ready = asked.awaitReady();
            try (Ktrace ktrace = Ktrace.attach(List.of(options), ready.path("client").asLong())) {
                asked.go();
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                JsonNode measured = asked.program().awaitDocument("workload", Duration.ofSeconds(10));
                assertTrue(ProcessHandle.of(ready.path("server").asLong()).isPresent(), "the server runs on");
                asked.program().closeStdin();
                assertEquals(0, asked.program().exitStatus(Duration.ofSeconds(10)));
                FinalDocument told = ktrace.finalDocument();
                told.assertLaws();
                assertEquals(0, told.json().path("lost").asLong());
                return new Run(measured, told);
            }
        }
    }

    /** The client is a command, and its server is not. */
    private Run runCommand(String mode, String... options) {
        String socket = directory.resolve("socket").toString();
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--");
        arguments.addAll(Workload.command("asked", "ask", "60", socket));
        try (Workload asked = Workload.start("asked", mode, "60", socket)) {
            asked.awaitReady();
            try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                ObjectNode measured = (ObjectNode) ktrace.program().documents().getLast();
                assertTrue(asked.program().isAlive(), "the server runs on");
                asked.program().closeStdin();
                asked.result().properties().forEach(told -> measured.set(told.getKey(), told.getValue()));
                FinalDocument told = ktrace.finalDocument();
                told.assertLaws();
                return new Run(measured, told);
            }
        }
    }

    private static void assertWatched(Run run, String part) {
        JsonNode process = run.told.process(run.measured.path(part).asInt());
        assertEquals("states", process.path("watched").asText(), process::toPrettyString);
        assertEquals(0, process.path("syscalls").size(), process::toPrettyString);
    }

    /** As the server has measured itself. */
    private static void assertWorkedAndSlept(Run run) {
        assertWatched(run, "server");
        long workedNs = run.ns("server", WORKS);
        long sleptNs = run.ns("server", SLEEPS);
        long measuredNs = run.measured.path("computedNs").asLong() + run.measured.path("sleptNs").asLong();
        assertTrue(workedNs + sleptNs > 0.6 * run.measured.path("waitedNs").asLong(), run::describe);
        assertEquals((double) run.measured.path("sleptNs").asLong() / measuredNs, (double) sleptNs / (sleptNs + workedNs), 0.15,
                run::describe);
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void itSaysWhatTheServerDidMeanwhile(String collector) {
        Run run = run("both", "-c", collector);
        assertWorkedAndSlept(run);
        assertFalse(run.told.process(run.measured.path("client").asInt()).has("watched"));
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void itSaysThatTheServerSlept(String collector) {
        Run run = run("sleeps", "-c", collector);
        assertTrue(run.ns("server", SLEEPS) > 0.6 * run.measured.path("sleptNs").asLong(), run::describe);
        JsonNode bottleneck = run.told.json().path("verdict").path("bottleneck");
        assertEquals(run.measured.path("server").asInt(), bottleneck.path("pid").asInt(), run::describe);
        assertEquals("sleeps", bottleneck.path("cause").asText(), run::describe);
    }

    /** Who is waited for by one that is waited for. */
    @ParameterizedTest
    @MethodSource("collectors")
    void itGoesOnBehindTheServer(String collector) {
        Run run = run("chain", "-c", collector);
        assertWatched(run, "server");
        assertWatched(run, "back");
        assertTrue(run.ns("back", Set.of("sleeps", "idle")) > 0.5 * run.measured.path("sleptNs").asLong(), run::describe);
    }

    /** Its server was there before, and runs on: the trace ends with the command all the same. */
    @ParameterizedTest
    @MethodSource("collectors")
    void itSaysWhatTheServerOfACommandDidMeanwhile(String collector) {
        Run run = runCommand("both", "-c", collector);
        assertWorkedAndSlept(run);
        JsonNode bottleneck = run.told.json().path("verdict").path("bottleneck");
        assertEquals(run.measured.path("server").asInt(), bottleneck.path("pid").asInt(), run::describe);
    }

    /** Nobody has ended a wait of any of them, and it is known all the same who waits for whom. */
    @ParameterizedTest
    @MethodSource("collectors")
    void aChainOfWhichNobodyGoesOnIsToldWhileItLasts(String collector) {
        String socket = directory.resolve("socket").toString();
        List<String> arguments = new ArrayList<>(List.of("-c", collector, "-i", "200ms", "--"));
        arguments.addAll(Workload.command("asked", "ask", "1", socket));
        try (Workload asked = Workload.start("asked", "hangs", "1", socket)) {
            JsonNode ready = asked.awaitReady();
            int back = ready.path("back").asInt();
            try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
                awaitProcess(ktrace, back);
                // What is not known at once is asked again after twice as long.
                RunningProgram.sleep(Duration.ofSeconds(6));
                FinalDocument told = ktrace.interrupt().finalDocument();
                told.assertLaws();
                JsonNode verdict = told.json().path("verdict");
                JsonNode stuck = verdict.path("stuck").path(0);
                assertEquals("states", told.process(back).path("watched").asText());
                assertEquals(ready.path("server").asInt(), stuck.path("pids").path(1).asInt(), verdict::toPrettyString);
                assertEquals(back, stuck.path("end").path("pid").asInt(), verdict::toPrettyString);
                assertEquals("sleeps", stuck.path("end").path("does").asText(), verdict::toPrettyString);
                assertTrue(stuck.path("sentence").asText().endsWith(" \u2190 back(" + back + "), which sleeps"), verdict::toPrettyString);
            }
        }
    }

    private static void awaitProcess(Ktrace ktrace, int pid) {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (ktrace.documents().stream().noneMatch(document -> new FinalDocument(document).hasProcess(pid))) {
            assertTrue(System.nanoTime() < deadlineNs, () -> "it never came into view: " + ktrace.documents().getLast());
            RunningProgram.sleep(Duration.ofMillis(50));
        }
    }

    @Test
    void ofACommandTooOnlyItIsSeenIfThatIsWanted() {
        Run run = runCommand("sleeps", "--only", "-c", "perf");
        assertEquals(1, run.told.json().path("processes").size(), run::describe);
    }

    @Test
    void onlyWhoWasAskedForIsSeenIfThatIsWanted() {
        Run run = run("both", "--only", "-c", "perf");
        assertEquals(1, run.told.json().path("processes").size(), run::describe);
        assertTrue(run.ns("server", Set.of("outside")) > 0.9 * run.measured.path("waitedNs").asLong(), run::describe);
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void aReportSaysWhatWasSeenLive(String collector) throws IOException {
        Path trace = directory.resolve("trace-" + collector);
        Path json = directory.resolve("report-" + collector);
        assertReported(trace, json, run("both", "-c", collector, "-o", trace.toString()));
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void aReportSaysOfACommandWhatWasSeenLive(String collector) throws IOException {
        Path trace = directory.resolve("trace-" + collector);
        Path json = directory.resolve("report-" + collector);
        assertReported(trace, json, runCommand("both", "-c", collector, "-o", trace.toString()));
    }

    private static void assertReported(Path trace, Path json, Run run) throws IOException {
        JsonNode live = run.told.json();
        assertWatched(run, "server");
        try (Ktrace report = Ktrace.start(List.of("report", trace.toString(), "--json=" + json))) {
            assertEquals(0, report.awaitExit(), () -> report.program().describe());
        }
        JsonNode reported = RunningProgram.parse(Files.readAllLines(json)).getLast();
        ((ObjectNode) live).remove("self");
        ((ObjectNode) reported).remove("self");
        assertEquals(live.toPrettyString(), reported.toPrettyString());
    }
}
