package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An event loop that computes for one client while others ask: it is told between which calls, for how long, and how many waited. */
@RealKernel
class EventLoopTest {
    static Stream<Arguments> loops() {
        return LiveCollectors.names().flatMap(collector -> Stream.of("unix", "tcp").map(transport -> Arguments.of(collector, transport)));
    }

    @ParameterizedTest
    @MethodSource("loops")
    void itComputesWhileOthersWait(String collector, String transport) {
        List<String> command = List.of("/usr/bin/python3", Workload.source("python/loop.py").toString(), transport);
        try (Ktrace ktrace = Ktrace.traceCommand(collector, command)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode told = ktrace.program().documents().getLast();
            JsonNode verdict = ktrace.finalDocument().json().path("verdict");
            JsonNode computing = verdict.path("computing").path(0);
            assertEquals(told.path("pid").asInt(), computing.path("pid").asInt(), verdict::toPrettyString);
            assertEquals(List.of("recvfrom", "sendto"), List.of(computing.path("from").path("syscall").asText(),
                    computing.path("to").path("syscall").asText()), verdict::toPrettyString);
            String object = computing.path("from").path("object").asText();
            assertEquals(object, computing.path("to").path("object").asText());
            assertTrue(object.startsWith(transport), object);
            assertNear(told, computing, "computedNs", "ns");
            assertNear(told, computing, "clientsWaitedNs", "awaitedNs");
            assertEquals(told.path("clients").asInt(), computing.path("waiters").asInt(), verdict::toPrettyString);
            assertEquals(told.path("pid").asInt(), verdict.path("bottleneck").path("pid").asInt(), verdict::toPrettyString);
        }
    }

    private static void assertNear(JsonNode told, JsonNode computing, String toldName, String name) {
        double ns = told.path(toldName).asDouble();
        assertEquals(1.0, computing.path(name).asDouble() / ns, 0.05, () -> told + "\n" + computing.toPrettyString());
    }
}
