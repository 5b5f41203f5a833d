package ktrace.perf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.linux.OnlineCpus;
import ktrace.linux.uapi.Uapi;
import ktrace.tracefs.TraceFs;

/**
 * Makes tests/golden/ring-VERSION.bin and .txt: as root on a kernel whose formats are in tests/formats, with the test class path,
 * {@code java ktrace.perf.GoldenRing VERSION}. Records every tracepoint while a shell starts a child, and keeps what only those
 * two and the idle task had a part in: nothing of the rest of the machine gets into the file.
 */
final class GoldenRing {
    private static final int RING_BYTES = 4 << 20;
    /** A starting program makes many calls alike; this many records with calls among them are enough. */
    private static final int RECORDS = 120;

    private GoldenRing() {
    }

    public static void main(String[] args) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "read line; /bin/true; exit 0").start();
        int pid = (int) shell.pid();
        TraceFs tracefs = TraceFs.open(System.err::println);
        List<RawLayout> layouts = new ArrayList<>();
        for (Tracepoint tracepoint : Tracepoint.values()) {
            layouts.add(tracepoint.hasFormat()
                    ? RawLayout.of(tracepoint, tracefs.format(tracepoint.system(), tracepoint.tracepoint())) : RawLayout.OF_FAULTS);
        }
        RecordDecoder decoder = new RecordDecoder(layouts);
        List<byte[]> kept = new ArrayList<>();
        try (EventOpener opener = new EventOpener(layouts, RING_BYTES)) {
            CpuOpener cpus = new CpuOpener(opener, CpuOpener.ALL, RING_BYTES, System.err::println);
            List<CpuEvents> opened = new ArrayList<>();
            for (int cpu : OnlineCpus.read()) {
                opened.add(cpus.open(cpu, ""));
            }
            opened.forEach(cpu -> cpu.events().forEach(opener::enable));
            shell.getOutputStream().write('\n');
            shell.getOutputStream().flush();
            shell.waitFor();
            opener.disableAll();
            opened.forEach(cpu -> keep(cpu.ring(), decoder, kept));
        }
        kept.sort(Comparator.comparingLong(record -> buffer(record).getLong(RecordDecoder.SAMPLE_TIME)));
        write(ofFamily(kept, decoder, pid), Path.of("tests/golden/ring-" + args[0]));
    }

    private static ByteBuffer buffer(byte[] record) {
        return ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void keep(PerfRingBuffer ring, RecordDecoder decoder, List<byte[]> kept) {
        ring.refresh();
        for (long position = ring.tail(); position < ring.head();) {
            long base = ring.index(position);
            int size = ring.data().get(ValueLayout.JAVA_SHORT, base + 6) & 0xffff;
            if (ring.data().get(ValueLayout.JAVA_INT, base) == Uapi.PERF_RECORD_SAMPLE()
                    && decoder.layoutOf(ring.data(), base, size) != null) {
                kept.add(ring.data().asSlice(base, size).toArray(ValueLayout.JAVA_BYTE));
            }
            position += size;
        }
    }

    private static List<byte[]> ofFamily(List<byte[]> records, RecordDecoder decoder, int pid) {
        Set<Integer> family = new java.util.HashSet<>(Set.of(0, pid));
        List<byte[]> result = new ArrayList<>();
        for (byte[] record : records) {
            MemorySegment memory = java.lang.foreign.Arena.ofAuto().allocate(record.length, 8);
            MemorySegment.copy(record, 0, memory, ValueLayout.JAVA_BYTE, 0, record.length);
            RawLayout layout = decoder.layoutOf(memory, 0, record.length);
            TraceEvent event = new TraceEvent();
            event.otherTid = 0;
            decoder.decode(memory, 0, layout, event);
            if (event.type == EventType.TASK_NEWTASK && event.tid == pid) {
                family.add(event.otherTid);
            }
            boolean concerns = family.contains(event.tid) && family.contains(event.otherTid) && event.tid + event.otherTid != 0;
            boolean syscall = layout.tracepoint().perTask();
            if (concerns && (!syscall || result.size() < RECORDS)) {
                result.add(record);
            }
        }
        return result;
    }

    private static void write(List<byte[]> records, Path name) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(records.stream().mapToInt(record -> record.length).sum());
        records.forEach(all::put);
        Files.write(Path.of(name + ".bin"), all.array());
        Files.write(Path.of(name + ".txt"), GoldenRingTest.lines(all.array(), 0));
    }
}
