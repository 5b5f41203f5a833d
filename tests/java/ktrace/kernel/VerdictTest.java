package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of which it is known who is to blame. */
@RealKernel
class VerdictTest {
    /** In which the kernel counts how long CPUs idle, for programs to read. */
    private static final long TICK_NS = 10_000_000;

    /** Where several want to compute, it may be that the one to blame has no CPU for most of the time. */
    @ParameterizedTest
    @CsvSource({"stage0, stage0, computes queue", "stage1, stage1, computes queue", "stage2, stage2, computes queue",
        "chain, back, computes queue", "tcp, back, computes queue", "naps, back, sleeps", "lock, holder, sleeps",
        "session, client, sleeps", "straggler, straggler, computes queue"})
    void whoIsToBlameIsNamed(String mode, String part, String causes) {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("slow", mode));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode verdict = ktrace.finalDocument().json().path("verdict");
            JsonNode bottleneck = verdict.path("bottleneck");
            JsonNode parts = ktrace.program().documents().getLast();
            assertEquals(parts.path(part).asInt(), bottleneck.path("pid").asInt(), verdict::toPrettyString);
            assertEquals(part, bottleneck.path("comm").asText());
            assertTrue(List.of(causes.split(" ")).contains(bottleneck.path("cause").asText()), bottleneck::toPrettyString);
            assertTrue(bottleneck.path("share").asDouble() > 0.5, bottleneck::toPrettyString);
            assertExplained(ktrace.finalDocument());
        }
    }

    /**
     * The kernel tells of a quota by no event, and no CPU goes idle beside the thread that it holds back: others want them all.
     */
    @Test
    void theQuotaIsNamedThatHoldsBackWhoIsToBlame(@TempDir Path directory) throws IOException {
        try (QuotaGroup group = QuotaGroup.make(2_000, 100_000)) {
            Path trace = directory.resolve("trace");
            List<String> arguments = new ArrayList<>(List.of("-o", trace.toString(), "--"));
            arguments.addAll(Workload.command("slow", "quota", "10", group.procs().toString()));
            try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                JsonNode document = ktrace.finalDocument().json();
                JsonNode bottleneck = document.path("verdict").path("bottleneck");
                assertEquals("back", bottleneck.path("comm").asText(), bottleneck::toPrettyString);
                assertEquals("throttled", bottleneck.path("cause").asText(), bottleneck::toPrettyString);
                assertEquals(group.name(), bottleneck.path("cgroup").asText(), bottleneck::toPrettyString);
                assertTrue(bottleneck.path("sentence").asText().contains("is throttled by the quota of cgroup " + group.name()),
                        bottleneck::toPrettyString);
                JsonNode states = ktrace.finalDocument().process(bottleneck.path("pid").asInt()).path("states");
                assertTrue(states.path("throttledNs").asLong() > states.path("runnableNs").asLong() / 2, states::toPrettyString);
                assertExplained(ktrace.finalDocument());
                Path json = directory.resolve("report.json");
                try (Ktrace report = Ktrace.start(List.of("report", "--json=" + json, trace.toString()))) {
                    assertEquals(0, report.awaitExit(), () -> report.program().describe());
                    JsonNode later = RunningProgram.parse(Files.readAllLines(json)).getLast();
                    assertEquals(document.path("verdict"), later.path("verdict"));
                    assertEquals(document.path("processes"), later.path("processes"));
                }
            }
        }
    }

    /**
     * It may run where others want to, alone, whether another CPU idles or not: that is as the machine has it, and is measured.
     * Where it idles nearly all the time that is why.
     */
    @Test
    void theCpuIsNamedThatWhoIsToBlameIsBoundTo() {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("slow", "pinned", "60"));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode verdict = ktrace.finalDocument().json().path("verdict");
            JsonNode parts = ktrace.program().documents().getLast();
            String cpu = "CPU " + parts.path("cpu").asInt();
            JsonNode bottleneck = verdict.path("bottleneck");
            assertEquals(parts.path("back").asInt(), bottleneck.path("pid").asInt(), verdict::toPrettyString);
            assertEquals("queue", bottleneck.path("cause").asText(), verdict::toPrettyString);
            List<JsonNode> shares = verdict.path("why").valueStream()
                    .filter(why -> why.path("pid").asInt() == parts.path("back").asInt())
                    .flatMap(why -> why.path("shares").valueStream()).toList();
            List<JsonNode> bound = shares.stream().filter(share -> share.has("affinity")).toList();
            bound.forEach(share -> assertEquals(cpu, share.path("affinity").asText(), share::toString));
            long boundNs = FinalDocument.sum(bound, "ns");
            long idleNs = parts.path("otherIdleNs").asLong();
            assertTrue(boundNs <= idleNs + 2 * TICK_NS, () -> boundNs + " ns " + parts);
            if (idleNs > 0.9 * parts.path("runDelayNs").asLong()) {
                assertEquals(cpu, bottleneck.path("affinity").asText(), verdict::toPrettyString);
                assertTrue(bottleneck.path("sentence").asText().contains("it may run on " + cpu + " alone, and others idle"),
                        bottleneck::toPrettyString);
            }
            assertExplained(ktrace.finalDocument());
        }
    }

    /** Threads of one process for a lock that one of them keeps. */
    @Test
    void theThreadThatKeepsALockIsNamed() {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("slow", "convoy"));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode bottleneck = ktrace.finalDocument().json().path("verdict").path("bottleneck");
            assertEquals("convoy", bottleneck.path("comm").asText(), bottleneck::toPrettyString);
            assertEquals("holder", bottleneck.path("threadComm").asText(), bottleneck::toPrettyString);
            assertEquals("sleeps", bottleneck.path("cause").asText(), bottleneck::toPrettyString);
            assertExplained(ktrace.finalDocument());
        }
    }

    /** Who is asked for little has little to do, and that is nobody's fault. */
    @Test
    void aPoolThatIsNotAskedIsIdle() {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("slow", "pool"));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            JsonNode parts = ktrace.program().documents().getLast();
            for (String hand : List.of("hand0", "straggler", "hand2", "hand3")) {
                JsonNode states = document.process(parts.path(hand).asInt()).path("states");
                long idleNs = states.path("blockedBy").path("idle").asLong();
                assertTrue(idleNs > 0.9 * states.path("blockedNs").asLong(), states::toPrettyString);
            }
            JsonNode boss = document.process(parts.path("boss").asInt()).path("states").path("blockedBy");
            assertTrue(boss.path("idle").asLong() <= boss.path("ipc").asLong(), boss::toPrettyString);
            assertExplained(document);
        }
    }

    /** Where something stands still ktrace is asked when it has done so for long. */
    @ParameterizedTest
    @ValueSource(strings = {"bpf", "perf"})
    void whoWaitedForEachOtherBeforeTheTraceAreFoundToo(String collector) {
        try (RunningProgram slow = RunningProgram.start(Workload.command("slow", "stuckpipes", "60"))) {
            RunningProgram.sleep(Duration.ofMillis(500));
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "--tree", "-d", "3s"), slow.pid())) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                JsonNode document = ktrace.finalDocument().json();
                JsonNode stuck = document.path("verdict").path("stuck");
                assertEquals(1, stuck.size(), document::toPrettyString);
                assertTrue(stuck.get(0).path("sentence").asText().contains("each for another of them"), stuck::toPrettyString);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stuckpipes", "stuckfiles", "stuckofd", "stuckshared", "stuckfutex", "stucksome"})
    void whoWaitForEachOtherAreFoundThoughNobodyWakesThem(String mode) {
        List<String> arguments = new ArrayList<>(List.of("-d", "3s", "--"));
        arguments.addAll(Workload.command("slow", mode));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode document = ktrace.finalDocument().json();
            Set<Integer> parties = document.path("processes").valueStream()
                    .filter(process -> List.of("one", "other").contains(process.path("comm").asText()))
                    .map(process -> process.path("pid").asInt()).collect(Collectors.toSet());
            JsonNode stuck = document.path("verdict").path("stuck");
            assertEquals(1, stuck.size(), document.path("verdict")::toPrettyString);
            Set<Integer> pids = stuck.get(0).path("pids").valueStream().map(JsonNode::asInt).collect(Collectors.toSet());
            boolean isOfThreads = mode.equals("stuckfutex") || mode.equals("stucksome");
            assertEquals(isOfThreads ? 1 : 2, parties.size());
            assertEquals(parties, pids, stuck::toPrettyString);
            assertTrue(stuck.get(0).path("sentence").asText().contains("each for another of them"), stuck::toPrettyString);
            // Who holds a pipe's other end is known by nothing but that it is open there.
            assertEquals(!mode.equals("stuckpipes"), stuck.get(0).path("deadlock").asBoolean(), stuck::toPrettyString);
            if (stuck.get(0).path("deadlock").asBoolean()) {
                JsonNode waits = stuck.get(0).path("waits");
                assertEquals(2, waits.size(), stuck::toPrettyString);
                assertEquals(waits.get(1).path("tid"), waits.get(0).path("heldBy").path("tid"), stuck::toPrettyString);
                assertEquals(waits.get(0).path("tid"), waits.get(1).path("heldBy").path("tid"), stuck::toPrettyString);
            }
        }
    }

    /** It sleeps for good, and nobody is ever woken by it. */
    @ParameterizedTest
    @ValueSource(strings = {"keptfutex", "keptpi", "keptfile", "keptlease"})
    void whoKeepsOthersWaitingIsNamedThoughItNeverLetsGo(String mode, @TempDir Path directory) throws IOException {
        Path trace = directory.resolve("trace");
        List<String> arguments = new ArrayList<>(List.of("-d", "3s", "-o", trace.toString(), "--"));
        arguments.addAll(Workload.command("slow", mode));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode verdict = ktrace.finalDocument().json().path("verdict");
            boolean isOfThreads = mode.equals("keptfutex") || mode.equals("keptpi");
            JsonNode stuck = verdict.path("stuck");
            assertEquals(1, stuck.size(), verdict::toPrettyString);
            assertEquals(2, stuck.get(0).path("waits").size(), stuck::toPrettyString);
            assertEquals("keeper", stuck.get(0).path("end").path("threadComm").asText(), stuck::toPrettyString);
            assertEquals("sleeps", stuck.get(0).path("end").path("does").asText(), stuck::toPrettyString);
            assertTrue(stuck.get(0).path("sentence").asText().matches(".* held by keeper\\(\\d+\\), which sleeps"), stuck::toPrettyString);
            JsonNode bottleneck = verdict.path("bottleneck");
            assertEquals("keeper", bottleneck.path(isOfThreads ? "threadComm" : "comm").asText(), verdict::toPrettyString);
            assertEquals("sleeps", bottleneck.path("cause").asText(), verdict::toPrettyString);
            assertExplained(ktrace.finalDocument());
            Path json = directory.resolve("report.json");
            try (Ktrace report = Ktrace.start(List.of("report", "--json=" + json, trace.toString()))) {
                assertEquals(0, report.awaitExit(), () -> report.program().describe());
                assertEquals(verdict, RunningProgram.parse(Files.readAllLines(json)).getLast().path("verdict"));
            }
        }
    }

    /** The time of each process is explained once, to the nanosecond. */
    private static void assertExplained(FinalDocument document) {
        Map<Integer, Long> observed = document.json().path("processes").valueStream().collect(Collectors.toMap(
                process -> process.path("pid").asInt(), process -> {
                    JsonNode states = process.path("states");
                    return states.path("runningNs").asLong() + states.path("runnableNs").asLong() + states.path("blockedNs").asLong()
                            + states.path("unknownNs").asLong();
                }));
        Map<Integer, Long> explained = document.json().path("verdict").path("why").valueStream().collect(Collectors.toMap(
                why -> why.path("pid").asInt(), why -> FinalDocument.sum(why.path("shares").valueStream().toList(), "ns")));
        assertEquals(observed, explained);
        document.json().path("processes").forEach(process -> process.path("waits").forEach(wait -> assertEquals(
                wait.path("totalNs").asLong(), FinalDocument.sum(wait.path("because").valueStream().toList(), "ns"), wait::toString)));
    }
}
