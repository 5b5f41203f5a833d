package ktrace.perf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.SyscallTable;
import ktrace.linux.uapi.Uapi;

/**
 * A ring that is full of the same bytes again and again, with the time going on: what one CPU writes while it does the same over and
 * over. Filling it costs two instructions a record, so that reading it can be measured.
 */
public final class ReplayRing {
    private static final long STEP_NS = 400;
    private static final int FIRST = 1000;

    private final ReplayLoad load;
    /** The number of the first of its processes. */
    private final int first;
    private final MemorySegment all;
    private final MemorySegment data;
    private final long[] timeOffsets;
    private final PerfRingBuffer ring;
    private final PerfStream stream;
    private final TraceCounters counters = new TraceCounters();
    private long nowNs;
    private long head;

    /** One of {@link ReplayLoad#MIX}. */
    public ReplayRing(int cpu, int ringBytes, long startNs) {
        this(ReplayLoad.MIX, cpu, ringBytes, startNs);
    }

    /**
     * @param cpu whose events they are; tells the processes of several rings apart as well
     * @param ringBytes power of two
     */
    public ReplayRing(ReplayLoad load, int cpu, int ringBytes, long startNs) {
        this.load = load;
        first = FIRST + 10 * cpu;
        nowNs = startNs;
        all = Arena.ofAuto().allocate(PerfRingBuffer.PAGE_BYTES + (long) ringBytes, 4096);
        data = all.asSlice(PerfRingBuffer.PAGE_BYTES);
        timeOffsets = write(ringBytes);
        ring = new PerfRingBuffer(all, () -> { });
        stream = new PerfStream(cpu, ring, new RecordDecoder(Formats.layouts()), counters, new DuplicateFilter(),
                new TaskAbis(), new MissedSwitches(cpu, new ThreadNames(), null));
    }

    /** Writes whole rounds and fills the rest with one record that is stepped over. */
    private long[] write(int ringBytes) {
        byte[] round = load.records(first);
        List<Long> offsets = new ArrayList<>();
        int at = 0;
        for (; at + round.length <= ringBytes - 8; at += round.length) {
            MemorySegment.copy(round, 0, data, ValueLayout.JAVA_BYTE, at, round.length);
            int size;
            for (int in = 0; in < round.length; in += size) {
                size = data.get(ValueLayout.JAVA_SHORT, at + in + 6L);
                offsets.add(at + in + (long) RecordDecoder.SAMPLE_TIME);
            }
        }
        byte[] filler = RecordBytes.header(Uapi.PERF_RECORD_UNTHROTTLE(), ringBytes - at);
        MemorySegment.copy(filler, 0, data, ValueLayout.JAVA_BYTE, at, filler.length);
        return offsets.stream().mapToLong(Long::longValue).toArray();
    }

    /** Numbers of its processes. */
    public List<Integer> tgids() {
        return IntStream.range(first, first + load.processes).boxed().toList();
    }

    /** Tells a tracker who they are and what their descriptors refer to. */
    public void introduce(Consumer<TraceEvent> to) {
        for (ReplayLoad.Pipe pipe : load.pipes) {
            pipe(to, first + pipe.writer(), pipe.writeFd(), first + pipe.reader(), pipe.readFd());
        }
        int read = SyscallTable.current().number("read");
        for (int tgid : tgids()) {
            int fd = load.readsFrom(tgid - first);
            long[] args = fd < 0 ? new long[0] : new long[] {fd, 0x7fff_0000L, 1, 0, 0, 0};
            state(to, EventType.PROCESS_STATE, tgid, new ProcessSnapshot(tgid, 1, "p" + tgid, "p" + tgid));
            state(to, EventType.THREAD_STATE, tgid, new ThreadSnapshot(tgid, tgid, "p" + tgid, 'R', fd < 0 ? -1 : read, args));
        }
    }

    private void pipe(Consumer<TraceEvent> to, int writer, int writeFd, int reader, int readFd) {
        String name = "pipe:[" + (writer * 10 + writeFd) + "]";
        KernelObject pipe = new KernelObject(ObjectKind.PIPE, name, writer * 10L + writeFd);
        state(to, EventType.FD_STATE, writer, new FdSnapshot(writer, writeFd, pipe, 1));
        state(to, EventType.FD_STATE, reader, new FdSnapshot(reader, readFd, pipe, 0));
    }

    private void state(Consumer<TraceEvent> to, EventType type, int tid, Object payload) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.timeNs = nowNs;
        event.tid = tid;
        event.tgid = tid;
        event.payload = payload;
        to.accept(event);
    }

    /** The reader's side. */
    public EventStream events() {
        return stream;
    }

    /** Records that a full ring holds. */
    public int eventsPerFill() {
        return timeOffsets.length;
    }

    /** Time of the last event written. */
    public long nowNs() {
        return nowNs;
    }

    public TraceCounters counters() {
        return counters;
    }

    /** Whether everything written was given back. */
    public boolean isEmpty() {
        return all.get(JAVA_LONG, PerfRingBuffer.DATA_TAIL_OFFSET) == head;
    }

    /** Plays the kernel: the ring is full again, with later times. Only when it is empty; on the reader's thread. */
    public void fill() {
        long time = nowNs;
        for (long offset : timeOffsets) {
            time += STEP_NS;
            data.set(JAVA_LONG_UNALIGNED, offset, time);
        }
        nowNs = time;
        head += data.byteSize();
        all.set(JAVA_LONG, PerfRingBuffer.DATA_HEAD_OFFSET, head);
    }
}
