package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom ptrace reaches and whom it does not: children, other tracers, threads that come, go and outlive their leader. */
@RealKernel
class PtraceScopeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {
        "grep TracerPid: /proc/self/status; exit 3",
        "(grep TracerPid: /proc/self/status); exit 3",
        "python3 -c 'import subprocess; subprocess.run([\"grep\", \"TracerPid:\", \"/proc/self/status\"], check=True)'; exit 3",
        "python3 -c 'import os; os.posix_spawnp(\"grep\", [\"grep\", \"TracerPid:\", \"/proc/self/status\"], os.environ); os.wait()'; exit 3",
    })
    void childrenRunUntracedWhenTheyAreNotToBeFollowed(String script) {
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "--no-follow", "--", "sh", "-c", script))) {
            assertEquals(3, ktrace.awaitExit(), () -> ktrace.program().describe());
            assertEquals("TracerPid:\t0", ktrace.program().stdout());
            assertEquals(1, ktrace.finalDocument().json().path("processes").size());
        }
    }

    @Test
    void threadsAreFollowedAllTheSame() {
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "--no-follow", "--", Workload.program("getppid").toString(),
                "100", "--threads", "20"))) {
            assertEquals(0, ktrace.awaitExit());
            assertEquals(2000, ktrace.finalDocument().calls("getppid"));
        }
    }

    @TempDir
    Path directory;

    @Test
    void aTracerAmongTheTracedIsToldNoAsByStrace() {
        List<String> inner = List.of("strace", "-o", "/dev/null", "true");
        List<String> outer = new ArrayList<>(List.of("strace", "-f", "-o", "/dev/null"));
        outer.addAll(inner);
        List<String> ours = new ArrayList<>(List.of("-c", "ptrace", "--json=" + directory.resolve("summary"), "--"));
        ours.addAll(inner);
        try (RunningProgram strace = RunningProgram.start(outer); Ktrace ktrace = Ktrace.start(ours)) {
            assertEquals(strace.exitStatus(PATIENCE), ktrace.awaitExit());
            assertTrue(strace.stderr().contains("PTRACE_TRACEME"), strace::describe);
            assertTrue(ktrace.program().stderr().contains("PTRACE_TRACEME"), () -> ktrace.program().describe());
        }
    }

    @Test
    void theLastThreadOfAProcessWhoseLeaderHasEndedIsTracedToItsEnd() {
        List<String> arguments = new ArrayList<>(List.of("-c", "ptrace", "--"));
        arguments.addAll(Workload.command("leaderless"));
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(5, ktrace.awaitExit());
            assertTrue(ktrace.finalDocument().calls("getppid") > 300, () -> ktrace.program().describe());
        }
        try (RunningProgram target = RunningProgram.start(Workload.command("leaderless"))) {
            RunningProgram.sleep(Duration.ofMillis(100));
            try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "-p", Long.toString(target.pid())))) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            }
            assertEquals(5, target.exitStatus(PATIENCE));
        }
    }

    @Test
    void attachingAmidThreadsAndProcessesThatComeAndGoLeavesThemAsTheyWere() throws IOException {
        try (RunningProgram target = RunningProgram.start(List.of("python3", "-c", STORM))) {
            target.awaitDocument("n", PATIENCE);
            for (int i = 0; i < 20; i++) {
                try (Ktrace ktrace = Ktrace.start(List.of("-c", "ptrace", "-d", "50ms", "--json=" + directory.resolve("summary"), "--force",
                        "-p", Long.toString(target.pid())))) {
                    assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                }
                int before = target.documents().size();
                long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
                while (target.documents().size() <= before && System.nanoTime() < giveUpNs) {
                    RunningProgram.sleep(Duration.ofMillis(10));
                }
                assertTrue(target.documents().size() > before, "it goes on after tracer " + i);
                for (Path thread : Files.list(Path.of("/proc/" + target.pid() + "/task")).toList()) {
                    Path status = thread.resolve("status");
                    assertFalse(Files.exists(status) && tracer(status) != 0, "somebody is traced still");
                }
            }
            assertEquals(0, target.documents().getLast().path("failed").asInt());
        }
    }

    /** Threads and processes, vfork's among them, all the time; says how many did not do what they should. */
    private static final String STORM = """
            import threading, subprocess, json
            n = failed = 0
            def work():
                global failed
                if subprocess.run(["sh", "-c", "exit 7"]).returncode != 7: failed += 1
            while True:
                threads = [threading.Thread(target=work if i < 2 else int) for i in range(20)]
                for t in threads: t.start()
                for t in threads: t.join()
                n += 1
                print(json.dumps({"n": n, "failed": failed}), flush=True)
            """;

    private static int tracer(Path status) {
        try {
            return Files.readAllLines(status).stream().filter(line -> line.startsWith("TracerPid:"))
                    .mapToInt(line -> Integer.parseInt(line.substring("TracerPid:".length()).strip())).findFirst().orElse(0);
        } catch (IOException ended) {
            return 0;
        }
    }

    @Test
    void twoHundredThreadsAreCountedWhileTheyRun() {
        try (RunningProgram target = RunningProgram.start(List.of(Workload.program("getppid").toString(), "3000", "--threads", "200",
                "--rate", "300"))) {
            RunningProgram.sleep(Duration.ofMillis(500));
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", "ptrace", "-d", "2s"), target.pid())) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                FinalDocument document = ktrace.finalDocument();
                assertEquals(200, document.process((int) target.pid()).path("threads").size());
                assertTrue(document.calls("getppid") > 10_000, () -> "calls in two seconds: " + document.calls("getppid"));
                assertEquals(0, document.json().path("counters").path("unmatchedExit").asLong());
            }
            assertEquals(0, target.exitStatus(PATIENCE), "all of them run on to their end");
            assertEquals(600_000, target.awaitDocument("calls", PATIENCE).path("calls").asInt());
        }
    }
}
