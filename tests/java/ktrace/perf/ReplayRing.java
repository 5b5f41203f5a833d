package ktrace.perf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
 * A ring that is full of the same bytes again and again, with the time going on: what one CPU writes while two processes hand a
 * byte to and fro through two pipes, and make two calls that do not wait in between. Filling it costs two instructions a record,
 * so that reading it can be measured.
 *
 * <pre>
 * A  getppid getppid write(4)…waking B…  read(3) ─┐        ┌─ …            20 events a cycle:
 * B                        … read(5) ◄────────────┘ same …─┘               8 sys_enter, 8 sys_exit, 2 waking, 2 switch
 * </pre>
 */
public final class ReplayRing {
    private static final long STEP_NS = 400;
    private static final int A = 1000;
    private static final int B = 1001;

    private final int cpu;
    private final MemorySegment all;
    private final MemorySegment data;
    private final long[] timeOffsets;
    private final PerfRingBuffer ring;
    private final PerfStream stream;
    private final TraceCounters counters = new TraceCounters();
    private long nowNs;
    private long head;

    /**
     * @param cpu whose events they are; tells the processes of several rings apart as well
     * @param ringBytes power of two
     */
    public ReplayRing(int cpu, int ringBytes, long startNs) {
        this.cpu = cpu;
        nowNs = startNs;
        all = Arena.ofAuto().allocate(PerfRingBuffer.PAGE_BYTES + (long) ringBytes, 4096);
        data = all.asSlice(PerfRingBuffer.PAGE_BYTES);
        timeOffsets = write(10 * cpu, ringBytes);
        ring = new PerfRingBuffer(all, () -> { });
        stream = new PerfStream(cpu, ring, new RecordDecoder(Formats.layouts()), counters, new DuplicateFilter(),
                new TaskAbis(), new MissedSwitches(cpu, new ThreadNames(), null));
    }

    /** Writes whole cycles and fills the rest with one record that is stepped over. */
    private long[] write(int offset, int ringBytes) {
        byte[] cycle = cycle(A + offset, B + offset);
        List<Long> offsets = new ArrayList<>();
        int at = 0;
        for (; at + cycle.length <= ringBytes - 8; at += cycle.length) {
            MemorySegment.copy(cycle, 0, data, ValueLayout.JAVA_BYTE, at, cycle.length);
            int size;
            for (int in = 0; in < cycle.length; in += size) {
                size = data.get(ValueLayout.JAVA_SHORT, at + in + 6L);
                offsets.add(at + in + (long) RecordDecoder.SAMPLE_TIME);
            }
        }
        byte[] filler = RecordBytes.header(Uapi.PERF_RECORD_UNTHROTTLE(), ringBytes - at);
        MemorySegment.copy(filler, 0, data, ValueLayout.JAVA_BYTE, at, filler.length);
        return offsets.stream().mapToLong(Long::longValue).toArray();
    }

    private static byte[] cycle(int a, int b) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        turn(out, a, b, 4, 3);
        turn(out, b, a, 6, 5);
        return out.toByteArray();
    }

    private static void turn(ByteArrayOutputStream out, int tid, int other, int writeFd, int readFd) {
        SyscallTable table = SyscallTable.current();
        int getppid = table.number("getppid");
        int write = table.number("write");
        int read = table.number("read");
        exit(out, tid, read, 1);
        for (int i = 0; i < 2; i++) {
            out.writeBytes(RecordBytes.sysEnter(tid, 0, getppid));
            exit(out, tid, getppid, 1);
        }
        out.writeBytes(RecordBytes.sysEnter(tid, 0, write, writeFd, 0x7fff_0000L, 1));
        out.writeBytes(RecordBytes.sample(Tracepoint.SCHED_WAKING).by(tid, tid).set("pid", other).setText("comm", "other").bytes());
        exit(out, tid, write, 1);
        out.writeBytes(RecordBytes.sysEnter(tid, 0, read, readFd, 0x7fff_0000L, 1));
        out.writeBytes(RecordBytes.sample(Tracepoint.SCHED_SWITCH).by(tid, tid).set("prev_pid", tid).set("prev_state", 1)
                .set("next_pid", other).setText("next_comm", "other").bytes());
    }

    private static void exit(ByteArrayOutputStream out, int tid, int number, long result) {
        out.writeBytes(RecordBytes.sample(Tracepoint.SYS_EXIT).by(tid, tid).set("id", number).set("ret", result).bytes());
    }

    /** Numbers of the two processes. */
    public List<Integer> tgids() {
        int offset = 10 * cpu;
        return List.of(A + offset, B + offset);
    }

    /** Tells a tracker who the two are and what their descriptors refer to. */
    public void introduce(Consumer<TraceEvent> to) {
        int a = tgids().getFirst();
        int b = tgids().getLast();
        pipe(to, a, 4, b, 5);
        pipe(to, b, 6, a, 3);
        for (int tgid : tgids()) {
            state(to, EventType.PROCESS_STATE, tgid, new ProcessSnapshot(tgid, 1, "p" + tgid, "p" + tgid));
            state(to, EventType.THREAD_STATE, tgid, new ThreadSnapshot(tgid, tgid, "p" + tgid, 'R',
                    SyscallTable.current().number("read"), new long[] {tgid == a ? 3 : 5, 0x7fff_0000L, 1, 0, 0, 0}));
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
