package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

class EventMergerTest {
    private final TraceCounters counters = new TraceCounters();

    private static String drain(EventMerger merger, long untilNs) {
        StringBuilder text = new StringBuilder();
        TraceEvent event = new TraceEvent();
        while (merger.hasNext(untilNs)) {
            merger.take(event);
            text.append(event.cpu < 0 ? "c" : event.cpu).append('@').append(event.timeNs).append(' ');
        }
        return text.toString().strip();
    }

    @Test
    void mergesByTimeAndStopsAtTheLimit() {
        // CPU_0  1 . 3 . . 6
        // CPU_1  . 2 . 4 5 . 7
        EventMerger merger = new EventMerger(List.of(new ListStream(0, 1, 3, 6), new ListStream(1, 2, 4, 5, 7)), counters);
        assertFalse(merger.hasNext(Long.MAX_VALUE - 1), "nothing before the first look");
        merger.refresh();
        assertFalse(merger.hasNext(0));
        assertEquals("0@1 1@2 0@3 1@4", drain(merger, 4));
        assertEquals("1@5 0@6", drain(merger, 6));
        assertEquals("1@7", drain(merger, Long.MAX_VALUE - 1));
    }

    @Test
    void whatIsWrittenLaterIsFoundByTheNextLook() {
        ListStream first = new ListStream(0, 1, 10).writtenUpTo(1);
        ListStream second = new ListStream(1, 5).writtenUpTo(0);
        EventMerger merger = new EventMerger(List.of(first, second), counters);
        merger.refresh();
        assertEquals("0@1", drain(merger, 100));
        first.writtenUpTo(2);
        second.writtenUpTo(1);
        assertEquals("", drain(merger, 100));
        merger.refresh();
        assertEquals("1@5 0@10", drain(merger, 100));
        assertEquals(0, first.released);
        merger.release();
        assertEquals(2, first.released);
        assertEquals(1, second.released);
    }

    /** Within one ring a record can stand behind a later one; time must not go back for those downstream. */
    @Test
    void timeNeverGoesBack() {
        EventMerger merger = new EventMerger(List.of(new ListStream(0, 10, 7, 8, 12), new ListStream(1, 9, 11)), counters);
        merger.refresh();
        assertEquals("1@9 0@10 0@10 0@10 1@11 0@12", drain(merger, 100));
        assertEquals(2, counters.get(TraceCounter.REORDERED));
    }

    @Test
    void ownEventsTakeTheirPlace() {
        ControlStream control = new ControlStream();
        EventMerger merger = new EventMerger(List.of(new ListStream(0, 10, 20, 30), control), counters);
        control.add(EventType.FD_STATE, 25, 7, "b");
        control.add(EventType.THREAD_STATE, 15, 7, "a");
        control.add(EventType.PROCESS_STATE, 15, 8, "second at 15");
        merger.refresh();
        TraceEvent event = new TraceEvent();
        List<Object> seen = new ArrayList<>();
        while (merger.hasNext(100)) {
            merger.take(event);
            seen.add(event.payload == null ? event.timeNs : event.type + " " + event.tid + " " + event.payload);
        }
        assertEquals(List.of(10L, "THREAD_STATE 7 a", "PROCESS_STATE 8 second at 15", 20L, "FD_STATE 7 b", 30L), seen);
        // One whose time is over comes next, and does not turn time back.
        control.add(EventType.FD_STATE, 3, 7, "late");
        merger.refresh();
        assertEquals("c@30", drain(merger, 100));
    }

    /**
     * <pre>
     * control  . 5 .
     * CPU_0    . 5 .
     * CPU_1    . 5 .      then, in a later round, CPU_0 shows another event of time 5
     * </pre>
     */
    @Test
    void theOrderOfEqualTimesCanBeFoundAgain() {
        ControlStream control = new ControlStream();
        ListStream first = new ListStream(0, 5, 5).writtenUpTo(1);
        EventMerger merger = new EventMerger(List.of(control, first, new ListStream(1, 5)), counters);
        control.add(EventType.FD_STATE, 5, 7, "x");
        merger.refresh();
        assertEquals("c@5 0@5 1@5", drain(merger, 100));
        first.writtenUpTo(2);
        merger.refresh();
        assertEquals("0@6", drain(merger, 100));
        assertEquals(0, counters.get(TraceCounter.REORDERED), "a nanosecond for the sake of order is no news");
    }

    /** Any number of streams, runs and gaps of any length, ties: the sorted sequence, each stream in its own order. */
    @Test
    void randomStreams() {
        for (int streams = 1; streams <= 128; streams++) {
            Random random = new Random(streams);
            List<ListStream> all = new ArrayList<>();
            for (int cpu = 0; cpu < streams; cpu++) {
                long[] times = new long[random.nextInt(200)];
                long time = random.nextInt(50);
                for (int i = 0; i < times.length; i++) {
                    time += random.nextInt(10) == 0 ? random.nextInt(500) : random.nextInt(3);
                    times[i] = time;
                }
                all.add(new ListStream(cpu, times).writtenUpTo(0));
            }
            check(all, random);
        }
        assertEquals(0, counters.get(TraceCounter.REORDERED));
    }

    private void check(List<ListStream> all, Random random) {
        EventMerger merger = new EventMerger(all, counters);
        int total = all.stream().mapToInt(ListStream::size).sum();
        long[] next = new long[all.size()];
        TraceEvent event = new TraceEvent();
        long last = 0;
        int taken = 0;
        int round = 0;
        while (taken < total) {
            round++;
            // All streams are written up to the same time, and taken up to a time that is complete then.
            long writtenNs = round * 97L;
            for (ListStream stream : all) {
                int count = 0;
                while (count < stream.size() && stream.timeAt(count) <= writtenNs) {
                    count++;
                }
                stream.writtenUpTo(count);
            }
            merger.refresh();
            long untilNs = writtenNs - random.nextInt(40);
            while (merger.hasNext(untilNs)) {
                merger.take(event);
                assertTrue(event.timeNs >= last && event.timeNs <= untilNs);
                assertEquals(next[event.cpu]++, event.arg0);
                last = event.timeNs;
                taken++;
            }
            for (ListStream stream : all) {
                assertTrue(stream.nextTimeNs() > untilNs);
            }
            merger.release();
        }
        merger.refresh();
        assertFalse(merger.hasNext(EventStream.NOTHING - 1));
        assertTrue(Arrays.stream(next).sum() == total);
    }
}
