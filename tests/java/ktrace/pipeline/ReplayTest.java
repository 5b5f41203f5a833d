package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import org.junit.jupiter.api.Test;

/** A recorded trace goes to the stages in the order in which it was recorded, and has a begin and an end in any case. */
class ReplayTest {
    private final List<String> seen = new ArrayList<>();
    private WindowFacts facts;
    private final EventSink collect = event -> {
        seen.add(event.type + "@" + event.timeNs + "/" + event.cpu);
        if (event.type == EventType.END) {
            facts = (WindowFacts) event.payload;
        }
    };

    private void replay(EventStream... streams) {
        replay(new FakeSource(streams));
    }

    private void replay(FakeSource source) {
        List<String> tracked = new ArrayList<>();
        new Replay(source, event -> tracked.add(event.type + "@" + event.timeNs + "/" + event.cpu), List.of(collect))
                .run();
        assertEquals(tracked, seen);
    }

    @Test
    void aTraceOfAnotherTracerBeginsWithItsFirstEventAndEndsWithItsLast() {
        replay(new ListStream(0, 5, 9), new ListStream(1, 7));
        assertEquals(List.of("START@5/-1", "SYS_ENTER@5/0", "SYS_ENTER@7/1", "SYS_ENTER@9/0", "END@9/-1"), seen);
        assertEquals(new WindowFacts(5, 3, 3, Map.of()), facts);
    }

    @Test
    void marksOfTheTraceAreKept() {
        WindowFacts end = new WindowFacts(3, 2, 2, Map.of());
        replay(new Marked(new long[] {3, 5, 8, 10}, EventType.START, EventType.SYS_ENTER, EventType.INTERVAL, EventType.END)
                .ending(end), new ListStream(1, 5));
        assertEquals(List.of("START@3/-1", "SYS_ENTER@5/0", "SYS_ENTER@5/1", "INTERVAL@8/-1", "END@10/-1"), seen);
        assertEquals(end, facts);
    }

    @Test
    void damageOfTheTraceIsAddedToWhatItsEndTells() {
        WindowFacts end = new WindowFacts(3, 2, 2, Map.of(TraceCounter.LOST_EVENTS, 4L, TraceCounter.MALFORMED_RECORDS, 1L),
                Map.of(0, 4L));
        FakeSource damaged = new FakeSource(new Marked(new long[] {3, 5, 10}, EventType.START, EventType.SYS_ENTER, EventType.END)
                .ending(end));
        damaged.counters.add(TraceCounter.DAMAGED_PACKETS, 2);
        damaged.counters.add(TraceCounter.MALFORMED_RECORDS, 5);
        replay(damaged);
        assertEquals(new WindowFacts(3, 2, 2, Map.of(TraceCounter.LOST_EVENTS, 4L, TraceCounter.MALFORMED_RECORDS, 6L,
                TraceCounter.DAMAGED_PACKETS, 2L), Map.of(0, 4L)), facts);
    }

    @Test
    void nothingMoreIsReadWhenNobodyWantsMore() {
        Replay[] replay = new Replay[1];
        replay[0] = new Replay(new FakeSource(new ListStream(0, 5, 9, 12)), event -> { }, List.of(collect, event -> {
            if (event.timeNs == 9) {
                replay[0].requestStop();
            }
        }));
        replay[0].run();
        assertEquals(List.of("START@5/-1", "SYS_ENTER@5/0", "SYS_ENTER@9/0"), seen);
    }

    @Test
    void anEmptyTraceStillEnds() {
        replay(new ListStream(0));
        assertEquals(2, seen.size());
        assertNotNull(facts);
    }

    /** What one CPU's file holds: events of that CPU, and ktrace's own. */
    private static final class Marked implements EventStream {
        private final Deque<TraceEvent> events = new ArrayDeque<>();

        Marked(long[] timesNs, EventType... types) {
            for (int i = 0; i < types.length; i++) {
                TraceEvent event = new TraceEvent();
                event.type = types[i];
                event.timeNs = timesNs[i];
                event.cpu = types[i] == EventType.SYS_ENTER ? 0 : -1;
                events.add(event);
            }
        }

        Marked ending(WindowFacts facts) {
            events.getLast().payload = facts;
            return this;
        }

        @Override
        public void refresh() {
            // All is there.
        }

        @Override
        public long nextTimeNs() {
            return events.isEmpty() ? NOTHING : events.getFirst().timeNs;
        }

        @Override
        public void take(TraceEvent slot) {
            slot.copyFrom(events.removeFirst());
        }

        @Override
        public void release() {
            // Nothing to give back.
        }
    }
}
