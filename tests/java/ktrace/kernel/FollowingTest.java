package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes and threads that are hard to follow: every system call of theirs is counted, under the right number. */
@RealKernel
@ParameterizedClass
@MethodSource("ktrace.kernel.LiveCollectors#names")
class FollowingTest {
    private static final int NOBODY = 65534;

    @Parameter
    private String collector;

    @Test
    void everyCallOfShortLivedProcessesAndThreadsIsSeen() {
        assertChurn(Ktrace.traceCommand(collector, Workload.command("churn", "--reuse", "20")));
    }

    @Test
    void childrenBornAfterAttachAreFollowed() {
        try (Workload workload = Workload.start("churn", "--reuse", "20", "--wait-go");
                Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "--only", "-i", "100ms"),
                        workload.awaitReady().path("waiterPid").asInt())) {
            workload.go();
            JsonNode result = workload.result();
            ktrace.awaitExit();
            assertChurn(result, ktrace.finalDocument());
        }
    }

    @Test
    void noFollowLeavesChildrenOut() {
        try (Workload workload = Workload.start("churn", "--forks", "5", "--execs", "5", "--threads", "10", "--wait-go");
                Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "--no-follow", "--only", "-i", "100ms"),
                        workload.awaitReady().path("waiterPid").asInt())) {
            workload.go();
            JsonNode result = workload.result();
            ktrace.awaitExit();
            FinalDocument document = ktrace.finalDocument();
            assertEquals(1, document.json().path("processes").size(), () -> document.json().toString());
            assertTrue(document.hasProcess(result.path("pid").asInt()));
        }
    }

    @Test
    void aPidThatIsUsedAgainIsAnotherProcess() {
        try (Ktrace ktrace = Ktrace.traceCommand(collector,
                Workload.command("churn", "--forks", "0", "--execs", "0", "--threads", "0", "--reuse", "10"))) {
            int reusedPid = ktrace.program().documents().getLast().path("reusedPid").asInt();
            FinalDocument document = ktrace.finalDocument();
            List<JsonNode> lives = document.json().path("processes").valueStream()
                    .filter(process -> process.path("pid").asInt() == reusedPid).toList();
            assertEquals(10, lives.size(), () -> document.json().toString());
            assertEquals(10, lives.stream().map(process -> process.path("startNs").asLong()).distinct().count());
            for (JsonNode life : lives) {
                assertEquals(1, life.path("waits").valueStream().filter(wait -> wait.path("kind").asText().equals("pipe"))
                        .mapToLong(wait -> wait.path("count").asLong()).sum(), () -> "one pipe each: " + life);
            }
        }
    }

    /** It may end before ktrace has read what its program is called. */
    @ParameterizedTest
    @ValueSource(strings = {"perf", "ptrace"})
    void aCommandThatLeavesAChildBehindIsTracedUntilThatEnds(String collector) {
        for (int round = 0; round < 3; round++) {
            try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", collector, "--", "sh", "-c", "sleep 0.5 & exit 4"))) {
                assertEquals(4, ktrace.program().exitStatus(Duration.ofSeconds(20)));
                assertEquals(1, ktrace.finalDocument().calls("clock_nanosleep"));
            }
        }
    }

    @Test
    void anExecInAThreadThatIsNotTheLeader() {
        assertExec(List.of("thread", "1000"));
    }

    @Test
    void anExecAfterAnExec() {
        assertExec(List.of("chain", "1000"));
    }

    @Test
    void anExecOfASetuidProgram() throws IOException {
        assertHeldBack("4755");
    }

    /** Its caller may run it, but not read it. */
    @Test
    void anExecOfAProgramThatCannotBeRead() throws IOException {
        assertHeldBack("0711");
    }

    /**
     * The kernel takes a task's perf events away at such an exec, without a word. What it does until ktrace is there again is lost.
     * Programs in the kernel know it still.
     */
    private void assertHeldBack(String mode) throws IOException {
        Path program = Files.createTempFile(Path.of("/var/tmp"), "ktrace-exec", "");
        try {
            Files.copy(Workload.program("execs"), program, StandardCopyOption.REPLACE_EXISTING);
            int status = RunningProgram.start(List.of("chmod", mode, program.toString())).exitStatus(Duration.ofSeconds(5));
            assertEquals(0, status);
            List<String> command = Workload.command("execs", "setuid", Integer.toString(NOBODY), program.toString(), "200000");
            try (Ktrace ktrace = Ktrace.traceCommand(collector, command)) {
                JsonNode result = ktrace.program().documents().getLast();
                assertEquals(mode.startsWith("4") ? 0 : NOBODY, result.path("euid").asInt(), result::toString);
                FinalDocument document = ktrace.finalDocument();
                long before = result.path("callsBefore").asLong();
                long after = result.path("callsAfter").asLong();
                long seen = document.calls(result.path("pid").asInt(), "getppid");
                if (collector.equals("bpf")) {
                    assertEquals(before + after, seen);
                    return;
                }
                assertTrue(seen > before + after / 2 && seen <= before + after, () -> seen + " of " + result + " " + document.json().path("counters"));
                assertEquals(1, document.json().path("counters").path("setuidExec").asInt(), document.json().path("counters")::toString);
            }
        } finally {
            Files.delete(program);
        }
    }

    @Test
    void namesFullOfEscapesNeitherBreakTheJsonNorReachTheTerminal() {
        try (Ktrace ktrace = Ktrace.traceCommand(collector, Workload.command("evilcomm"))) {
            assertEquals(0, ktrace.awaitExit());
            JsonNode result = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            for (JsonNode name : result.path("names")) {
                byte[] comm = HexFormat.of().parseHex(name.path("commHex").asText());
                String expected = new String(comm, java.nio.charset.StandardCharsets.UTF_8);
                String seen = document.process(name.path("pid").asInt()).path("comm").asText();
                if (!expected.contains("\uFFFD")) {
                    assertEquals(expected, seen, "JSON carries the name itself");
                }
            }
        }
        try (Ktrace ktrace = Ktrace.start(concat(List.of("-c", collector, "--"), Workload.command("evilcomm")))) {
            assertEquals(0, ktrace.awaitExit());
            String text = ktrace.program().stderr();
            assertTrue(text.contains("evilcomm"), text);
            assertTrue(text.chars().allMatch(c -> c == '\n' || c == '\t' || c >= 0x20 && (c < 0x7f || c >= 0xa0) && c != 0x202e),
                    () -> "control characters in the text: " + text);
        }
    }

    @Test
    void systemCallsOfThe32BitTableDoNotDisturb() {
        try (Ktrace ktrace = Ktrace.traceCommand(collector, Workload.command("int80", "50"))) {
            assertEquals(0, ktrace.awaitExit());
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            // Whose numbers those are only programs in the kernel are told: 20 is that of writev for others.
            assertEquals(collector.equals("bpf") ? 101 : 51, document.calls("getpid"));
            assertEquals(collector.equals("bpf") ? 0 : 50, document.calls("writev"));
        }
    }

    private static void assertChurn(Ktrace ktrace) {
        try (ktrace) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            assertChurn(ktrace.program().documents().getLast(), ktrace.finalDocument());
        }
    }

    private static void assertChurn(JsonNode result, FinalDocument document) {
        document.assertLaws();
        assertEquals(result.path("calls").asLong(), document.calls("getppid"), "getppid calls of all processes and threads");
        int pid = result.path("pid").asInt();
        assertEquals(10 * result.path("threads").asLong(), document.calls(pid, "getppid"), "of the parent's threads");
        long children = result.path("forks").asLong() + result.path("execs").asLong() + result.path("reuse").asLong();
        assertEquals(children + 1, document.json().path("processes").size(), "processes");
        assertEquals(result.path("threads").asLong() + 1, document.process(pid).path("threads").size(), "threads");
    }

    private void assertExec(List<String> arguments) {
        try (Ktrace ktrace = Ktrace.traceCommand(collector, Workload.command("execs", arguments.toArray(String[]::new)))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode result = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            assertEquals(result.path("callsBefore").asLong() + result.path("callsAfter").asLong(),
                    document.calls(result.path("pid").asInt(), "getppid"));
            assertEquals(1, document.json().path("processes").size(), () -> "one process: " + document.json());
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }
}
