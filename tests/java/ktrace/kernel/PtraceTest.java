package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is traced by ptrace does what it does untraced: its output, its exit status, its stops; and it outlives ktrace. */
@RealKernel
class PtraceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {
        "exit 7",
        "kill -9 $$",
        "kill -TERM $$",
        "echo one; ls / | sort | wc -l; exit 3",
        "trap 'echo caught; exit 4' USR1; kill -USR1 $$; sleep 5",
        "(kill -STOP $(sh -c 'echo $PPID')) & sleep 0.3; kill -CONT $!; wait $!; echo $?",
        "sleep 0.05 & kill -STOP $!; sleep 0.2; grep -qi '^State:.T' /proc/$!/status && echo stopped; kill -CONT $!; wait $!; echo $?",
        "i=0; while [ $i -lt 60 ]; do (exit $i) & i=$((i+1)); done; wait; echo done",
        "sleep 5 & p=$!; kill -KILL $p; wait $p; echo $?",
        "python3 -c 'import threading as t; [x.start() for x in [t.Thread(target=int) for i in range(300)]]; print(1)'",
        "set -m; sleep 0.2 & kill -TSTP %1; sleep 0.1; fg >/dev/null; echo $?",
        "bash -c 'exec -a other sh -c \"exec /bin/false\"'; echo $?",
    })
    void aCommandRunsAsItDoesUntraced(String script) {
        try (RunningProgram bare = RunningProgram.start(List.of("bash", "-c", script));
                Ktrace traced = Ktrace.start(List.of("-c", "ptrace", "--", "bash", "-c", script))) {
            assertEquals(bare.exitStatus(PATIENCE), traced.awaitExit(), traced.program().describe());
            assertEquals(bare.stdout(), traced.program().stdout());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"execs thread", "execs chain", "process vfork", "int80", "churn --forks 50 --execs 20 --threads 50"})
    void aWorkloadEndsWell(String words) {
        List<String> parts = List.of(words.split(" "));
        List<String> command = Workload.command(parts.getFirst(), parts.subList(1, parts.size()).toArray(String[]::new));
        List<String> arguments = new ArrayList<>(List.of("-c", "ptrace", "--"));
        arguments.addAll(command);
        try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
            assertEquals(0, ktrace.awaitExit(), ktrace.program().describe());
            assertEquals("ptrace", last(ktrace).path("collector").asText());
            assertEquals(0, last(ktrace).path("lost").asLong());
            assertEquals(0, last(ktrace).path("counters").path("unmatchedExit").asLong());
        }
    }

    @Test
    void everyCallIsCounted() {
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "--", Workload.program("getppid").toString(), "2000",
                "--threads", "20"))) {
            assertEquals(0, ktrace.awaitExit());
            assertEquals(40_000, calls(last(ktrace), "getppid"));
        }
    }

    @Test
    void whoWroteToThePipeEndedTheWait() {
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "--", "bash", "-c",
                "(sleep 0.3; echo hi; sleep 0.1) | (read a; exit 0)"))) {
            assertEquals(0, ktrace.awaitExit());
            JsonNode longest = null;
            for (JsonNode process : last(ktrace).path("processes")) {
                assertEquals(0, process.path("states").path("runnableNs").asLong());
                assertEquals(0, process.path("states").path("runningNs").asLong());
                for (JsonNode wait : process.path("waits")) {
                    if (wait.path("kind").asText().equals("pipe") && wait.path("totalNs").asLong() > 200_000_000
                            && wait.path("evidence").asText().equals("object")) {
                        longest = wait;
                    }
                }
            }
            assertNotEquals(null, longest, "a wait of 0.3 s on a pipe, ended by its writer");
            assertEquals("bash", longest.path("waker").path("comm").asText());
        }
    }

    @Test
    void argumentsAreReadFromTheCaller() {
        try (Ktrace ktrace = Ktrace.start(List.of("log", "-c", "ptrace", "--", "cat", "/etc/hostname"))) {
            assertEquals(0, ktrace.awaitExit());
            assertTrue(ktrace.program().stderr().contains("\"/etc/hostname\", O_RDONLY"), ktrace.program().describe());
        }
    }

    @Test
    void aFilterStopsTheCallsAskedForAndNoOthers() {
        try (Ktrace ktrace = Ktrace.start(List.of("log", "-c", "ptrace", "--seccomp", "-e", "openat", "--", "bash", "-c",
                "cat /etc/hostname | wc -l; exit 3"))) {
            assertEquals(3, ktrace.awaitExit(), ktrace.program().describe());
            String log = ktrace.program().stderr();
            assertTrue(log.contains("\"/etc/hostname\", O_RDONLY) = "), log);
            assertTrue(log.lines().noneMatch(line -> line.contains("read(") || line.contains("mmap(")), log);
            assertEquals("1", ktrace.program().stdout().strip());
        }
    }

    @Test
    void whatWasAttachedToRunsOnUntracedAndAStoppedProcessStaysStopped() throws IOException {
        try (RunningProgram target = RunningProgram.start(List.of("python3", "-c", COUNTER));
                RunningProgram stopped = RunningProgram.start(List.of("sleep", "1000"))) {
            target.awaitDocument("n", PATIENCE);
            stopped.signal("STOP");
            Ktrace ktrace = Ktrace.attach(List.of("-c", "ptrace"), target.pid(), stopped.pid());
            try (ktrace) {
                assertEquals("t", status(stopped.pid(), "State").substring(0, 1));
                target.signal("STOP");
                RunningProgram.sleep(Duration.ofMillis(300));
                assertEquals("t", status(target.pid(), "State").substring(0, 1), "in a group-stop, by PTRACE_LISTEN");
                int before = target.documents().size();
                target.signal("CONT");
                RunningProgram.sleep(Duration.ofMillis(300));
                assertTrue(target.documents().size() > before, "it goes on after SIGCONT");
                ktrace.interrupt();
            }
            assertEquals("0", status(target.pid(), "TracerPid"));
            assertEquals("0", status(stopped.pid(), "TracerPid"));
            assertEquals("T", status(stopped.pid(), "State").substring(0, 1));
            int before = target.documents().size();
            RunningProgram.sleep(Duration.ofMillis(300));
            assertTrue(target.documents().size() > before);
        }
    }

    @Test
    void whoIsTracedAlreadyIsNamedWithItsTracer() {
        try (RunningProgram target = RunningProgram.start(List.of("sleep", "1000"));
                RunningProgram strace = RunningProgram.start(List.of("strace", "-p", Long.toString(target.pid())))) {
            strace.awaitStderr("attached", PATIENCE);
            try (Ktrace ktrace = Ktrace.start(List.of("-c", "ptrace", "-p", Long.toString(target.pid())))) {
                assertEquals(1, ktrace.awaitExit());
                assertTrue(ktrace.program().stderr().contains("process " + strace.pid() + " (strace) traces it already"),
                        ktrace.program().describe());
            }
        }
    }

    /** Any moment: while it starts, attaches, follows, and while threads stand in every kind of stop. */
    @Test
    void whateverMomentKtraceIsKilledAtItsTargetRunsOn() throws IOException {
        Random random = new Random(4);
        try (RunningProgram target = RunningProgram.start(List.of("python3", "-c", COUNTER))) {
            target.awaitDocument("n", PATIENCE);
            for (int i = 0; i < 100; i++) {
                try (Ktrace ktrace = Ktrace.start(List.of("-c", "ptrace", "-p", Long.toString(target.pid())))) {
                    RunningProgram.sleep(Duration.ofMillis(300 + random.nextInt(700)));
                    ktrace.program().signal("KILL");
                    ktrace.program().exitStatus(PATIENCE);
                }
                int before = target.documents().size();
                long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
                while (target.documents().size() <= before && System.nanoTime() < giveUpNs) {
                    RunningProgram.sleep(Duration.ofMillis(20));
                }
                assertTrue(target.isAlive() && target.documents().size() > before, "it runs on after kill " + i);
                assertEquals("0", status(target.pid(), "TracerPid"));
            }
        }
    }

    @Test
    void aNormalUserTracesOwnProcessesAndIsToldWhyNotOthers() {
        try (Nobody nobody = new Nobody(); RunningProgram roots = RunningProgram.start(List.of("sleep", "1000"))) {
            try (RunningProgram ktrace = RunningProgram.start(nobody.ktrace("--", "sh", "-c", "exit 5"))) {
                assertEquals(5, ktrace.exitStatus(PATIENCE), ktrace.describe());
                assertTrue(ktrace.stderr().contains("tracing with ptrace"), ktrace.describe());
            }
            try (RunningProgram ktrace = RunningProgram.start(nobody.ktrace("-c", "ptrace", "-p", Long.toString(roots.pid())))) {
                assertEquals(1, ktrace.exitStatus(PATIENCE), ktrace.describe());
                assertTrue(ktrace.stderr().contains("it belongs to user 0"), ktrace.describe());
            }
        }
    }

    /** Prints a document with a new number every few milliseconds; three more threads sleep, and children come and go. */
    private static final String COUNTER = """
            import threading, time, subprocess, json
            def idle():
                while True: time.sleep(0.005)
            for i in range(3): threading.Thread(target=idle, daemon=True).start()
            n = 0
            while True:
                n += 1
                if n % 20 == 0: subprocess.run(["true"], check=True)
                print(json.dumps({"n": n}), flush=True)
                time.sleep(0.01)
            """;

    private static JsonNode last(Ktrace ktrace) {
        return ktrace.documents().getLast();
    }

    private static long calls(JsonNode document, String name) {
        long calls = 0;
        for (JsonNode process : document.path("processes")) {
            for (JsonNode row : process.path("syscalls")) {
                calls += row.path("name").asText().equals(name) ? row.path("calls").asLong() : 0;
            }
        }
        return calls;
    }

    private static String status(long pid, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith(field + ":"))
                .findFirst().orElseThrow().substring(field.length() + 1).strip();
    }
}
