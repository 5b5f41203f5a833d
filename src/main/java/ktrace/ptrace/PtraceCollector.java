package ktrace.ptrace;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import ktrace.event.Collector;
import ktrace.event.EventSource.Capabilities;
import ktrace.event.EventStream;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointFormat;

/**
 * Live events by ptrace(2): the system calls, births, execs and ends of one's own processes, without privileges. It sees no scheduler:
 * when a thread runs, and who wakes it, it cannot tell, and says nothing of it.
 *
 * <p>The constructor attaches, on any thread; everything else happens on the poller thread, except {@link #wake()} and
 * {@link #endingOf}.
 */
public final class PtraceCollector implements Collector {
    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");

    private final TraceCounters counters = new TraceCounters();
    private final EventQueue queue = new EventQueue();
    private final Tracer tracer;
    private final long startNs;
    private volatile Thread poller;
    private volatile boolean awake;
    private boolean begun;
    private boolean stopped;
    private long endNs;

    /**
     * Attaches to every thread of the targets.
     *
     * @throws PtraceException when the kernel refuses
     */
    public PtraceCollector(PtraceTarget target) {
        tracer = new Tracer(target, counters, queue, this::wake);
        tracer.start();
        startNs = System.nanoTime();
    }

    /** No event before this is given. */
    @Override
    public long startNs() {
        return startNs;
    }

    /** Of a target that ended while it was traced: nobody else can ask for that any more when ktrace has started it. */
    @Override
    public OptionalInt endingOf(int tgid) {
        Integer status = tracer.endingOf(tgid);
        return status == null ? OptionalInt.empty() : OptionalInt.of(status);
    }

    @Override
    public String name() {
        return "ptrace";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.OF_STOPS;
    }

    /** ptrace needs no tracefs, and nothing is mounted for it; where it is open all the same, it tells the names of arguments. */
    @Override
    public Function<String, TracepointFormat> formats() {
        return name -> new TraceFs(TRACEFS).format("syscalls", name);
    }

    @Override
    public List<? extends EventStream> streams() {
        return List.of(queue);
    }

    @Override
    public void await(long timeoutNs) {
        if (!begun) {
            // Not before somebody takes the events: the targets would have to wait.
            begun = true;
            tracer.begin();
        }
        tracer.check();
        poller = Thread.currentThread();
        if (!awake && !queue.isHalfFull() && timeoutNs > 0) {
            LockSupport.parkNanos(this, timeoutNs);
        }
        awake = false;
    }

    @Override
    public void wake() {
        awake = true;
        LockSupport.unpark(poller);
    }

    @Override
    public long completeUntilNs() {
        if (stopped) {
            return Long.MAX_VALUE - 1;
        }
        // In this order: a tracer that was idle when asked takes the time of its next event after now.
        long nowNs = System.nanoTime();
        return Math.min(nowNs, tracer.busySinceNs()) - 1;
    }

    @Override
    public void stop() {
        if (!stopped) {
            tracer.end();
            endNs = System.nanoTime();
            stopped = true;
        }
    }

    @Override
    public long endNs() {
        return endNs;
    }

    /** Nothing is lost: {@link TraceCounter#LOST_EVENTS} counts what came between the end of the trace and letting go. */
    @Override
    public void countLost() {
        // Counted where it happens.
    }

    @Override
    public Map<Integer, Long> lostOnCpu() {
        long lost = counters.get(TraceCounter.LOST_EVENTS);
        return lost == 0 ? Map.of() : Map.of(0, lost);
    }

    @Override
    public TraceCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        tracer.end();
    }
}
