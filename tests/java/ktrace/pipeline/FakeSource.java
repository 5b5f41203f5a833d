package ktrace.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import ktrace.event.EventSource.Capabilities;
import ktrace.event.EventSource;
import ktrace.event.EventStream;
import ktrace.event.TraceCounters;

/** A source whose streams, completeness and waits the test decides on. Steps are done one per wait. */
class FakeSource implements EventSource {
    final TraceCounters counters = new TraceCounters();
    final Deque<Runnable> steps = new ArrayDeque<>();
    volatile boolean stopped;
    volatile boolean closed;
    volatile int waits;
    LongSupplier complete = System::nanoTime;
    long endNs;
    private final List<? extends EventStream> streams;

    FakeSource(List<? extends EventStream> streams) {
        this.streams = streams;
    }

    FakeSource(EventStream... streams) {
        this(List.of(streams));
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.OF_TRACEPOINTS;
    }

    @Override
    public List<? extends EventStream> streams() {
        return streams;
    }

    @Override
    public void await(long timeoutNs) {
        waits++;
        Runnable step = steps.poll();
        if (step != null) {
            step.run();
        } else {
            LockSupport.parkNanos(Math.min(timeoutNs, 5_000_000));
        }
    }

    @Override
    public void wake() {
        // A wait is never long.
    }

    @Override
    public long completeUntilNs() {
        return stopped ? Long.MAX_VALUE - 1 : complete.getAsLong();
    }

    @Override
    public void stop() {
        if (!stopped) {
            endNs = System.nanoTime();
            stopped = true;
        }
    }

    @Override
    public long endNs() {
        return endNs;
    }

    @Override
    public void countLost() {
        // Nothing is lost here.
    }

    @Override
    public Map<Integer, Long> lostOnCpu() {
        return Map.of();
    }

    @Override
    public TraceCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        closed = true;
    }
}
