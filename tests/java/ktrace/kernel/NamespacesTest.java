package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** As many network namespaces as a host of containers has: a socket's address is to be asked for in its own. */
@RealKernel
class NamespacesTest {
    private static final int NAMESPACES = 90;
    private static final int CONNECTIONS = 200;

    @Test
    void waitsAreNamedInEachOfManyNamespaces() {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("namespaces", Integer.toString(NAMESPACES), Integer.toString(CONNECTIONS), "20"));
        try (Ktrace ktrace = Ktrace.startAsLaunched(arguments)) {
            long mostDescriptors = 0;
            while (ktrace.program().isAlive()) {
                mostDescriptors = Math.max(mostDescriptors, descriptors(ktrace.program().pid()));
                RunningProgram.sleep(Duration.ofMillis(50));
            }
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            long most = mostDescriptors;
            assertTrue(most > 0 && most < 256, () -> "ktrace had " + most + " descriptors open");
            FinalDocument document = ktrace.finalDocument();
            JsonNode result = ktrace.program().documents().getLast();
            assertEquals(0, document.json().path("lost").asLong(), () -> document.json().path("counters").toString());
            assertNamed(document, result);
        }
    }

    /** In a container a child is 2, and so is a kernel thread outside. */
    @Test
    void aChildInAPidNamespaceIsCalledByTheNumberThatAllSee() {
        List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--fork"));
        command.addAll(Workload.command("process", "wait4", "--count", "3", "--ms", "20"));
        try (Ktrace ktrace = Ktrace.traceCommand(command)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode document = ktrace.finalDocument().json();
            List<JsonNode> waits = document.path("processes").valueStream().filter(p -> p.path("comm").asText().equals("process"))
                    .flatMap(p -> p.path("waits").valueStream()).filter(w -> w.path("kind").asText().equals("child")).toList();
            assertEquals(3, waits.stream().mapToLong(w -> w.path("count").asLong()).sum(), waits::toString);
            for (JsonNode wait : waits) {
                int child = wait.path("waker").path("pid").asInt();
                assertTrue(wait.path("object").asText().matches("child " + child + " \\[[0-9]+]"), wait::toString);
                assertEquals("object", wait.path("evidence").asText(), wait::toString);
            }
        }
    }

    private static void assertNamed(FinalDocument document, JsonNode result) {
        long all = 0;
        long named = 0;
        for (int i = 0; i < NAMESPACES; i++) {
            int server = result.path("servers").path(i).asInt();
            int client = result.path("clients").path(i).asInt();
            for (JsonNode wait : document.waits(server, wait -> wait.path("syscall").asText().equals("accept4"))) {
                long count = wait.path("count").asLong();
                all += count;
                named += wait.path("kind").asText().equals("tcp") && wait.path("object").asText().contains("127.0.0.1:")
                        && wait.path("waker").path("pid").asInt() == client ? count : 0;
            }
        }
        String told = named + " of " + all + " waits in accept4 have an address and a waker: " + document.json().path("counters");
        assertTrue(all > 0.8 * NAMESPACES * CONNECTIONS && named > 0.95 * all, told);
    }

    private static long descriptors(long pid) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        } catch (NoSuchFileException ended) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
