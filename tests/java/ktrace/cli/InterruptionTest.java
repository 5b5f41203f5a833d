package ktrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import ktrace.cli.options.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InterruptionTest {
    /** A signal in the moment before ktrace is ready for one. */
    @Test
    void whoComesTooLateStopsAtOnce() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Late.class.getName()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertEquals("stopped\nready\n", said);
    }

    /** Asks for it when the JVM shuts down already. */
    static final class Late {
        private Late() {
        }

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                try (Interruption interruption = Interruption.handledBy(() -> System.out.println("stopped"))) {
                    interruption.finished(ExitStatus.OK);
                    System.out.println("ready");
                }
            }));
        }
    }
}
