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
    private final PacedIntervals intervals = new PacedIntervals(answers::removeFirst);
    private final List<String> seen = new ArrayList<>();
    private final EventSink paced = intervals.pace(event -> seen.add(event.type + " " + event.timeNs));

    private void give(EventType type, long timeNs) {
        TraceEvent event = new TraceEvent();
        event.become(type, timeNs, null);
        paced.onEvent(event);
    }

    @Test
    void anIntervalThatIsNotAdmittedGoesOnIntoTheNext() {
        answers.addAll(List.of(true, false, true));
        give(EventType.INTERVAL, 1);
        give(EventType.SYS_ENTER, 2);
        give(EventType.INTERVAL, 3);
        give(EventType.INTERVAL, 5);
        give(EventType.END, 6);
        assertEquals(List.of("INTERVAL 1", "SYS_ENTER 2", "INTERVAL 5", "END 6"), seen);
        assertEquals(1, intervals.counters().get(TraceCounter.WINDOWS_SKIPPED));
    }
}
