package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever has ended holds no descriptor of ktrace's any more, and is counted all the same. */
@RealKernel
@Timeout(120)
class ClosedEventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EXECS = 120;
    private static final int THREADS = 100;

    /** Each is attached to again, as the kernel takes its events away. */
    @Test
    void ofProgramsThatChangedTheirUser() throws IOException {
        Path setuid = Files.createTempFile(Path.of("/var/tmp"), "ktrace-setuid", "");
        try {
            Files.copy(Path.of("/bin/sleep"), setuid, StandardCopyOption.REPLACE_EXISTING);
            assertEquals(0, RunningProgram.start(List.of("chmod", "4755", setuid.toString())).exitStatus(PATIENCE));
            String loop = "i=0; while [ $i -lt " + EXECS + " ]; do " + setuid + " 0.05; i=$((i+1)); done";
            List<String> command = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", loop);
            List<String> words = new ArrayList<>(List.of("-c", "perf", "--"));
            words.addAll(command);
            try (Ktrace ktrace = Ktrace.startWithJson(words)) {
                ktrace.awaitTracing();
                List<Integer> open = new ArrayList<>();
                while (ktrace.program().isAlive()) {
                    open.add(descriptors(ktrace));
                    RunningProgram.sleep(Duration.ofMillis(200));
                }
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                JsonNode last = ktrace.finalDocument().json();
                assertTrue(last.path("counters").path("setuidExec").asInt() > EXECS / 2, () -> last.path("counters").toString());
                assertExact(last);
                int most = open.stream().mapToInt(Integer::intValue).max().orElse(0);
                assertTrue(most < open.getFirst() + 60, () -> "descriptors over time: " + open);
            }
        } finally {
            Files.delete(setuid);
        }
    }

    @Test
    void ofThreadsThatEnded() {
        String source = """
                import sys, threading
                end = threading.Event()
                threads = [threading.Thread(target=end.wait) for _ in range(%d)]
                for thread in threads: thread.start()
                print('{"ready":true}', flush=True)
                sys.stdin.readline()
                end.set()
                for thread in threads: thread.join()
                sys.stdin.readline()
                """.formatted(THREADS);
        try (RunningProgram python = RunningProgram.start(List.of("python3", "-c", source))) {
            python.awaitDocument("ready", PATIENCE);
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", "perf"), python.pid())) {
                int all = descriptors(ktrace);
                assertTrue(all > 2 * THREADS, "an entry and an exit of each: " + all);
                python.writeLine("end");
                await(() -> descriptors(ktrace) < all - 2 * THREADS);
                python.writeLine("bye");
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                assertExact(ktrace.finalDocument().json());
            }
        }
    }

    /** Without what the closed have counted, more would have been seen than there was. */
    private static void assertExact(JsonNode document) {
        assertEquals(0, document.path("lost").asLong(), () -> document.path("counters").toString());
        assertTrue(document.path("counters").path("unrecorded").asLong() >= 0, () -> document.path("counters").toString());
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, "not within " + PATIENCE);
            RunningProgram.sleep(Duration.ofMillis(50));
        }
    }

    private static int descriptors(Ktrace ktrace) {
        String[] names = new java.io.File("/proc/" + ktrace.program().pid() + "/fd").list();
        return names == null ? 0 : names.length;
    }
}
