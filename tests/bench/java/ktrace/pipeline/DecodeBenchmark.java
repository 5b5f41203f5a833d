package ktrace.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ktrace.analysis.shard.ProcessShard;
import ktrace.event.EventStream;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.facts.Questions;
import ktrace.linux.Errno;
import ktrace.linux.SyscallTable;
import ktrace.perf.ReplayRing;
import ktrace.system.SystemTracker;
import ktrace.system.Targets;
import ktrace.system.family.Families;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many events one core takes from the bytes in a ring to the aggregates: the mix of {@link ReplayRing}, in one thread, without
 * the Disruptor between the steps. Target: 10 million a second for {@link #toAggregates}.
 *
 * <pre>{@code mvn -q test-compile exec:exec@bench -Dbench="DecodeBenchmark -prof gc"}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecodeBenchmark {
    private static final int RING_BYTES = 256 << 10;
    /** What {@link ReplayRing#eventsPerFill} gives for such a ring; annotations want a constant. */
    private static final int EVENTS = 3400;

    private final ReplayRing ring = new ReplayRing(0, RING_BYTES, 1_000_000_000);
    private final EventStream stream = ring.events();
    private final EventMerger merger = new EventMerger(List.of(stream), new TraceCounters());
    private final TraceEvent event = new TraceEvent();
    private final TraceCounters counters = new TraceCounters();
    private final SystemTracker tracker = new SystemTracker(Targets.processes(1, ring.tgids()), Families.ALL, Questions.unheard(),
            SyscallTable.current()::find, counters);
    private final ProcessShard shard = new ProcessShard(SyscallTable.current()::name, Errno::name, counters,
            snapshot -> { });

    @Setup
    public void introduce() {
        if (ring.eventsPerFill() != EVENTS) {
            throw new IllegalStateException("a ring holds " + ring.eventsPerFill());
        }
        ring.introduce(state -> {
            tracker.onEvent(state);
            shard.onEvent(state);
        });
    }

    /** Only the filling, which the other figures contain. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void fillAlone() {
        ring.fill();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long decode() {
        ring.fill();
        stream.refresh();
        long sum = 0;
        while (stream.nextTimeNs() != EventStream.NOTHING) {
            stream.take(event);
            sum += event.tid;
        }
        stream.release();
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long merge() {
        ring.fill();
        merger.refresh();
        long sum = 0;
        while (merger.hasNext(Long.MAX_VALUE - 1)) {
            merger.take(event);
            sum += event.tid;
        }
        merger.release();
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long track() {
        ring.fill();
        merger.refresh();
        while (merger.hasNext(Long.MAX_VALUE - 1)) {
            merger.take(event);
            tracker.onEvent(event);
        }
        merger.release();
        return event.timeNs;
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long toAggregates() {
        ring.fill();
        merger.refresh();
        while (merger.hasNext(Long.MAX_VALUE - 1)) {
            merger.take(event);
            tracker.onEvent(event);
            shard.onEvent(event);
        }
        merger.release();
        return event.timeNs;
    }

    /** What is measured must be the work of a clean trace: nothing unmatched, unknown or malformed after the calls in flight. */
    @TearDown
    public void check() {
        Map<TraceCounter, Long> doubts = new HashMap<>(counters.nonZero());
        doubts.putAll(ring.counters().nonZero());
        doubts.remove(TraceCounter.IN_FLIGHT_AT_ATTACH);
        if (!doubts.isEmpty()) {
            throw new IllegalStateException(doubts.toString());
        }
    }
}
