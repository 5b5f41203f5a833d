package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Command lines as long as the kernel lets them be: each is kept as far as a person reads it. */
@RealKernel
class LongArgumentsTest {
    private static final int EXECS = 900;
    private static final int BYTES = 1_800_000;
    private static final int MOST = 4096;

    @Test
    void areCutAndSaidToBe() {
        List<String> arguments = new ArrayList<>(List.of("--"));
        arguments.addAll(Workload.command("longargs", Integer.toString(EXECS), Integer.toString(BYTES)));
        try (Ktrace ktrace = Ktrace.startAsLaunched(arguments)) {
            long largest = 0;
            while (ktrace.program().isAlive()) {
                largest = Math.max(largest, Census.residentBytes(ktrace.program().pid()));
                RunningProgram.sleep(Duration.ofMillis(20));
            }
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            long largestMib = largest >> 20;
            assertTrue(largestMib < 300, () -> "ktrace had " + largestMib + " MiB");
            FinalDocument document = ktrace.finalDocument();
            assertEquals(0, document.json().path("lost").asLong(), () -> document.json().path("counters").toString());
            List<JsonNode> children = document.json().path("processes").valueStream()
                    .filter(process -> process.path("cmdline").asText().startsWith("longargs --end a")).toList();
            assertTrue(children.size() > EXECS / 2, () -> children.size() + " of " + EXECS + " were read before they ended");
            children.forEach(child -> assertCut(child.path("cmdline").asText()));
        }
    }

    /** The program has put nothing but letters and blanks there: what else stands at the end is ktrace's word. */
    private static void assertCut(String line) {
        int bytes = line.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes > MOST / 2 && bytes <= MOST, () -> bytes + " bytes");
        String end = line.substring(line.length() - 100);
        assertFalse(end.matches("[a ]*"), () -> "cut without a word: " + end);
    }
}
