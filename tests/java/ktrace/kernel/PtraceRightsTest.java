package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters that have only some calls stop, and what the kernel takes from who is traced without its rights. */
@RealKernel
class PtraceRightsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aSetUserIdProgramTracedByANormalUserRunsWithoutItsPrivilege() throws IOException {
        try (Nobody nobody = new Nobody()) {
            Path id = setUserId(nobody);
            try (RunningProgram bare = RunningProgram.start(nobody.command(id.toString(), "-u"));
                    RunningProgram traced = RunningProgram.start(nobody.ktrace("-c", "ptrace", "--", id.toString(), "-u"));
                    Ktrace roots = Ktrace.start(commandLine(nobody.command(id.toString(), "-u")))) {
                assertEquals(0, bare.exitStatus(PATIENCE), bare::describe);
                assertEquals("0", bare.stdout());
                assertEquals(0, traced.exitStatus(PATIENCE), traced::describe);
                assertEquals("65534", traced.stdout(), "execve(2): set-user-ID is ignored when the process is being ptraced");
                assertEquals(0, roots.awaitExit());
                assertEquals("0", roots.program().stdout(), "traced by root it keeps it");
            }
        }
    }

    private static List<String> commandLine(List<String> command) {
        List<String> line = new ArrayList<>(List.of("-c", "ptrace", "--"));
        line.addAll(command);
        return line;
    }

    private static Path setUserId(Nobody nobody) throws IOException {
        Path id = Files.copy(Path.of("/usr/bin/id"), nobody.home().resolve("id"));
        Files.setPosixFilePermissions(id, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(0, RunningProgram.start(List.of("chmod", "u+s", id.toString())).exitStatus(PATIENCE));
        return id;
    }

    @Test
    void aNormalUserMayFilterToo() {
        try (Nobody nobody = new Nobody(); RunningProgram ktrace = RunningProgram.start(
                nobody.ktrace("log", "--seccomp", "-e", "openat", "--", "sh", "-c", "cat /etc/hostname > /dev/null; exit 3"))) {
            assertEquals(3, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertTrue(ktrace.stderr().contains("\"/etc/hostname\", O_RDONLY) = "), ktrace::describe);
        }
    }

    /** Through forks, vforks, execs, threads, calls that signals interrupt, filters of the program's own, and the other ABI. */
    @ParameterizedTest
    @ValueSource(strings = {
        "i=0; while [ $i -lt 30 ]; do (exit $i) & i=$((i+1)); done; wait; echo done; exit 4",
        "python3 -c 'import threading as t; [x.start() for x in [t.Thread(target=int) for i in range(100)]]; print(1)'; exit 4",
        "exec sh -c 'exec sh -c \"exit 4\"'",
        "trap 'echo caught' USR1; (sleep 0.1; kill -USR1 $$) & sleep 0.3; wait; exit 4",
        "sleep 5 & kill -STOP $!; kill -CONT $!; kill -KILL $!; wait $!; echo $?; exit 4",
    })
    void aCommandWithAFilterRunsAsItDoesWithout(String script) {
        for (String calls : List.of("clock_nanosleep,wait4,clone,clone3,vfork,execve,exit_group", "%file,%desc,%network", "/.*")) {
            try (RunningProgram bare = RunningProgram.start(List.of("bash", "-c", script));
                    Ktrace traced = Ktrace.start(List.of("log", "--seccomp", "-e", calls, "--", "bash", "-c", script))) {
                assertEquals(4, bare.exitStatus(PATIENCE));
                assertEquals(4, traced.awaitExit(), () -> calls + traced.program().describe());
                assertEquals(bare.stdout(), traced.program().stdout());
                assertFalse(traced.program().stderr().contains("ENOSYS"), () -> traced.program().describe());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"int80", "calls32"})
    void callsOfTheOtherAbiAreFilteredByTheirOwnNumbers(String workload) throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(Workload.program(workload)), "needs gcc-multilib");
        Path directory = Files.createTempDirectory("ktrace-filter");
        List<String> arguments = new ArrayList<>(List.of("log", "--seccomp", "-e", "getpid,uname", "--"));
        arguments.addAll(List.of("sh", "-c", "cd " + directory + " && exec " + Workload.program(workload)));
        try (Ktrace ktrace = Ktrace.start(arguments)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            assertTrue(ktrace.program().stderr().contains(" getpid() = "), () -> ktrace.program().describe());
            assertFalse(ktrace.program().stderr().contains(" getppid() = "), () -> ktrace.program().describe());
        } finally {
            Files.delete(directory);
        }
    }

    /** Also when it is the first one after the exec. */
    @ParameterizedTest
    @ValueSource(strings = {"access", "openat", "execve"})
    void theFirstCallHasItsArguments(String call) {
        try (Ktrace ktrace = Ktrace.start(List.of("log", "--seccomp", "-e", call, "--", "cat", "/etc/hostname"))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            String first = calls(ktrace.program().stderr()).getFirst();
            assertTrue(first.matches(".* " + call + "\\((AT_FDCWD.*, )?\"/.+\\).*"), () -> ktrace.program().describe());
        }
    }

    @Test
    void callsThatOthersCarryAreFilteredByTheirNames() {
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(Workload.program("carried32")), "needs gcc-multilib");
        try (Ktrace ktrace = Ktrace.start(List.of("log", "--seccomp", "-e", "connect,msgsnd", "--",
                Workload.program("carried32").toString()))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            String log = ktrace.program().stderr();
            assertTrue(log.contains(" connect(") && log.contains("\"/tmp/nobody-listens-here\""), log);
            assertTrue(log.contains(" msgsnd("), log);
            assertEquals(2, calls(log).size(), log);
        }
    }

    private static List<String> calls(String log) {
        return log.lines().filter(line -> !line.contains(" +++ ")).toList();
    }

    @Test
    void aChildThatIsToBeUntracedKeepsItsCalls() {
        for (String calls : List.of("getppid", "getppid,clone,clone3")) {
            try (Ktrace ktrace = Ktrace.start(List.of("log", "--seccomp", "-e", calls, "--",
                    Workload.program("untraced").toString()))) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                String log = ktrace.program().stderr();
                assertEquals(2, log.lines().filter(line -> line.contains(" getppid() = ")).count(), log);
                assertFalse(log.contains("ENOSYS"), log);
                assertEquals(calls.contains("clone"), log.contains("CLONE_UNTRACED"), log);
            }
        }
    }

    @Test
    void aCommandWithAFilterDiesWithKtrace() {
        try (Ktrace ktrace = Ktrace.start(List.of("log", "--seccomp", "-e", "getppid", "--", "sh", "-c",
                "echo $$; exec " + Workload.program("getppid") + " 100000000"))) {
            long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
            while (ktrace.program().stdout().isEmpty() && System.nanoTime() < giveUpNs) {
                RunningProgram.sleep(Duration.ofMillis(10));
            }
            Path command = Path.of("/proc", ktrace.program().stdout().strip());
            assertTrue(Files.exists(command), () -> ktrace.program().describe());
            ktrace.program().signal("KILL");
            ktrace.program().exitStatus(PATIENCE);
            while (Files.exists(command) && System.nanoTime() < giveUpNs) {
                RunningProgram.sleep(Duration.ofMillis(10));
            }
            assertFalse(Files.exists(command), "its calls would fail with ENOSYS");
        }
    }

    /** What its own filter refuses stays refused, whether ktrace asks for that call or for another one. */
    @ParameterizedTest
    @ValueSource(strings = {"getppid", "openat", "/.*"})
    void aProgramsOwnFilterHoldsBesideTheOneOfKtrace(String calls) {
        List<String> command = List.of("python3", "-c", OWN_FILTER);
        List<String> arguments = new ArrayList<>(List.of("log", "--seccomp", "-e", calls, "--"));
        arguments.addAll(command);
        try (RunningProgram bare = RunningProgram.start(command); Ktrace traced = Ktrace.start(arguments)) {
            assertEquals(0, bare.exitStatus(PATIENCE), bare::describe);
            assertEquals("-1 11 child -1 11", bare.stdout());
            assertEquals(0, traced.awaitExit(), () -> traced.program().describe());
            assertEquals(bare.stdout(), traced.program().stdout());
        }
    }

    /** getppid (110 on x86-64) gives EAGAIN (11), here and in a child. */
    private static final String OWN_FILTER = """
            import ctypes, os, struct
            libc = ctypes.CDLL(None, use_errno=True)
            code = b"".join(struct.pack("HBBI", *i) for i in [(0x20, 0, 0, 0), (0x15, 0, 1, 110), (6, 0, 0, 0x50000 | 11), (6, 0, 0, 0x7fff0000)])
            class Program(ctypes.Structure):
                _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
            program = Program(4, code)
            assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(program)) == 0
            def ask(): return f"{libc.syscall(110)} {ctypes.get_errno()}"
            before = ask()
            if os.fork() == 0:
                print(before, "child", ask(), flush=True)
                os._exit(0)
            os.wait()
            """;
}
