package ktrace.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import ktrace.linux.Processes;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HeldProcessTest {
    @TempDir
    Path directory;

    @Test
    void nothingRunsBeforeTheReleaseAndTheProgramAfterIt() throws Exception {
        Path made = directory.resolve("made");
        try (HeldProcess held = hold("touch", made.toString())) {
            Thread.sleep(100);
            assertFalse(Files.exists(made));
            assertEquals(OptionalInt.empty(), held.exitedWith());
            assertEquals(0, held.release());
            assertEquals(OptionalInt.of(0), ended(held));
            assertTrue(Files.exists(made));
        }
    }

    @Test
    void theErrorOfTheExecIsTold() throws Exception {
        assertEquals(Uapi.ENOENT(), released("no-such-program-anywhere"));
        assertEquals(Uapi.ENOENT(), released("/no/such/program"));
        assertEquals(Uapi.EACCES(), released("/tmp"));
        assertEquals(Uapi.ENOTDIR(), released("/etc/passwd/program"));
    }

    /** A signal waits until the exec, which it then never comes to. */
    @Test
    void aSignalMeanwhileEndsItAtTheRelease() throws Exception {
        Path made = directory.resolve("made");
        try (HeldProcess held = hold("touch", made.toString())) {
            Processes.kill(held.pid(), Uapi.SIGTERM());
            assertEquals(OptionalInt.empty(), held.exitedWith());
            assertEquals(HeldProcess.ENDED, held.release());
            assertEquals(OptionalInt.of(Uapi.SIGTERM()), ended(held));
        }
        try (HeldProcess held = hold("touch", made.toString())) {
            Processes.kill(held.pid(), Uapi.SIGKILL());
            assertEquals(HeldProcess.ENDED, held.release());
            assertEquals(OptionalInt.of(Uapi.SIGKILL()), ended(held));
        }
        assertFalse(Files.exists(made));
    }

    @Test
    void oneThatIsNeverReleasedEnds() throws Exception {
        HeldProcess held = hold("true");
        held.close();
        assertEquals(OptionalInt.of(Uapi.SIGKILL()), ended(held));
    }

    @Test
    void nothingOfItIsLeftOpenHere() throws Exception {
        int before = open();
        for (int i = 0; i < 20; i++) {
            try (HeldProcess held = hold("true")) {
                assertEquals(0, held.release());
                ended(held);
            }
            hold("true").close();
        }
        assertTrue(open() < before + 10, before + " and then " + open());
    }

    /** The kernel closes what a killed ktrace had open: that is all that the child waits for. */
    @Test
    void itEndsWithKtraceAndNeverRuns() throws Exception {
        Path made = directory.resolve("made");
        Process ktrace = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Holder.class.getName(),
                made.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        int child;
        try (BufferedReader out = ktrace.inputReader()) {
            child = Integer.parseInt(out.readLine());
            assertEquals(0, Processes.kill(child, 0));
            ktrace.destroyForcibly().waitFor();
        }
        while (Processes.kill(child, 0) == 0) {
            Thread.sleep(5);
        }
        assertFalse(Files.exists(made));
    }

    /** Holds a command, says its number, and does nothing more. */
    static final class Holder {
        private Holder() {
        }

        public static void main(String[] args) throws Exception {
            HeldProcess held = hold("touch", args[0]);
            System.out.println(held.pid());
            Thread.sleep(60_000);
            held.close();
        }
    }

    private static int released(String program) throws IOException {
        try (HeldProcess held = hold(program)) {
            int errno = held.release();
            assertEquals(OptionalInt.of(127 << 8), ended(held));
            return errno;
        }
    }

    private static HeldProcess hold(String... words) throws IOException {
        return new HeldProcess(Arrays.stream(words).map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
    }

    private static OptionalInt ended(HeldProcess held) {
        OptionalInt status = held.exitedWith();
        while (status.isEmpty()) {
            status = held.exitedWith();
        }
        return status;
    }

    private static int open() {
        return new java.io.File("/proc/self/fd").list().length;
    }
}
