package ktrace.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Processes;
import ktrace.linux.Syscalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LastHolderTest {
    @Test
    void itHoldsWhatItShallAndNothingElseAndEndsWithKtrace() throws Exception {
        Process ktrace = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Ktrace.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = ktrace.inputReader()) {
            int held = Integer.parseInt(out.readLine());
            long child = ktrace.children().findFirst().orElseThrow().pid();
            while (names("/proc/" + child + "/fd").size() > 2) {
                Thread.sleep(1);
            }
            assertEquals("ktrace-close\n", Files.readString(Path.of("/proc/" + child + "/comm")));
            assertEquals("anon_inode:[eventfd]", Files.readSymbolicLink(Path.of("/proc/" + child + "/fd/" + held)).toString());
            ktrace.destroyForcibly().waitFor();
            while (Processes.kill((int) child, 0) == 0) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void withNothingToHoldThereIsNone() {
        long before = ProcessHandle.current().children().count();
        LastHolder.of(List.of());
        assertEquals(before, ProcessHandle.current().children().count());
    }

    private static List<String> names(String directory) throws Exception {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.map(Path::toString).toList();
        }
    }

    /** Has an eventfd held, says its number, and does nothing more. */
    static final class Ktrace {
        private Ktrace() {
        }

        public static void main(String[] args) throws Exception {
            try (FileDescriptor eventfd = Syscalls.eventfd()) {
                LastHolder.of(List.of(eventfd.number()));
                System.out.println(eventfd.number());
                Thread.sleep(60_000);
            }
        }
    }
}
