package ktrace.ptrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.linux.Processes;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why the kernel refuses, in one line, from a /proc made up for the test: few machines have Yama's settings. */
class RefusalTest {
    private static final int TGID = 4711;
    private static final int TRACER_THREAD = 4801;
    private static final int TRACER = 4800;

    @TempDir
    private Path proc;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 | kernel.yama.ptrace_scope is 1 | start it with ktrace -- COMMAND",
        "2 | kernel.yama.ptrace_scope is 2 | only who has CAP_SYS_PTRACE",
        "3 | kernel.yama.ptrace_scope is 3 | nobody may trace until the next boot",
    })
    void yamaIsNamedWithWhatWouldHelp(String scope, String why, String help) throws IOException {
        process(TGID, TGID, "sleep", 0, Processes.geteuid());
        Files.writeString(Files.createDirectories(proc.resolve("sys/kernel/yama")).resolve("ptrace_scope"), scope + "\n");
        String message = refusal(Uapi.EPERM());
        assertTrue(message.contains(why) && message.contains(help), message);
    }

    @Test
    void yamaThatForbidsNothingIsNotNamed() throws IOException {
        process(TGID, TGID, "sleep", 0, Processes.geteuid());
        Files.writeString(Files.createDirectories(proc.resolve("sys/kernel/yama")).resolve("ptrace_scope"), "0\n");
        assertFalse(refusal(Uapi.EPERM()).contains("yama"));
    }

    @Test
    void aTracerIsNamedByItsProcess() throws IOException {
        process(TGID, TGID, "sleep", TRACER_THREAD, Processes.geteuid());
        process(TRACER_THREAD, TRACER, "worker", 0, 0);
        process(TRACER, TRACER, "gdb", 0, 0);
        String message = refusal(Uapi.EPERM());
        assertTrue(message.contains("process " + TRACER + " (gdb) traces it already"), message);
    }

    @Test
    void whoHasEndedIsNoMatterOfRights() {
        assertTrue(refusal(Uapi.ESRCH()).contains("it ended while ktrace attached"));
    }

    private String refusal(int errno) {
        String message = Refusal.of(TGID, errno, new ProcFacts(proc.toString())).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private void process(int tid, int tgid, String name, int tracer, int uid) throws IOException {
        Files.writeString(Files.createDirectories(proc.resolve(Integer.toString(tid))).resolve("status"),
                "Name:\t%s\nTgid:\t%d\nTracerPid:\t%d\nUid:\t%d\t%d\t%d\t%d\n".formatted(name, tgid, tracer, uid, uid, uid, uid));
    }
}
