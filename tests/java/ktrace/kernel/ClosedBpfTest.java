package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel that does not let programs be had: one sentence, and the collector that comes next. */
@RealKernel
@Timeout(300)
class ClosedBpfTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NEXT = "ktrace: tracing with perf, which slows system calls down more, because bpf is closed: ";

    @TempDir
    private Path directory;

    @BeforeEach
    void needsTypes() {
        assumeTrue(Files.isReadable(HiddenTypes.OWN), "needs a kernel with BTF");
    }

    /** Insists on programs, and takes perf in their place: the sentence is the same. */
    private void assertClosed(Path types, String why) {
        try (RunningProgram insists = RunningProgram.start(HiddenTypes.inPlace(types, ktrace("bpf")));
                RunningProgram goesOn = RunningProgram.start(HiddenTypes.inPlace(types, ktrace("bpf,perf")))) {
            assertRefused(insists, why);
            assertWentOn(goesOn, NEXT, why);
        }
    }

    private static void assertRefused(RunningProgram ktrace, String why) {
        assertEquals(1, ktrace.exitStatus(PATIENCE), ktrace::describe);
        List<String> lines = ktrace.stderr().lines().toList();
        assertEquals(1, lines.size(), ktrace::describe);
        assertTrue(lines.getFirst().startsWith("ktrace: ") && lines.getFirst().contains(why), ktrace::describe);
    }

    /** One line of notice, and the summary. */
    private static void assertWentOn(RunningProgram ktrace, String notice, String why) {
        assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
        List<String> notices = ktrace.stderr().lines().filter(line -> line.startsWith("ktrace: ")).toList();
        assertEquals(1, notices.size(), ktrace::describe);
        assertTrue(notices.getFirst().startsWith(notice) && notices.getFirst().contains(why), ktrace::describe);
        assertTrue(ktrace.stderr().contains("SYSTEM CALL"), ktrace::describe);
    }

    private static List<String> ktrace(String collectors) {
        List<String> words = new ArrayList<>(Ktrace.launcher());
        Collections.addAll(words, "-c", collectors, "--", "true");
        return words;
    }

    @Test
    void withoutTypes() {
        try (RunningProgram insists = RunningProgram.start(HiddenTypes.none(ktrace("bpf")));
                RunningProgram goesOn = RunningProgram.start(HiddenTypes.none(ktrace("bpf,perf")))) {
            assertRefused(insists, "CONFIG_DEBUG_INFO_BTF");
            assertWentOn(goesOn, NEXT, "CONFIG_DEBUG_INFO_BTF");
        }
    }

    @Test
    void withTypesThatAreCutOff() throws IOException {
        byte[] all = Files.readAllBytes(HiddenTypes.OWN);
        assertClosed(Files.write(directory.resolve("half"), java.util.Arrays.copyOf(all, all.length / 2)), "cut off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"btf_trace_sys_enter", "btf_trace_sys_exit", "btf_trace_sched_switch", "btf_trace_sched_waking",
        "btf_trace_sched_process_exec", "bpf_iter_task", "exit_state", "linux_binprm"})
    void withoutAType(String name) throws IOException {
        assertClosed(HiddenTypes.ofRunningKernel().without(name).writtenTo(directory.resolve("types")), name);
    }

    /** What not every kernel has is left out without a word. */
    @ParameterizedTest
    @ValueSource(strings = {"btf_trace_contention_begin", "btf_trace_io_uring_create", "btf_trace_inet_sock_set_state"})
    void withoutATracepointThatNotAllHave(String name) throws IOException {
        Path types = HiddenTypes.ofRunningKernel().without(name).writtenTo(directory.resolve("types"));
        try (RunningProgram ktrace = RunningProgram.start(HiddenTypes.inPlace(types, ktrace("bpf")))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertTrue(ktrace.stderr().lines().noneMatch(line -> line.startsWith("ktrace: ")), ktrace::describe);
            assertTrue(ktrace.stderr().contains("bpf · ") && ktrace.stderr().contains("SYSTEM CALL"), ktrace::describe);
        }
    }

    @Test
    void withAProgramThatTheVerifierRefuses() throws IOException {
        Path types = HiddenTypes.ofRunningKernel().withFieldBehindItsEnd("task_struct", "exit_state")
                .writtenTo(directory.resolve("types"));
        assertClosed(types, "this kernel refuses the BPF program 'sched_switch': ");
    }

    /** Calls of bpf(2) that ktrace makes at its start fail, one in each run: the first and the last of those that are alike. */
    @Test
    void whateverOfItFails() throws IOException {
        Path log = directory.resolve("log");
        List<String> calls = bpfCalls(log, 0);
        assertTrue(calls.size() > 20, calls::toString);
        for (int i = 0; i < calls.size(); i++) {
            String call = calls.get(i);
            if (i > 0 && i < calls.size() - 1 && calls.get(i - 1).equals(call) && calls.get(i + 1).equals(call)
                    || call.contains("GET_INFO")) {
                continue;
            }
            try (RunningProgram ktrace = RunningProgram.start(traced(log, i + 1, ktrace("bpf,perf")))) {
                assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
                // Two load side by side: what came as number i before need not do so again. Some programs can be done without.
                if (failed(log).equals("BPF_MAP_CREATE") || !ktrace.stderr().contains("bpf · ")) {
                    assertWentOn(ktrace, NEXT, "");
                }
            } catch (AssertionError e) {
                throw new AssertionError(failed(log) + ", number " + (i + 1), e);
            }
        }
    }

    /** What that one asked for that has failed, or an empty text. */
    private static String failed(Path log) throws IOException {
        return Files.readAllLines(log).stream().filter(line -> line.contains("(INJECTED)"))
                .map(line -> line.replaceAll(".*bpf\\((\\w+),.*", "$1")).findFirst().orElse("");
    }

    /** What each asks for. */
    private static List<String> bpfCalls(Path log, int failing) throws IOException {
        try (RunningProgram ktrace = RunningProgram.start(traced(log, failing, ktrace("bpf")))) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
        }
        return Files.readAllLines(log).stream().filter(line -> line.contains("bpf("))
                .map(line -> line.replaceAll(".*bpf\\((\\w+),.*", "$1")).toList();
    }

    private static List<String> traced(Path log, int failing, List<String> command) {
        List<String> words = new ArrayList<>(List.of("strace", "-f", "-o", log.toString(), "-e", "trace=bpf"));
        if (failing > 0) {
            Collections.addAll(words, "-e", "inject=bpf:error=ENOMEM:when=" + failing);
        }
        words.addAll(command);
        return words;
    }

    @Test
    void forANormalUser() {
        try (Nobody nobody = new Nobody();
                RunningProgram insists = RunningProgram.start(nobody.ktrace("-c", "bpf", "--", "true"));
                RunningProgram goesOn = RunningProgram.start(nobody.ktrace("-c", "bpf,ptrace", "--", "true"))) {
            assertRefused(insists, "it needs root, or CAP_BPF and CAP_PERFMON");
            assertWentOn(goesOn, "ktrace: tracing with ptrace, ", "CAP_BPF and CAP_PERFMON");
        }
    }

    /** Also of processes of others, which one may send no signals. */
    @ParameterizedTest
    @CsvSource({"+bpf,false", "+perfmon,false", "'+bpf,+perfmon',true"})
    void withTheseRightsAlone(String rights, boolean suffice) {
        try (Nobody nobody = new Nobody(); Workload target = Workload.start("getppid", "1000", "--wait-go")) {
            String pid = target.awaitReady().path("waiterPid").asText();
            List<String> words = nobody.ktrace("-c", "bpf", "-d", "300ms", "-p", pid);
            words.addAll(1, List.of("--inh-caps=" + rights, "--ambient-caps=" + rights, "--bounding-set=-all," + rights));
            try (RunningProgram ktrace = RunningProgram.start(words)) {
                if (suffice) {
                    assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
                    assertTrue(ktrace.stdout().contains("bpf · "), ktrace::describe);
                } else {
                    assertRefused(ktrace, "it needs root, or CAP_BPF and CAP_PERFMON");
                }
            }
        }
    }
}
