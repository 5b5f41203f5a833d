package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A front end alone is traced, whose connections a server accepts one after the other, and keeps for as long as one request takes: it is
 * told who answers, and what that did meanwhile, though none of its calls is seen.
 */
@RealKernel
class QueuedConnectionsTest {
    @ParameterizedTest
    @MethodSource("ktrace.kernel.LiveCollectors#names")
    void whoAcceptsThemIsTheBottleneck(String collector) {
        List<String> command = List.of("/usr/bin/python3", Workload.source("python/queue_up.py").toString(), "--seconds", "30");
        try (RunningProgram program = RunningProgram.start(command)) {
            JsonNode ready = program.awaitDocument("workload", Duration.ofSeconds(20));
            int front = ready.path("front").asInt();
            int server = ready.path("server").asInt();
            List<String> arguments = List.of("-c", collector, "-d", "4s", "-p", Integer.toString(front));
            try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                FinalDocument document = ktrace.finalDocument();
                document.assertLaws();
                assertEquals("states", document.process(server).path("watched").asText(), () -> document.json().toPrettyString());
                JsonNode bottleneck = document.json().path("verdict").path("bottleneck");
                assertEquals(server, bottleneck.path("pid").asInt(), () -> document.json().toPrettyString());
                assertEquals("sleeps", bottleneck.path("cause").asText(), bottleneck::toPrettyString);
                assertTrue(explainedBy(document, front, server) > 0.8, () -> document.json().toPrettyString());
            }
            program.closeStdin();
        }
    }

    private static double explainedBy(FinalDocument document, int front, int server) {
        double share = 0;
        for (JsonNode why : document.json().path("verdict").path("why")) {
            for (JsonNode part : why.path("shares")) {
                if (why.path("pid").asInt() == front && part.path("pid").asInt() == server && part.path("cause").asText().equals("sleeps")) {
                    share += part.path("ns").asDouble() / why.path("totalNs").asDouble();
                }
            }
        }
        return share;
    }
}
