package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ktrace.Golden;
import ktrace.ctf.TraceEnvironment;
import ktrace.ctf.read.LttngTrace;
import ktrace.ctf.write.Packets.Packet;
import ktrace.event.EventSource.Capabilities;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.system.Targets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Which bytes stand for which event, and what is declared of them. */
class CtfWriterTest {
    private static final UUID ID = UUID.fromString(LttngTrace.UUID);
    private static final SyscallTable CALLS = SyscallTable.current();

    private final Packets packets = new Packets();
    private final CtfWriter writer = new CtfWriter(packets, Preamble.bytes(ID), new int[] {0, 2}, RecordedFiles::format, false);
    private long timeNs = 1_000_000_000;

    private TraceEvent event(EventType type, int cpu) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.cpu = cpu;
        event.timeNs = ++timeNs;
        event.tgid = 70;
        event.tid = 71;
        return event;
    }

    private void call(EventType type, int cpu, long number, long value) {
        TraceEvent event = event(type, cpu);
        event.number = number;
        event.arg0 = value;
        event.arg1 = 0x1122334455667788L;
        event.arg2 = value;
        event.result = value;
        writer.onEvent(event);
    }

    private void end(Map<Integer, Long> lostOnCpu) {
        TraceEvent event = event(EventType.END, -1);
        event.payload = new WindowFacts(1, 2, 3, Map.of(TraceCounter.LOST_EVENTS, 4L), lostOnCpu);
        writer.onEvent(event);
    }

    private int id(String name) {
        Matcher declared = Pattern.compile("name = \"" + name + "\";\n\tid = (\\d+);").matcher(packets.metadata);
        assertTrue(declared.find(), name + " is not declared");
        return Integer.parseInt(declared.group(1));
    }

    private static void assertExtended(ByteBuffer events, int id, long timeNs) {
        assertEquals(31, events.get());
        assertEquals(id, events.getInt());
        assertEquals(timeNs, events.getLong());
        assertEquals(70, events.getInt(), "_pid");
        assertEquals(71, events.getInt(), "_tid");
    }

    @Test
    void aCallsArgumentsTakeTheWidthOfTheirTypes() {
        call(EventType.SYS_ENTER, 2, CALLS.number("read"), 0xffff_ffff_0000_0007L);
        call(EventType.SYS_EXIT, 2, CALLS.number("read"), -11);
        end(Map.of());
        ByteBuffer events = packets.of("cpu_2").getFirst().events();
        assertExtended(events, id("syscall_entry_read"), 1_000_000_001);
        assertEquals(7, events.getInt(), "unsigned int fd");
        assertEquals(0x1122334455667788L, events.getLong(), "char *buf");
        assertEquals(0xffff_ffff_0000_0007L, events.getLong(), "size_t count");
        assertExtended(events, id("syscall_exit_read"), 1_000_000_002);
        assertEquals(-11, events.getLong());
        assertFalse(events.hasRemaining());
    }

    /** Whose tracepoint the kernel names after a function. */
    @Test
    void aCallGoesByTheNameThatLttngHas() {
        call(EventType.SYS_ENTER, 2, CALLS.number("stat"), 0x7000);
        call(EventType.SYS_EXIT, 2, CALLS.number("stat"), -2);
        end(Map.of());
        ByteBuffer events = packets.of("cpu_2").getFirst().events();
        assertExtended(events, id("syscall_entry_newstat"), 1_000_000_001);
        assertEquals(0, events.get(), "no name is known");
        assertEquals(0x1122334455667788L, events.getLong(), "statbuf");
        assertEquals(0x7000, events.getLong(), "where the name lies");
        assertExtended(events, id("syscall_exit_newstat"), 1_000_000_002);
    }

    @Test
    void aNumberThatIsNoCallIsWrittenWithAllItHas() {
        call(EventType.SYS_ENTER, 0, -1, 5);
        call(EventType.SYS_EXIT, 0, 1L << 40, -38);
        end(Map.of());
        ByteBuffer events = packets.of("cpu_0").getFirst().events();
        assertExtended(events, id("syscall_entry_unknown"), 1_000_000_001);
        assertEquals(-1, events.getLong());
        assertEquals(6, events.get(), "six arguments follow");
        assertEquals(5, events.getLong());
        events.position(events.position() + 5 * 8);
        assertExtended(events, id("syscall_exit_unknown"), 1_000_000_002);
        assertEquals(1L << 40, events.getLong());
        assertEquals(-38, events.getLong());
    }

    @Test
    void aSwitchIsWrittenInLttngsOrder() {
        TraceEvent event = event(EventType.SCHED_SWITCH, 0);
        event.otherTid = 99;
        event.number = 2;
        event.arg0 = 0x41;
        event.arg2 = 120;
        event.arg3 = 98;
        event.comm0 = 0x42;
        writer.onEvent(event);
        end(Map.of());
        ByteBuffer events = packets.of("cpu_0").getFirst().events();
        assertExtended(events, id("sched_switch"), 1_000_000_001);
        assertEquals(0x41, events.getLong(), "prev_comm");
        assertEquals(0, events.getLong());
        assertEquals(71, events.getInt(), "prev_tid");
        assertEquals(20, events.getInt(), "prev_prio");
        assertEquals(2, events.getLong(), "prev_state");
        assertEquals(0x42, events.getLong(), "next_comm");
        assertEquals(0, events.getLong());
        assertEquals(99, events.getInt(), "next_tid");
        assertEquals(-2, events.getInt(), "next_prio");
    }

    /** Twelve bytes for an entry without arguments, twenty for an exit. */
    @Test
    void fromThe256thOnACallTakesThirtyTwoBytes() {
        int getppid = CALLS.number("getppid");
        for (int i = 0; i < 1256; i++) {
            call(EventType.SYS_ENTER, 0, getppid, 0);
            call(EventType.SYS_EXIT, 0, getppid, 1);
        }
        long before = packets.all.size();
        TraceEvent interval = event(EventType.INTERVAL, -1);
        interval.payload = new WindowFacts(0, 0, 0, Map.of());
        assertEquals(0, before);
        writer.onEvent(interval);
        long content = packets.of("cpu_0").getFirst().contentBits() / 8;
        long intervalBytes = 13 + 8 + 24 + 1;
        assertEquals(84 + 255 * (32 + 2 * 9) + 1001 * 32 + intervalBytes, content);
    }

    @Test
    void nothingIsUsedBeforeItIsDeclaredAndNothingIsDeclaredTwiceAlike() {
        for (int i = 0; i < 100_000; i++) {
            call(EventType.SYS_ENTER, i % 2 * 2, CALLS.number(i < 50_000 ? "getppid" : "read"), 0);
        }
        end(Map.of());
        Pattern ids = Pattern.compile("\tid = (\\d+);\n\tstream_id = 0;");
        List<String> seen = ids.matcher(packets.metadata).results().map(result -> result.group(1)).toList();
        assertEquals(seen.stream().distinct().toList(), seen);
        for (Packet packet : packets.all) {
            String declared = packets.metadata.substring(0, packet.declared());
            int header = packet.events().getInt();
            int id = (header & 31) < 31 ? header & 31 : packet.bytes().getInt(Packets.HEADER + 1);
            assertTrue(declared.contains("\tid = " + id + ";\n"), "id " + id + " in " + packet.file());
            assertTrue(declared.endsWith("};\n\n"), "whole declarations");
        }
        assertTrue(packets.all.size() > 4, packets.all.size() + " packets");
    }

    @Test
    void ktracesOwnEventsAndThoseOfUnknownCpusGoToTheFirst() {
        writer.onEvent(event(EventType.START, -1));
        call(EventType.SYS_ENTER, 1, CALLS.number("getppid"), 0);
        call(EventType.SYS_ENTER, 77, CALLS.number("getppid"), 0);
        end(Map.of());
        assertEquals(Packets.HEADER * 8, packets.of("cpu_2").getFirst().contentBits(), "only that there was nothing");
        assertEquals(4, writer.events());
    }

    @Test
    void lossIsToldByAnEventByThePacketAndExactlyAtTheEnd() {
        TraceEvent lost = event(EventType.EVENTS_LOST, 2);
        lost.number = 17;
        writer.onEvent(lost);
        end(Map.of(2, 20L, 0, 1L));
        ByteBuffer events = packets.of("cpu_2").getFirst().events();
        assertExtended(events, id("ktrace_events_lost"), 1_000_000_001);
        assertEquals(17, events.getLong());
        assertEquals(20, packets.of("cpu_2").getLast().discarded());
        assertEquals(1, packets.of("cpu_0").getLast().discarded());
    }

    @Test
    void lossOnACpuWithoutEventsIsToldByAnEmptyPacket() {
        end(Map.of(2, 20L));
        Packet only = packets.of("cpu_2").getFirst();
        assertEquals(Packets.HEADER * 8, only.contentBits());
        assertEquals(20, only.discarded());
        assertEquals(timeNs, only.timestampBegin());
    }

    @Test
    void anIntervalHandsOnWhatEveryStreamHas() {
        call(EventType.SYS_ENTER, 2, CALLS.number("getppid"), 0);
        call(EventType.SYS_ENTER, 0, CALLS.number("getppid"), 0);
        assertTrue(packets.all.isEmpty());
        TraceEvent interval = event(EventType.INTERVAL, -1);
        interval.payload = new WindowFacts(0, 0, 0, Map.of());
        writer.onEvent(interval);
        assertEquals(List.of("cpu_0", "cpu_2"), packets.all.stream().map(Packet::file).toList());
    }

    /** The digits of some locales are not ASCII. */
    @Test
    void theMetadataIsTheSameInEveryLocale() {
        TraceEnvironment env = new TraceEnvironment("perf", Capabilities.OF_TRACEPOINTS, 3,
                "0.0", "host", "6.18.0", "#1", "x86_64", 1_700_000_000_000_000_000L,
                "-p 7", Targets.processes(1, List.of(7)));
        String metadata = Preamble.of(env, ID);
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
        try {
            assertEquals(metadata, Preamble.of(env, ID));
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void theMetadataIsAsItWasLookedAt() throws IOException {
        Assumptions.assumeTrue(Abi.current() == Abi.X86_64, "the ids are those of x86-64's system calls");
        packets.metadata(Preamble.of(new TraceEnvironment("perf", Capabilities.OF_TRACEPOINTS, 3,
                "0.0", "host \"x\"", "6.18.0", "#1", "x86_64",
                1_700_000_000_000_000_000L, "-p 7", Targets.processes(1, List.of(7))), ID));
        RandomEvents random = new RandomEvents(1);
        List<TraceEvent> all = new ArrayList<>();
        for (EventType type : EventType.values()) {
            if (type != EventType.SYS_ENTER && type != EventType.SYS_EXIT && type != EventType.END) {
                all.add(random.of(type));
            }
        }
        all.forEach(writer::onEvent);
        for (String name : List.of("read", "openat", "getppid")) {
            call(EventType.SYS_ENTER, 0, CALLS.number(name), 0);
            call(EventType.SYS_EXIT, 0, CALLS.number(name), 0);
        }
        call(EventType.SYS_ENTER, 0, 4000, 0);
        call(EventType.SYS_EXIT, 0, 4000, 0);
        TraceEvent end = random.end();
        writer.onEvent(end);
        Golden.assertMatches("metadata.tsdl", packets.metadata.toString());
    }

    /** Full packets included: only who takes them may need memory. The JIT compiler may need some, once. */
    @Test
    void nothingIsAllocatedPerEvent() {
        long[] handedOn = new long[1];
        CtfWriter measured = new CtfWriter(new PacketSink() {
            @Override
            public void metadata(String text) {
                handedOn[0]++;
            }

            @Override
            public void packet(String file, java.lang.foreign.MemorySegment packet, long sizeBytes) {
                handedOn[0]++;
            }
        }, Preamble.bytes(ID), new int[] {0, 2}, RecordedFiles::format, false);
        RandomEvents random = new RandomEvents(2);
        List<TraceEvent> often = new ArrayList<>();
        for (EventType type : List.of(EventType.SCHED_SWITCH, EventType.SCHED_WAKING, EventType.SCHED_WAKEUP_NEW,
                EventType.SCHED_MIGRATE_TASK, EventType.TASK_NEWTASK, EventType.TASK_RENAME, EventType.SCHED_PROCESS_EXIT,
                EventType.EVENTS_LOST, EventType.RING_CREATE, EventType.RING_SUBMIT, EventType.RING_FILE, EventType.RING_READY,
                EventType.RING_COMPLETE, EventType.RING_WAIT, EventType.LOCK_CONTENDED, EventType.WORK_QUEUED,
                EventType.WORK_STARTED, EventType.PAGE_FAULTED)) {
            often.add(random.of(type));
        }
        for (String name : List.of("read", "getppid", "openat", "write")) {
            for (EventType type : List.of(EventType.SYS_ENTER, EventType.SYS_EXIT)) {
                TraceEvent event = random.of(type);
                event.number = CALLS.number(name);
                often.add(event);
            }
        }
        TraceEvent[] events = often.toArray(TraceEvent[]::new);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (long round = 0; round < 5; round++) {
            long packetsBefore = handedOn[0];
            long before = threads.getCurrentThreadAllocatedBytes();
            long between = threads.getCurrentThreadAllocatedBytes();
            play(measured, events, round << 50);
            long after = threads.getCurrentThreadAllocatedBytes();
            least = Math.min(least, after - between - (between - before));
            assertTrue(handedOn[0] > packetsBefore + 10, "packets were filled");
        }
        assertEquals(0, least, "once everything is compiled");
    }

    private static void play(CtfWriter writer, TraceEvent[] events, long startNs) {
        long timeNs = startNs;
        for (int i = 0; i < 20_000; i++) {
            for (TraceEvent event : events) {
                event.timeNs = timeNs += 137;
                writer.onEvent(event);
            }
        }
    }
}
