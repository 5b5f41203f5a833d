package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.linux.uapi.Uapi;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each tracepoint's record, built byte by byte, becomes exactly the event that {@link EventType} promises. */
class RecordDecoderTest {
    private static TraceEvent decode(RecordBytes.Sample sample) {
        FakeRing ring = new FakeRing(4096);
        ring.write(sample.by(100, 101).at(5_000_000_000L).set("common_flags", 0x08).bytes());
        ring.stream.refresh();
        assertEquals(5_000_000_000L, ring.stream.nextTimeNs());
        TraceEvent event = ring.take();
        assertEquals(5_000_000_000L, event.timeNs);
        assertEquals(3, event.cpu);
        assertEquals(100, event.tgid);
        assertEquals(0x08, event.contextFlags);
        assertTrue(event.inInterrupt());
        return event;
    }

    private static void assertComm(String expected, TraceEvent event) {
        byte[] bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(event.comm0).putLong(event.comm1).array();
        assertEquals(expected, new String(bytes, StandardCharsets.UTF_8).replaceFirst("\0.*", ""));
    }

    @Test
    void sysEnter() {
        RecordBytes.Sample sample = RecordBytes.sample(Tracepoint.SYS_ENTER).set("id", 257);
        for (int i = 0; i < 6; i++) {
            sample.setAt("args", i, 0x1111_1111_1111_1111L * (i + 1));
        }
        TraceEvent event = decode(sample);
        assertEquals(EventType.SYS_ENTER, event.type);
        assertEquals(101, event.tid);
        assertEquals(257, event.number);
        assertEquals(List.of(0x1111_1111_1111_1111L, 0x2222_2222_2222_2222L, 0x3333_3333_3333_3333L, 0x4444_4444_4444_4444L,
                0x5555_5555_5555_5555L, 0x6666_6666_6666_6666L),
                List.of(event.arg0, event.arg1, event.arg2, event.arg3, event.arg4, event.arg5));
    }

    @Test
    void sysExit() {
        TraceEvent event = decode(RecordBytes.sample(Tracepoint.SYS_EXIT).set("id", -1).set("ret", -11));
        assertEquals(EventType.SYS_EXIT, event.type);
        assertEquals(-1, event.number);
        assertEquals(-11, event.result);
        assertEquals(101, event.tid);
    }

    @Test
    void schedSwitch() {
        TraceEvent event = decode(RecordBytes.sample(Tracepoint.SCHED_SWITCH).setText("prev_comm", "before").set("prev_pid", 55)
                .set("prev_state", 0x82).setText("next_comm", "sixteen-letters").set("next_pid", 56).set("prev_prio",
                120).set("next_prio", 98));
        assertEquals(EventType.SCHED_SWITCH, event.type);
        assertEquals(55, event.tid);
        assertEquals(56, event.otherTid);
        assertEquals(0x82, event.number);
        assertComm("sixteen-letters", event);
        assertEquals("before", Comm.text(event.arg0, event.arg1));
        assertEquals(List.of(120L, 98L), List.of(event.arg2, event.arg3));
    }

    @Test
    void stateOfASocket() {
        RecordBytes.Sample sample = RecordBytes.sample(Tracepoint.INET_SOCK_SET_STATE).set("skaddr", 0xffff888012345600L)
                .set("oldstate", 3).set("newstate", 1).set("sport", 80).set("dport", 50_001);
        // In network order.
        sample.setAt("saddr_v6", 0, 0x1716151413121110L).setAt("saddr_v6", 1, 0x1f1e1d1c1b1a1918L)
                .setAt("daddr_v6", 0, 0xe7e6e5e4e3e2e1e0L).setAt("daddr_v6", 1, 0xefeeedecebeae9e8L);
        TraceEvent event = decode(sample);
        assertEquals(EventType.INET_SOCK_SET_STATE, event.type);
        assertEquals(101, event.tid);
        assertEquals(List.of(1L, 3L, 0xffff888012345600L, 80L << 16 | 50_001),
                List.of(event.number, event.result, event.arg0, event.arg1));
        assertEquals(List.of(0x1011121314151617L, 0x18191a1b1c1d1e1fL, 0xe0e1e2e3e4e5e6e7L, 0xe8e9eaebecedeeefL),
                List.of(event.arg2, event.arg3, event.arg4, event.arg5));
    }

    @Test
    void wakings() {
        for (Tracepoint tracepoint : List.of(Tracepoint.SCHED_WAKING, Tracepoint.SCHED_WAKEUP_NEW)) {
            TraceEvent event = decode(RecordBytes.sample(tracepoint).setText("comm", "woken").set("pid", 77).set("prio", 99)
                    .set("target_cpu", 6));
            assertComm("woken", event);
            assertEquals(List.of(6L, 99L), List.of(event.arg0, event.arg1));
            assertEquals(tracepoint.eventType(), event.type);
            assertEquals(101, event.tid);
            assertEquals(77, event.otherTid);
            assertEquals(6, event.arg0);
        }
    }

    @Test
    void migration() {
        TraceEvent event = decode(RecordBytes.sample(Tracepoint.SCHED_MIGRATE_TASK).set("pid", 78).set("orig_cpu", 2)
                .set("dest_cpu", 9).set("prio", 120).setLocated("comm", "nine letters"));
        assertEquals(EventType.SCHED_MIGRATE_TASK, event.type);
        assertComm("nine letters", event);
        assertEquals(120, event.arg2);
        assertEquals(List.of(101L, 78L, 2L, 9L), List.of((long) event.tid, (long) event.otherTid, event.arg0, event.arg1));
    }

    @Test
    void newTaskAndRename() {
        TraceEvent born = decode(RecordBytes.sample(Tracepoint.TASK_NEWTASK).set("pid", 90).setText("comm", "child")
                .set("clone_flags", 0x3d0f00));
        assertEquals(EventType.TASK_NEWTASK, born.type);
        assertEquals(List.of(101L, 90L, 0x3d0f00L), List.of((long) born.tid, (long) born.otherTid, born.number));
        assertComm("child", born);
        TraceEvent renamed = decode(RecordBytes.sample(Tracepoint.TASK_RENAME).set("pid", 91).setText("oldcomm", "old")
                .setText("newcomm", "new name"));
        assertEquals(EventType.TASK_RENAME, renamed.type);
        assertEquals(91, renamed.tid);
        assertComm("new name", renamed);
        assertEquals("old", Comm.text(renamed.arg0, renamed.arg1));
    }

    @Test
    void execAndExit() {
        TraceEvent exec = decode(RecordBytes.sample(Tracepoint.SCHED_PROCESS_EXEC).set("pid", 100).set("old_pid", 101)
                .setLocated("filename", "/usr/bin/größe"));
        assertEquals(EventType.SCHED_PROCESS_EXEC, exec.type);
        assertEquals(100, exec.tid);
        assertEquals(101, exec.otherTid);
        assertEquals("/usr/bin/größe", exec.payload);
        TraceEvent exit = decode(RecordBytes.sample(Tracepoint.SCHED_PROCESS_EXIT).setText("comm", "gone").set("pid",
                102).set("prio", 130).set("group_dead", 1));
        assertComm("gone", exit);
        assertEquals(TraceEvent.LAST_OF_PROCESS, exit.arg1);
        assertEquals(TraceEvent.OTHERS_LIVE,
                decode(RecordBytes.sample(Tracepoint.SCHED_PROCESS_EXIT).setText("comm", "goes").set("pid", 102)).arg1);
        assertEquals(130, exit.arg0);
        assertEquals(EventType.SCHED_PROCESS_EXIT, exit.type);
        assertEquals(102, exit.tid);
        assertNull(exit.payload);
    }

    @Test
    void rings() {
        TraceEvent made = decode(RecordBytes.sample(Tracepoint.RING_CREATE).set("ctx", 0xffff8880_00001000L).set("fd", 5)
                .set("flags", 0x3000));
        assertEquals(List.of(EventType.RING_CREATE, 0xffff8880_00001000L, 5L, 0x3000L),
                List.of(made.type, made.arg0, made.number, made.arg1));
        TraceEvent submitted = decode(RecordBytes.sample(Tracepoint.RING_SUBMIT).set("ctx", 7).set("req", 8).set("opcode", 200));
        assertEquals(List.of(EventType.RING_SUBMIT, 7L, 8L, 200L, 101),
                List.of(submitted.type, submitted.arg0, submitted.arg1, submitted.number, submitted.tid));
        TraceEvent file = decode(RecordBytes.sample(Tracepoint.RING_FILE).set("ctx", 7).set("req", 8).set("fd", 3));
        assertEquals(List.of(EventType.RING_FILE, 7L, 8L, 3L), List.of(file.type, file.arg0, file.arg1, file.number));
        TraceEvent ready = decode(RecordBytes.sample(Tracepoint.RING_READY).set("ctx", 7).set("req", 8)
                .set("common_flags", TraceEvent.FLAG_SOFT_INTERRUPT));
        assertEquals(List.of(EventType.RING_READY, 7L, 8L, true), List.of(ready.type, ready.arg0, ready.arg1, ready.inInterrupt()));
        TraceEvent done = decode(RecordBytes.sample(Tracepoint.RING_COMPLETE).set("ctx", 7).set("req", 8).set("res", -62)
                .set("cflags", 0x80000002L));
        assertEquals(List.of(EventType.RING_COMPLETE, 7L, 8L, -62L, 0x80000002L),
                List.of(done.type, done.arg0, done.arg1, done.result, done.number));
        TraceEvent waits = decode(RecordBytes.sample(Tracepoint.RING_WAIT).set("ctx", 7).set("min_events", 1));
        assertEquals(List.of(EventType.RING_WAIT, 7L), List.of(waits.type, waits.arg0));
    }

    /** Kernels before 5.18 do not say of which request an event is; before 6.4 one of them had another name; one may lack all. */
    @Test
    void whatAKernelDoesNotTellOfRingsIsLeftOut(@TempDir Path events) throws IOException {
        for (Tracepoint tracepoint : Stream.of(Tracepoint.values()).filter(Tracepoint::hasFormat).toList()) {
            write(events, tracepoint, tracepoint.tracepoint(), Files.readString(Formats.file(tracepoint)));
        }
        TraceFs tracefs = new TraceFs(events);
        assertEquals(List.of(Tracepoint.values()), RawLayout.all(tracefs).stream().map(RawLayout::tracepoint).toList());
        Path renamed = events.resolve("events/io_uring/io_uring_submit_req");
        Files.move(renamed, renamed.resolveSibling("io_uring_submit_sqe"));
        assertEquals(List.of(Tracepoint.values()), RawLayout.all(tracefs).stream().map(RawLayout::tracepoint).toList());
        write(events, Tracepoint.RING_FILE, "io_uring_file_get", Files.readString(Formats.file(Tracepoint.RING_FILE))
                .replaceAll("(?m)^.*\\breq;.*$", ""));
        List<Tracepoint> others = Stream.of(Tracepoint.values()).filter(tracepoint -> !Tracepoint.RING_FILE.group().contains(tracepoint))
                .toList();
        assertEquals(others, RawLayout.all(tracefs).stream().map(RawLayout::tracepoint).toList());
        Files.delete(events.resolve("events/sched/sched_switch/format"));
        assertThrows(TracepointException.class, () -> RawLayout.all(tracefs));
    }

    private static void write(Path events, Tracepoint tracepoint, String name, String format) throws IOException {
        Path directory = Files.createDirectories(events.resolve("events").resolve(tracepoint.system()).resolve(name));
        Files.writeString(directory.resolve("format"), format);
    }

    @Test
    void whatElseIsInsideTheKernel() {
        TraceEvent contended = decode(RecordBytes.sample(Tracepoint.LOCK_CONTENDED).set("lock_addr", 0xffff8880_00001000L)
                .set("flags", 4));
        assertEquals(List.of(EventType.LOCK_CONTENDED, 0xffff8880_00001000L, 4L, 101),
                List.of(contended.type, contended.arg0, contended.number, contended.tid));
        TraceEvent queued = decode(RecordBytes.sample(Tracepoint.WORK_QUEUED).set("work", 7).set("function", 8));
        assertEquals(List.of(EventType.WORK_QUEUED, 7L), List.of(queued.type, queued.arg0));
        TraceEvent started = decode(RecordBytes.sample(Tracepoint.WORK_STARTED).set("work", 7).set("function", 8));
        assertEquals(List.of(EventType.WORK_STARTED, 7L), List.of(started.type, started.arg0));
    }

    /** The only sample without raw data: thread, time and address. */
    @Test
    void whoWaitedForAPage() {
        FakeRing ring = new FakeRing(4096);
        ring.write(ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putInt(Uapi.PERF_RECORD_SAMPLE()).putShort((short) 0)
                .putShort((short) 32).putInt(100).putInt(101).putLong(5000).putLong(0x7f00_0000_1234L).array());
        ring.stream.refresh();
        TraceEvent event = ring.take();
        assertEquals(List.of(EventType.PAGE_FAULTED, 100, 101, 5000L, 0x7f00_0000_1234L, 0),
                List.of(event.type, event.tgid, event.tid, event.timeNs, event.arg0, event.contextFlags));
        assertEquals(1, ring.stream.seen(Tracepoint.PAGE_FAULTED));
    }

    /** No offset is hard-coded: the same fields elsewhere are found there. */
    @Test
    void otherKernelsLayouts() {
        var migrate = Formats.older(Tracepoint.SCHED_MIGRATE_TASK);
        TraceEvent event = decodeAs(Tracepoint.SCHED_MIGRATE_TASK, RecordBytes.sample(migrate).by(7, 8).set("pid", 78)
                .set("orig_cpu", 2).set("dest_cpu", 9));
        assertEquals(List.of(8L, 78L, 2L, 9L), List.of((long) event.tid, (long) event.otherTid, event.arg0, event.arg1));
        var waking = Formats.older(Tracepoint.SCHED_WAKING);
        var exit = Formats.older(Tracepoint.SCHED_PROCESS_EXIT);
        assertEquals(0, decodeAs(Tracepoint.SCHED_PROCESS_EXIT, RecordBytes.sample(exit).by(7, 8).set("pid", 79)).arg1);
        event = decodeAs(Tracepoint.SCHED_WAKING, RecordBytes.sample(waking).by(7, 8).set("pid", 79).set("success", 1)
                .set("target_cpu", 4));
        assertEquals(List.of(8L, 79L, 4L), List.of((long) event.tid, (long) event.otherTid, event.arg0));
    }

    private static TraceEvent decodeAs(Tracepoint tracepoint, RecordBytes.Sample sample) {
        RawLayout layout = RawLayout.of(tracepoint, Formats.older(tracepoint));
        RecordDecoder decoder = new RecordDecoder(List.of(layout));
        MemorySegment memory = segment(sample.bytes());
        assertEquals(layout, decoder.layoutOf(memory, 0, (int) memory.byteSize()));
        TraceEvent event = new TraceEvent();
        decoder.decode(memory, 0, layout, event);
        return event;
    }

    private static MemorySegment segment(byte[] bytes) {
        MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 8);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    @Test
    void aSampleShorterThanItsTracepointIsNotDecoded() {
        byte[] whole = RecordBytes.sysEnter(1, 2, 3);
        RecordDecoder decoder = new RecordDecoder(Formats.layouts());
        int fixed = Formats.of(Tracepoint.SYS_ENTER).find("args").offset() + 48;
        for (int rawBytes = -8; rawBytes < whole.length; rawBytes++) {
            byte[] cut = whole.clone();
            ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(RecordDecoder.RAW_SIZE, rawBytes);
            boolean fits = rawBytes >= fixed && rawBytes <= whole.length - RecordDecoder.RAW_DATA;
            assertEquals(fits, decoder.layoutOf(segment(cut), 0, cut.length) != null, "raw size " + rawBytes);
        }
        assertNull(decoder.layoutOf(segment(whole), 0, 24));
    }

    @Test
    void aSampleOfAnUnknownTracepointIsNotDecoded() {
        byte[] unknown = RecordBytes.sysEnter(1, 2, 3);
        RecordDecoder decoder = new RecordDecoder(Formats.layouts());
        for (int type : new int[] {0, 1, 0x7fff, 0x8000, 0xffff}) {
            ByteBuffer.wrap(unknown).order(ByteOrder.LITTLE_ENDIAN).putShort(RecordDecoder.RAW_DATA, (short) type);
            assertNull(decoder.layoutOf(segment(unknown), 0, unknown.length));
        }
    }

    /** Location and length of the file name come out of the record and are not believed. */
    @Test
    void aFileNameOutsideTheRecordIsCut() {
        int[] locations = {0, 0xffff_ffff, 0x7fff_ffff, 0xffff_0000, 0x0000_ffff, 0xffff_0010, 0x0001_0014};
        for (int location : locations) {
            FakeRing ring = new FakeRing(4096);
            ring.write(RecordBytes.sample(Tracepoint.SCHED_PROCESS_EXEC).setLocated("filename", "/bin/true")
                    .set("filename", location).bytes());
            ring.stream.refresh();
            String name = (String) ring.take().payload;
            assertTrue(name.length() <= 64, name);
            assertEquals(0, ring.count(TraceCounter.MALFORMED_RECORDS));
        }
    }
}
