package ktrace.analysis;

import java.util.concurrent.TimeUnit;
import ktrace.analysis.shard.ProcessShard;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.linux.Errno;
import ktrace.linux.SyscallTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time per event in the aggregators alone: stamped events in, no interval. The goal for decode to aggregate is 100 ns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AggregateBenchmark {
    private static final int EVENTS = 1 << 14;

    /** {@code syscalls}: getppid in a loop, on each of the threads in turn; {@code pipe}: reads that block and are woken. */
    @Param({"syscalls", "pipe"})
    String load;
    @Param({"1", "64"})
    int threads;

    private TraceEvent[] events;
    private ProcessShard shard;
    private long roundNs;
    private long startNs;

    @Setup
    public void fill() {
        SyscallTable table = SyscallTable.current();
        shard = new ProcessShard(table::name, Errno::name, new TraceCounters(), snapshot -> { });
        events = new TraceEvent[EVENTS];
        ThreadId[] ids = new ThreadId[threads];
        KernelObject[] pipes = new KernelObject[threads];
        for (int i = 0; i < threads; i++) {
            ids[i] = new ThreadId(1000 + i, new ProcessId(1000 + i, 1, 0, i), 0, i);
            pipes[i] = new KernelObject(ObjectKind.PIPE, "pipe:[" + i + "]", i);
        }
        Waker waker = new Waker(null, 7, "writer", new Peer(7, "writer"));
        boolean pipe = load.equals("pipe");
        int perCall = pipe ? 5 : 2;
        int nr = table.number(pipe ? "read" : "getppid");
        for (int i = 0; i < EVENTS; i++) {
            int call = i / perCall;
            TraceEvent event = new TraceEvent();
            event.thread = ids[call % threads];
            event.tid = event.thread.tid();
            event.timeNs = i * 100L + (call * 2654435761L >>> 7 & 63);
            event.number = nr;
            event.evidence = Evidence.OBJECT;
            switch (i % perCall) {
                case 0 -> {
                    event.type = EventType.SYS_ENTER;
                    event.object = pipe ? pipes[call % threads] : null;
                }
                case 1 -> {
                    event.type = pipe ? EventType.SCHED_SWITCH : EventType.SYS_EXIT;
                    event.number = pipe ? 1 : nr;
                    event.waitsFor = ObjectKind.PIPE;
                    event.object = pipe ? pipes[call % threads] : null;
                }
                case 2 -> {
                    event.type = EventType.SCHED_WAKING;
                    event.otherTid = event.tid;
                    event.tid = 7;
                    event.waker = waker;
                }
                case 3 -> {
                    event.type = EventType.SCHED_SWITCH;
                    event.otherThread = event.thread;
                    event.thread = null;
                }
                default -> event.type = EventType.SYS_EXIT;
            }
            event.call = nr;
            event.enteredNs = event.type == EventType.SYS_EXIT ? events[call * perCall].timeNs : TraceEvent.UNKNOWN_NS;
            events[i] = event;
        }
        roundNs = EVENTS * 100L;
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void aggregate() {
        TraceEvent slot = events[0];
        for (int i = 0; i < EVENTS; i++) {
            slot = events[i];
            long timeNs = slot.timeNs;
            long enteredNs = slot.enteredNs;
            slot.timeNs = startNs + timeNs;
            slot.enteredNs = enteredNs == TraceEvent.UNKNOWN_NS ? enteredNs : startNs + enteredNs;
            shard.onEvent(slot);
            slot.timeNs = timeNs;
            slot.enteredNs = enteredNs;
        }
        startNs += roundNs;
    }
}
