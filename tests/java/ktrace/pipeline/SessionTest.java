package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import ktrace.event.EventSink;
import ktrace.event.EventSource;
import ktrace.event.EventStamper;
import ktrace.event.EventType;
import ktrace.event.WindowFacts;

/** A session whose source says exactly what comes when, and what its reader has seen of that. */
abstract class SessionTest {
    record Seen(EventType type, long timeNs, int cpu, Object payload) {
        WindowFacts facts() {
            return (WindowFacts) payload;
        }
    }

    final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
    final List<Long> starts = Collections.synchronizedList(new ArrayList<>());
    final EventSink collect = event -> {
        if (event.type == EventType.START) {
            assertTrue(seen.isEmpty(), "START is not the first");
            starts.add(event.timeNs);
        } else {
            seen.add(new Seen(event.type, event.timeNs, event.cpu, event.payload));
        }
    };

    static TraceSession session(EventSource source, EventStamper tracker, List<EventSink> readers, StartGate gate,
            long intervalNs) {
        return new TraceSession(source, new Stages(tracker, readers), gate, intervalNs);
    }

    void run(FakeSource source, int execTgid, long startNs, long intervalNs) throws InterruptedException {
        try (TraceSession session = session(source, event -> { }, List.of(collect), new StartGate(execTgid, startNs), intervalNs)) {
            source.steps.add(session::requestStop);
            session.start();
            session.awaitEnd();
        }
        assertTrue(source.closed);
    }

    List<Seen> of(EventType type) {
        return seen.stream().filter(event -> event.type == type).toList();
    }
}
