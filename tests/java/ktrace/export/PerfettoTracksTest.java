package ktrace.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/** On whose tracks waits and who ended them are drawn. */
class PerfettoTracksTest {
    /** A second track of a thread that Perfetto knows would be a second thread to it. */
    @Test
    void aThreadHasOneTrackUntilItsLastSwitch() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceExport export = new PerfettoExporter(out, PerfettoExporterTest.MACHINE, "1", Story.SYSCALLS::name);
        ThreadId waiter = new ThreadId(7, new ProcessId(7, 1, 0, 0), 0, 0);
        EventSink waits = WaitsOfTrace.to(export, new TraceCounters());
        Waker child = new Waker(null, 8, "child", new Peer(8, "child"));
        TraceEvent event = new TraceEvent();
        event.tid = 8;
        event.type = EventType.SCHED_PROCESS_EXIT;
        futexWait(waits, waiter, child);
        export.onEvent(event);
        futexWait(waits, waiter, child);
        export.finish();
        assertEquals(1, tracksOf(8, out));
        event.type = EventType.SCHED_SWITCH;
        event.number = 0x10;
        export.onEvent(event);
        futexWait(waits, waiter, child);
        export.finish();
        assertEquals(2, tracksOf(8, out));
        assertEquals(1, tracksOf(7, out));
    }

    /** Within one process it is the thread that tells something. */
    @Test
    void aWakerThatIsNotTheLeaderIsNamedItself() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceExport export = new PerfettoExporter(out, PerfettoExporterTest.MACHINE, "1", Story.SYSCALLS::name);
        Peer java = new Peer(7, "java");
        ThreadId waiter = new ThreadId(9, new ProcessId(7, 1, 0, 0), 0, 0);
        EventSink waits = WaitsOfTrace.to(export, new TraceCounters());
        for (Waker waker : List.of(new Waker(null, 8, "holder", java), Waker.of(java))) {
            futexWait(waits, waiter, waker);
        }
        export.finish();
        List<WireMessage> events = WireMessage.of(out.toByteArray()).messages(1).stream().filter(packet -> packet.has(11))
                .map(packet -> packet.message(11)).toList();
        assertEquals(List.of("wait futex ← holder(8) of java(7)", "wait futex ← java(7)"),
                events.stream().filter(e -> e.number(9) == 1).map(e -> e.text(23)).toList());
        assertEquals(List.of("wakes 7/9", "woken by holder(8) of java(7)", "wakes 7/9", "woken by java(7)"),
                events.stream().filter(e -> e.number(9) == 3).map(e -> e.text(23)).toList());
    }

    private static void futexWait(EventSink waits, ThreadId waiter, Waker waker) {
        Timeline timeline = new Timeline().at(1).enter(waiter, "futex").out(Timeline.CPU_0, waiter, 'S').at(2)
                .waking(waiter, Evidence.OBJECT, waker.process(), e -> e.waker = waker);
        timeline.events.forEach(waits::onEvent);
    }

    private static long tracksOf(int tid, ByteArrayOutputStream out) {
        return WireMessage.of(out.toByteArray()).messages(1).stream().filter(packet -> packet.has(60))
                .filter(packet -> packet.message(60).message(4).number(2) == tid).count();
    }
}
