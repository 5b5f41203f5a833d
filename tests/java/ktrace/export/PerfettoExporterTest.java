package ktrace.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@link Story} exported, taken apart by {@link WireMessage}, and compared with the story event by event. The numbers here are
 * those of protos/perfetto/trace, written down once more.
 */
class PerfettoExporterTest {
    static final TracedMachine MACHINE = new TracedMachine("host", "Linux", "6.1.0", "#1 SMP", "x86_64", 5_000_000);

    /** One ftrace event, and the CPU of the bundle it was in. */
    private record Ftrace(long timeNs, long cpu, long tid, int kind, WireMessage content) {
    }

    private List<WireMessage> packets;

    @BeforeEach
    void export() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceExport export = new PerfettoExporter(out, MACHINE, "1.2.3", Story.SYSCALLS::name);
        new Story(export).tell();
        export.finish();
        WireMessage trace = WireMessage.of(out.toByteArray());
        assertTrue(trace.fieldNumbers().stream().allMatch(number -> number == 1), "a trace is packets alone");
        packets = trace.messages(1);
    }

    private List<WireMessage> packetsWith(int field) {
        return packets.stream().filter(packet -> packet.has(field)).toList();
    }

    private List<Ftrace> ftrace() {
        List<Ftrace> events = new ArrayList<>();
        for (WireMessage packet : packetsWith(1)) {
            WireMessage bundle = packet.message(1);
            for (WireMessage event : bundle.messages(2)) {
                int kind = event.fieldNumbers().stream().filter(n -> n != 1 && n != 2 && n != 5).findFirst().orElseThrow();
                events.add(new Ftrace(event.number(1), bundle.number(1), event.number(2), kind, event.message(kind)));
            }
        }
        events.sort(java.util.Comparator.comparingLong(Ftrace::timeNs));
        return events;
    }

    private Ftrace only(int kind, long timeNs) {
        List<Ftrace> found = ftrace().stream().filter(e -> e.kind == kind && e.timeNs == timeNs).toList();
        assertEquals(1, found.size(), "events of kind " + kind + " at " + timeNs);
        return found.getFirst();
    }

    @Test
    void everyKernelEventIsThereOnceWithItsTimeAndCpuAndThread() {
        List<String> told = ftrace().stream().map(e -> e.timeNs + " cpu" + e.cpu + " " + e.tid + " #" + e.kind).toList();
        assertEquals(List.of(
                "1010 cpu0 200 #329",
                "1020 cpu0 200 #4",
                "1030 cpu1 0 #4",
                "1040 cpu1 100 #329",
                "1050 cpu1 100 #20",
                "1060 cpu0 0 #4",
                "1070 cpu1 100 #330",
                "1080 cpu0 200 #330",
                "1090 cpu0 200 #235",
                "1090 cpu0 200 #239",
                "1100 cpu0 201 #236",
                "1101 cpu0 201 #237",
                "1102 cpu0 201 #329",
                "1103 cpu0 201 #238",
                "1210 cpu0 200 #330",
                "1220 cpu0 200 #329",
                "1230 cpu0 200 #4"), told);
    }

    /** trace_processor gives up a file with a larger CPU number in it. */
    @Test
    void cpusThatPerfettoDoesNotTakeAreLeftOutAndCounted() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PerfettoExporter exporter = new PerfettoExporter(bytes, new TracedMachine("", "", "", "", "", 0), "", Integer::toString);
        for (int cpu : new int[] {0, 1023, 1024, 8191}) {
            TraceEvent event = new TraceEvent();
            event.type = EventType.SCHED_SWITCH;
            event.cpu = cpu;
            exporter.onEvent(event);
            event.type = EventType.EVENTS_LOST;
            exporter.onEvent(event);
        }
        TraceEvent end = new TraceEvent();
        end.type = EventType.END;
        exporter.onEvent(end);
        exporter.finish();
        assertEquals(List.of(0L, 1023L), WireMessage.of(bytes.toByteArray()).messages(1).stream().filter(packet -> packet.has(1))
                .map(packet -> packet.message(1).number(1)).distinct().toList());
        assertEquals("2 events of CPUs from 1024 on, which Perfetto cannot show", exporter.leftOut());
    }

    @Test
    void systemCallsKeepNumberArgumentsAndResult() {
        WireMessage read = only(329, 1010).content;
        assertEquals(0, read.number(1));
        assertEquals(List.of(3L, 0x7000L, 64L, 0L, 0L, 0L), read.numbers(2));
        assertEquals(10, only(330, 1080).content.number(2));
        assertEquals(-11, only(330, 1210).content.number(2));
        assertEquals(1, only(330, 1070).content.number(1));
    }

    @Test
    void switchesAndWakeUpsHaveAllTheirFields() {
        WireMessage out = only(4, 1020).content;
        assertEquals("sort", out.text(1));
        assertEquals(200, out.number(2));
        assertEquals(120, out.number(3));
        assertEquals(1, out.number(4));
        assertEquals("swapper/0", out.text(5));
        assertEquals(0, out.number(6));
        assertEquals(-1, out.number(7));
        assertEquals(Story.HOSTILE, only(4, 1030).content.text(5));
        WireMessage waking = only(20, 1050).content;
        assertEquals(List.of("sort", "200", "120", "0"),
                List.of(waking.text(1), "" + waking.number(2), "" + waking.number(3), "" + waking.number(5)));
    }

    @Test
    void birthsRenamesExecsAndExitsHaveAllTheirFields() {
        WireMessage newTask = only(235, 1090).content;
        assertEquals(List.of(201L, 0x1200011L), List.of(newTask.number(1), newTask.number(3)));
        assertEquals("sort", newTask.text(2));
        WireMessage fork = only(239, 1090).content;
        assertEquals(List.of(200L, 201L), List.of(fork.number(2), fork.number(4)));
        WireMessage rename = only(236, 1100).content;
        assertEquals(List.of("sort", "ls"), List.of(rename.text(2), rename.text(3)));
        assertEquals(201, rename.number(1));
        WireMessage exec = only(237, 1101).content;
        assertEquals("/bin/ls", exec.text(1));
        assertEquals(201, exec.number(2));
        WireMessage exit = only(238, 1103).content;
        assertEquals("ls", exit.text(1));
        assertEquals(List.of(201L, 201L, 120L), List.of(exit.number(2), exit.number(3), exit.number(4)));
    }

    @Test
    void clocksAndMachineComeFirst() {
        Map<Long, Long> clocks = new HashMap<>();
        packets.getFirst().message(6).messages(1).forEach(clock -> clocks.put(clock.number(1), clock.number(2)));
        assertEquals(Map.of(6L, 1000L, 3L, 1000L, 1L, 5_001_000L), clocks);
        assertEquals(3, packets.getFirst().message(6).number(2), "the trace's clock is BUILTIN_CLOCK_MONOTONIC");
        assertFalse(packets.getFirst().has(58), "no clock is known yet");
        packets.stream().skip(1).forEach(packet -> assertEquals(3, packet.number(58), "the packet's clock"));
        WireMessage machine = packets.get(1).message(45);
        assertEquals(List.of("Linux", "#1 SMP", "6.1.0", "x86_64"), List.of(machine.message(1).text(1), machine.message(1).text(2),
                machine.message(1).text(3), machine.message(1).text(4)));
        // Perfetto drops track events of packets without a sequence.
        assertTrue(packets.stream().allMatch(packet -> packet.number(10) == 1 && packet.has(8)));
    }

    @Test
    void theProcessTreeHasProcessesAndThreadsWithTheirNamesIntact() {
        List<WireMessage> processes = packetsWith(2).stream().flatMap(packet -> packet.message(2).messages(1).stream()).toList();
        assertEquals(List.of("200 1 sort -n \u00e4", "100 1 " + Story.HOSTILE, "201 1 /bin/ls"),
                processes.stream().map(p -> p.number(1) + " " + p.number(2) + " " + p.text(3)).toList());
        assertFalse(processes.get(0).has(9));
        assertEquals(1, processes.get(1).number(9), "what stands for the command line is the comm");
        List<WireMessage> threads = packetsWith(2).stream().flatMap(packet -> packet.message(2).messages(2).stream()).toList();
        assertEquals(List.of("200 200 sort", "100 100 " + Story.HOSTILE),
                threads.stream().map(t -> t.number(1) + " " + t.number(3) + " " + t.text(2)).toList());
    }

    private List<WireMessage> trackEvents() {
        return packetsWith(11).stream().map(packet -> packet.message(11)).toList();
    }

    private WireMessage packetOf(int type, String name) {
        List<WireMessage> found = packetsWith(11).stream()
                .filter(packet -> packet.message(11).number(9) == type && packet.message(11).text(23).equals(name)).toList();
        assertEquals(1, found.size(), name);
        return found.getFirst();
    }

    private Map<String, String> annotations(WireMessage event) {
        Map<String, String> annotations = new HashMap<>();
        event.messages(4).forEach(a -> annotations.put(a.text(10), a.has(6) ? a.text(6) : "" + a.number(3)));
        return annotations;
    }

    /** The thread a track is of. */
    private long tidOf(long track) {
        List<WireMessage> descriptors = packetsWith(60).stream().map(packet -> packet.message(60))
                .filter(descriptor -> descriptor.number(1) == track).toList();
        assertEquals(1, descriptors.size(), "track " + track);
        return descriptors.getFirst().message(4).number(2);
    }

    @Test
    void aWaitIsASliceOfItsThreadFromItsBeginToItsWaking() {
        String name = "wait pipe:[81] ← " + Story.HOSTILE + "(100)";
        WireMessage begin = packetOf(1, name);
        WireMessage end = packetOf(2, name);
        assertEquals(List.of(1020L, 1050L), List.of(begin.number(8), end.number(8)));
        assertEquals(200, tidOf(begin.message(11).number(11)));
        assertEquals(begin.message(11).number(11), end.message(11).number(11));
        assertEquals("ipc wait", begin.message(11).text(22));
        assertEquals(Map.of("kind", "pipe", "object", "pipe:[81]", "syscall", "read", "waker", Story.HOSTILE + "(100)",
                "evidence", "object", "peers", Story.HOSTILE + "(100)", "end", "woken"), annotations(begin.message(11)));
    }

    @Test
    void aFlowLeadsFromTheWakersTrackToTheWaitersAtTheTimeOfTheWaking() {
        WireMessage from = packetOf(3, "wakes 200");
        WireMessage to = packetOf(3, "woken by " + Story.HOSTILE + "(100)");
        assertEquals(List.of(1050L, 1050L), List.of(from.number(8), to.number(8)));
        assertEquals(100, tidOf(from.message(11).number(11)));
        assertEquals(200, tidOf(to.message(11).number(11)));
        assertEquals(from.message(11).number(47), to.message(11).number(48));
        assertNotEquals(0, from.message(11).number(47));
        // Perfetto lets the arrow point away from what it sees first.
        assertTrue(packets.indexOf(from) < packets.indexOf(to));
        assertEquals(trackEvents().stream().flatMap(e -> e.numbers(47).stream()).sorted().toList(),
                trackEvents().stream().flatMap(e -> e.numbers(48).stream()).sorted().toList(), "flows pair up");
    }

    @Test
    void aWaitThatGoesOnAtTheEndIsASliceWithoutEnd() {
        WireMessage begin = packetOf(1, "wait sleep");
        assertEquals(1230, begin.number(8));
        assertEquals("ongoing", annotations(begin.message(11)).get("end"));
        assertTrue(trackEvents().stream().noneMatch(e -> e.number(9) == 2 && e.text(23).equals("wait sleep")));
    }

    @Test
    void lossIsMarkedWhereItHappenedAndToldAtTheEnd() {
        List<WireMessage> lossy = packetsWith(1).stream().map(p -> p.message(1)).filter(b -> b.has(3)).toList();
        assertEquals(1, lossy.size());
        assertEquals(List.of(1L, 1L), List.of(lossy.getFirst().number(1), lossy.getFirst().number(3)));
        WireMessage mark = packetOf(3, "5 events lost");
        assertEquals(1200, mark.number(8));
        assertEquals(Map.of("cpu", "1", "events", "5"), annotations(mark.message(11)));
        assertEquals(Map.of("events", "17", "syscallEvents", "6", "lost", "5"),
                annotations(packetOf(3, "end of trace").message(11)));
    }

    @Test
    void packetsStayBoundedHoweverManyEventsThereAre() throws IOException {
        int[] largest = {0};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceExport export = new PerfettoExporter(out, MACHINE, "1", Story.SYSCALLS::name);
        TraceEvent event = new TraceEvent();
        event.type = EventType.SYS_EXIT;
        int events = 100_000;
        for (int i = 0; i < events; i++) {
            event.timeNs = i;
            event.cpu = i & 1;
            export.onEvent(event);
        }
        event.type = EventType.END;
        export.onEvent(event);
        export.finish();
        int counted = 0;
        for (WireMessage packet : WireMessage.of(out.toByteArray()).messages(1)) {
            if (packet.has(1)) {
                int size = packet.message(1).messages(2).size();
                largest[0] = Math.max(largest[0], size);
                counted += size;
            }
        }
        assertEquals(events, counted);
        assertTrue(largest[0] < 10_000, "events in a packet: " + largest[0]);
    }

    @Test
    void aSwitchThatWasLearntOfLateIsOfItsOwnTime() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceExport export = new PerfettoExporter(out, MACHINE, "1", Story.SYSCALLS::name);
        TraceEvent event = new TraceEvent();
        event.become(EventType.SCHED_SWITCH, 900, null);
        event.otherTid = 7;
        export.onEvent(event);
        event.become(EventType.SCHED_SWITCH, 1900, null);
        event.otherTid = 7;
        event.arg4 = 1500;
        export.onEvent(event);
        event.become(EventType.END, 2000, null);
        export.onEvent(event);
        export.finish();
        List<Long> times = WireMessage.of(out.toByteArray()).messages(1).stream().filter(packet -> packet.has(1))
                .flatMap(packet -> packet.message(1).messages(2).stream()).map(switched -> switched.number(1)).toList();
        assertEquals(List.of(900L, 1500L), times);
    }

    @Test
    void aStreamThatTakesNoMoreEndsTheExport() {
        TraceExport export = new PerfettoExporter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        }, MACHINE, "1", Story.SYSCALLS::name);
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> new Story(export).tell());
        assertEquals("No space left on device", e.getCause().getMessage());
    }

    @Test
    void namesThatAreNoAsciiKeepTheirText() throws IOException {
        ProtoMessage message = new ProtoMessage();
        String name = "\u00e4\u20ac\ud83d\ude00";
        message.comm(1, Comm.pack(name, 0), Comm.pack(name, 8)).comm(2, -1L, -1L).text(3, "\ud800x").number(4, Long.MIN_VALUE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        WireMessage read = WireMessage.of(out.toByteArray());
        assertEquals(name, read.text(1));
        assertEquals("\ufffd".repeat(16), read.text(2));
        assertEquals("?x", read.text(3));
        assertEquals(Long.MIN_VALUE, read.number(4));
    }

    @Test
    void varintsAreThoseOfTheSpecification() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2.
        new ProtoMessage().number(1, 150).text(2, "testing").writeTo(out);
        assertArrayEquals(new byte[] {0x08, (byte) 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67},
                out.toByteArray());
    }
}
