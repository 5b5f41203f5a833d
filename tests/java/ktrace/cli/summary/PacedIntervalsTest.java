package ktrace.cli.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

class PacedIntervalsTest {
    private final List<Boolean> answers = new ArrayList<>();
    private final PacedIntervals intervals = new PacedIntervals(answers::removeFirst, 2);
    private final List<String> seenByA = new ArrayList<>();
    private final List<String> seenByB = new ArrayList<>();
    private final EventSink a = intervals.pace(event -> seenByA.add(event.type + " " + event.timeNs));
    private final EventSink b = intervals.pace(event -> seenByB.add(event.type + " " + event.timeNs));

    private static void give(EventSink sink, EventType type, long timeNs) {
        TraceEvent event = new TraceEvent();
        event.become(type, timeNs, null);
        sink.onEvent(event);
    }

    /** A is ahead at the first interval and the third, B at the second. */
    @Test
    void allReadersEndTheSameIntervals() {
        answers.addAll(List.of(true, false, true));
        give(a, EventType.INTERVAL, 1);
        give(b, EventType.INTERVAL, 1);
        give(b, EventType.SYS_ENTER, 2);
        give(b, EventType.INTERVAL, 3);
        give(a, EventType.INTERVAL, 3);
        give(a, EventType.INTERVAL, 5);
        give(a, EventType.END, 6);
        give(b, EventType.INTERVAL, 5);
        assertEquals(List.of("INTERVAL 1", "INTERVAL 5", "END 6"), seenByA);
        assertEquals(List.of("INTERVAL 1", "SYS_ENTER 2", "INTERVAL 5"), seenByB);
        assertEquals(1, intervals.counters().get(TraceCounter.WINDOWS_SKIPPED));
    }
}
