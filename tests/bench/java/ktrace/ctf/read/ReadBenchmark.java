package ktrace.ctf.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ktrace.analysis.shard.ProcessShard;
import ktrace.ctf.write.RecordedFiles;
import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.facts.Questions;
import ktrace.linux.Errno;
import ktrace.linux.SyscallTable;
import ktrace.perf.ReplayRing;
import ktrace.pipeline.Replay;
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
 * How many events of a recorded trace one core takes from the file to the aggregates: the mix of {@link ReplayRing} as ktrace's
 * writer writes it, each invocation the whole trace from its opening on. Target: 3 million a second for {@link #replay}.
 *
 * <pre>{@code mvn -q test-compile exec:exec@bench -Dbench="ReadBenchmark -prof gc"}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ReadBenchmark {
    private static final int RING_BYTES = 256 << 10;
    private static final int FILLS = 300;
    private static final int EVENTS = 3400 * FILLS;

    private final ReplayRing ring = new ReplayRing(0, RING_BYTES, 1_000_000_000);
    private final TraceEvent event = new TraceEvent();
    private TraceCounters counters = new TraceCounters();
    private Path directory;

    @Setup
    public void record() throws IOException {
        if (ring.eventsPerFill() * FILLS != EVENTS) {
            throw new IllegalStateException("a ring holds " + ring.eventsPerFill());
        }
        directory = Files.createTempDirectory("ktrace-bench");
        EventSink writer = new RecordedFiles(directory).writer(0);
        write(writer, EventType.START, 1_000_000_000, null);
        ring.introduce(writer::onEvent);
        EventStream events = ring.events();
        for (int i = 0; i < FILLS; i++) {
            ring.fill();
            events.refresh();
            while (events.nextTimeNs() != EventStream.NOTHING) {
                events.take(event);
                writer.onEvent(event);
            }
            events.release();
        }
        write(writer, EventType.END, ring.nowNs(), new WindowFacts(1_000_000_000, EVENTS, EVENTS, Map.of()));
    }

    private void write(EventSink writer, EventType type, long timeNs, Object payload) {
        TraceEvent own = new TraceEvent();
        own.type = type;
        own.timeNs = timeNs;
        own.cpu = -1;
        own.tgid = -1;
        own.payload = payload;
        writer.onEvent(own);
    }

    /** From the file to slots. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long decode() {
        long sum = 0;
        try (CtfReader reader = CtfReader.open(directory)) {
            EventStream stream = reader.streams().getFirst();
            stream.refresh();
            while (stream.nextTimeNs() != EventStream.NOTHING) {
                stream.take(event);
                sum += event.tid;
            }
        }
        return sum;
    }

    /** From the file through merger and tracker to the aggregates, as {@code ktrace report} does. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long replay() {
        counters = new TraceCounters();
        try (CtfReader reader = CtfReader.open(directory)) {
            SystemTracker tracker = new SystemTracker(Targets.processes(1, ring.tgids()), Families.ALL, Questions.unheard(),
                    reader.syscalls()::find, counters);
            ProcessShard shard = new ProcessShard(SyscallTable.current()::name, Errno::name, counters, snapshot -> { });
            new Replay(reader, tracker, List.of(shard)).run();
            if (!reader.counters().nonZero().isEmpty()) {
                throw new IllegalStateException(reader.counters().nonZero().toString());
            }
            return reader.endNs();
        }
    }

    /** What is measured must be the work of a clean trace. */
    @TearDown
    public void check() throws IOException {
        Map<TraceCounter, Long> doubts = counters.nonZero();
        doubts.remove(TraceCounter.IN_FLIGHT_AT_ATTACH);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        if (!doubts.isEmpty()) {
            throw new IllegalStateException(doubts.toString());
        }
    }
}
