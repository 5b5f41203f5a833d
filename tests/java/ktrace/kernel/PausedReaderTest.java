package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads the documents stops doing so for a while. */
@RealKernel
@Timeout(120)
class PausedReaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long INTERVAL_NS = 50_000_000;
    /** Those that wait, the one that the pipe has taken a part of, and the last. */
    private static final int FEW = 12;

    @TempDir
    Path directory;

    @Test
    void intervalsAreJoinedAndAddUpAllTheSame() throws Exception {
        Path fifo = directory.resolve("documents");
        assertEquals(0, RunningProgram.start(List.of("mkfifo", fifo.toString())).exitStatus(PATIENCE));
        List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >" + fifo, "sh"));
        words.addAll(Ktrace.launcher());
        words.addAll(List.of("--json", "-a", "-i", "50ms", "-d", "6s"));
        try (RunningProgram ktrace = RunningProgram.start(words); var reader = Files.newBufferedReader(fifo)) {
            RunningProgram.sleep(Duration.ofSeconds(8));
            assertTrue(ktrace.isAlive(), "its final document is not read yet");
            List<JsonNode> documents = RunningProgram.parse(reader.lines().toList());
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            JsonNode last = documents.removeLast();
            assertEquals("final", last.path("type").asText());
            long skipped = last.path("counters").path("windowsSkipped").asLong();
            // The first lasts until it is known who is there.
            long wanted = (last.path("durationNs").asLong() - documents.getFirst().path("durationNs").asLong()) / INTERVAL_NS;
            assertTrue(wanted > 2 * FEW && documents.size() + skipped >= wanted,
                    () -> documents.size() + " and skipped " + skipped + " of " + wanted);
            // A document of 64 KiB and more fills the pipe; small ones go through it and are no burden.
            assertTrue(documents.size() < FEW + (1 << 16) / smallest(documents), () -> "documents: " + documents.size());
            assertEquals(skipped, sum(documents, "/counters/windowsSkipped"));
            for (String field : List.of("/events", "/syscallEvents", "/durationNs", "/lost")) {
                assertEquals(last.at(field).asLong(), sum(documents, field), field);
            }
        }
    }

    private static int smallest(List<JsonNode> documents) {
        return documents.stream().mapToInt(document -> document.toString().length()).min().orElse(1);
    }

    private static long sum(List<JsonNode> documents, String field) {
        return documents.stream().mapToLong(document -> document.at(field).asLong()).sum();
    }
}
