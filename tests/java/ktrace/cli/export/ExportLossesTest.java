package ktrace.cli.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import org.junit.jupiter.api.Test;

/** Who exports a trace is told what is missing in it, and nothing else. */
class ExportLossesTest {
    private static List<String> of(EventType type, Map<TraceCounter, Long> counters) {
        ExportLosses losses = new ExportLosses();
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.payload = new WindowFacts(0, 1, 1, counters);
        losses.onEvent(event);
        return losses.lines();
    }

    @Test
    void eachKindOfLossIsALine() {
        assertEquals(List.of("ktrace: the export is not whole: 2 " + TraceCounter.DAMAGED_PACKETS.sentence(2)),
                of(EventType.END, Map.of(TraceCounter.DAMAGED_PACKETS, 2L)));
    }

    @Test
    void oneIsToldAsOne() {
        assertEquals(List.of("ktrace: the export is not whole: 1 packet that is missing from the trace, as its numbering shows"),
                of(EventType.END, Map.of(TraceCounter.LOST_PACKETS, 1L)));
    }

    @Test
    void aDoubtOrANoteIsNoLoss() {
        assertEquals(List.of(), of(EventType.END, Map.of(TraceCounter.UNREADABLE_PROCESS, 3L, TraceCounter.TASKS_LOST_AT_ATTACH, 1L)));
    }

    @Test
    void onlyTheEndSpeaksOfTheWholeTrace() {
        assertEquals(List.of(), of(EventType.INTERVAL, Map.of(TraceCounter.DAMAGED_PACKETS, 2L)));
    }
}
