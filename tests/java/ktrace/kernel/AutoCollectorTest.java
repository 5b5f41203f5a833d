package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which collector is taken if none is asked for. */
@RealKernel
@Timeout(300)
class AutoCollectorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PERF = "tracing with perf, which slows system calls down more, because bpf is closed: ";

    @TempDir
    private Path directory;

    @BeforeEach
    void needsTypes() {
        assumeTrue(Files.isReadable(HiddenTypes.OWN), "needs a kernel with BTF");
    }

    @Test
    void ofACommandItIsBpf() {
        assertTaken(ofTrue(), "bpf", List.of());
    }

    @Test
    void besideOthersWhoMakeTheCallsPerfTakesThem() {
        try (Workload sleeper = Workload.start("getppid", "1", "--wait-go");
                Workload others = Workload.start("getppid", "1000000000", "--threads", "2", "--wait-go")) {
            String sleeping = sleeper.awaitReady().path("waiterPid").asText();
            String calling = others.awaitReady().path("waiterPid").asText();
            others.go();
            assertTaken(withLauncher("-d", "300ms", "-p", sleeping), "perf+bpf",
                    List.of("system calls are taken by perf, as others make "));
            assertTaken(withLauncher("-d", "300ms", "-p", calling), "bpf", List.of());
        }
    }

    @Test
    void ofANormalUserItIsPtrace() {
        try (Nobody nobody = new Nobody()) {
            assertTaken(nobody.ktrace("--", "true"), "ptrace", List.of("tracing with ptrace, which sees no scheduler"));
        }
    }

    /** No more rights are needed than those for programs and for events. */
    @Test
    void ofWhoMayLoadProgramsItIsBpf() {
        try (Nobody nobody = new Nobody()) {
            List<String> words = nobody.ktrace("--", "true");
            String rights = "+bpf,+perfmon";
            words.addAll(1, List.of("--inh-caps=" + rights, "--ambient-caps=" + rights, "--bounding-set=-all," + rights));
            assertTaken(words, "bpf", List.of());
        }
    }

    @Test
    void withoutTypesItIsPerf() {
        assertTaken(HiddenTypes.none(ofTrue()), "perf", List.of(PERF + "the kernel does not tell its types in "));
    }

    /** Of those without which there is no trace, each. */
    @ParameterizedTest
    @ValueSource(strings = {"sys_enter", "sys_exit", "sched_switch", "sched_waking", "sched_wakeup_new", "sched_migrate_task",
        "task_newtask", "task_rename", "sched_process_exec", "sched_process_exit"})
    void withoutAProgramThatIsNeededItIsPerf(String tracepoint) throws IOException {
        assertTaken(HiddenTypes.inPlace(typesWithout(tracepoint), ofTrue()), "perf", List.of(PERF));
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring_create", "io_uring_complete", "io_uring_cqring_wait", "contention_begin",
        "workqueue_queue_work", "workqueue_execute_start", "inet_sock_set_state"})
    void withoutAProgramThatCanBeDoneWithoutItIsBpf(String tracepoint) throws IOException {
        assertTaken(HiddenTypes.inPlace(typesWithout(tracepoint), ofTrue()), "bpf", List.of());
    }

    private Path typesWithout(String tracepoint) throws IOException {
        return HiddenTypes.ofRunningKernel().without("btf_trace_" + tracepoint).writtenTo(directory.resolve("types"));
    }

    private static List<String> ofTrue() {
        return withLauncher("--", "true");
    }

    private static List<String> withLauncher(String... arguments) {
        List<String> words = new ArrayList<>(Ktrace.launcher());
        words.addAll(List.of(arguments));
        return words;
    }

    /** With these notices, and no others. */
    private static void assertTaken(List<String> command, String collector, List<String> notices) {
        try (RunningProgram ktrace = RunningProgram.start(command)) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertTrue((ktrace.stdout() + ktrace.stderr()).contains(" " + collector + " · "), ktrace::describe);
            List<String> told = ktrace.stderr().lines().filter(line -> line.startsWith("ktrace: ")).toList();
            assertEquals(notices.size(), told.size(), ktrace::describe);
            for (int i = 0; i < told.size(); i++) {
                assertTrue(told.get(i).startsWith("ktrace: " + notices.get(i)), ktrace::describe);
            }
        }
    }
}
