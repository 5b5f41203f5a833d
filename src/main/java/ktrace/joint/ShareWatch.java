package ktrace.joint;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import ktrace.event.Fact;
import ktrace.perf.CallCensus;
import ktrace.tracefs.TraceFs;

/**
 * Looks now and then whether the collector that was chosen by who makes how many system calls would still be chosen, and tells of a
 * change. The trace goes on with the one that it has: another would begin in the midst of calls. Between two looks nobody pays for
 * it. On a thread of its own: the kernel takes its time.
 */
public final class ShareWatch implements AutoCloseable {
    private static final long PERIOD_MS = 5000;
    private static final long TIME_NS = 50_000_000;
    private static final long PATIENCE_MS = 1000;

    private final TraceFs tracefs;
    private final LongSupplier callsOfTargets;
    private final Supplier<List<Integer>> targets;
    private final Weighing weighing;
    private final Consumer<Fact> told;
    private final Thread thread = Thread.ofPlatform().daemon().name("ktrace-shares").unstarted(this::run);

    /**
     * @param collector at work, {@code bpf} or {@code perf+bpf}
     * @param callsOfTargets how many system calls were told of since the begin; any thread
     * @param targets the processes that are traced; any thread
     */
    public ShareWatch(TraceFs tracefs, String collector, LongSupplier callsOfTargets, Supplier<List<Integer>> targets,
            Consumer<Fact> told) {
        this.tracefs = tracefs;
        this.callsOfTargets = callsOfTargets;
        this.targets = targets;
        this.told = told;
        weighing = new Weighing(collector.equals("perf+bpf"));
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        Optional<CallCensus> census = CallCensus.takeBeside(tracefs, callsOfTargets, TIME_NS);
        // Of so many threads perf would want too much.
        boolean canBe = census.isPresent() && (!census.get().isForPerf() || CallCensus.areFew(targets.get()));
        if (canBe && weighing.changes(census.get())) {
            told.accept(new Fact.OfCollector(weighing.cheaper(), census.get().othersPerSecond(), census.get().targetsPerSecond()));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
