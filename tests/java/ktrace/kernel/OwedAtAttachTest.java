package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who is found waiting at the end of a connection that asks may have asked before the trace: that is no idleness. At the end that
 * answers it is.
 */
@RealKernel
class OwedAtAttachTest {
    static Stream<Arguments> waits() {
        return LiveCollectors.names().flatMap(collector -> Stream.of("unix", "tcp").flatMap(transport -> Stream.of("recv", "poll")
                .map(how -> Arguments.of(collector, transport, how))));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void whoMayHaveAskedIsNotIdle(String collector, String transport, String how) {
        List<String> command = List.of("/usr/bin/python3", Workload.source("python/owed.py").toString(), transport, how);
        try (RunningProgram program = RunningProgram.start(command)) {
            JsonNode ready = program.awaitDocument("workload", Duration.ofSeconds(20));
            int asking = ready.path("asking").asInt();
            int waiting = ready.path("waiting").asInt();
            List<String> arguments = List.of("-c", collector, "-d", "5s", "-p", asking + "," + waiting);
            try (Ktrace ktrace = Ktrace.startWithJson(arguments)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                FinalDocument document = ktrace.finalDocument();
                document.assertLaws();
                assertTrue(shareIdle(document, asking) < 0.4, () -> document.json().toPrettyString());
                assertTrue(shareIdle(document, waiting) > 0.95, () -> document.json().toPrettyString());
                // The server is waited for, and came into view.
                assertEquals("states", document.process(ready.path("asked").asInt()).path("watched").asText());
            }
            program.closeStdin();
        }
    }

    private static double shareIdle(FinalDocument document, int pid) {
        JsonNode process = document.process(pid);
        return process.path("states").path("blockedBy").path("idle").asDouble() / document.json().path("durationNs").asDouble();
    }
}
