package ktrace.cli;

import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.facts.live.StateDump;
import ktrace.facts.StateSink;
import ktrace.linux.Haste;

/**
 * Tells what is there when the trace begins, on a thread of its own: that can take long, and a trace ends in time all the same. What
 * has not been told by then stays unknown, and is counted.
 */
final class InitialStates implements AutoCloseable {
    /** Longer than that nobody hastens: what is left are the descriptors of very many processes. */
    private static final long HASTE_NS = 1_000_000_000;

    private final StateDump dump;
    private final TraceCounters counters;
    private final Supplier<? extends Collection<Integer>> present;
    private final StateSink sink;
    private final Runnable whenTold;
    private final Runnable whenFailed;
    private final CountDownLatch done = new CountDownLatch(1);
    private final long calmNs = System.nanoTime() + HASTE_NS;
    private boolean calm;
    private volatile boolean brokenOff;
    private volatile RuntimeException failure;

    /**
     * @param counters written by who breaks off
     * @param present whose state is to be told
     * @param whenTold run once everything is told
     * @param whenFailed run when {@link #failure} is there
     */
    InitialStates(StateDump dump, TraceCounters counters, Supplier<? extends Collection<Integer>> present, StateSink sink,
            Runnable whenTold, Runnable whenFailed) {
        this.dump = dump;
        this.counters = counters;
        this.present = present;
        this.sink = sink;
        this.whenTold = whenTold;
        this.whenFailed = whenFailed;
    }

    void start() {
        Thread.ofPlatform().daemon().name("ktrace-begin").start(this::run);
    }

    private void run() {
        try {
            dump.dump(present.get(), this::tell);
            calmDown();
            if (!brokenOff) {
                whenTold.run();
            }
        } catch (RuntimeException e) {
            failure = e;
            breakOff();
            whenFailed.run();
        } finally {
            done.countDown();
        }
    }

    private void tell(EventType type, long timeNs, int tid, Object payload) {
        sink.state(type, timeNs, tid, payload);
        if (!calm && timeNs > calmNs) {
            calmDown();
        }
    }

    private void calmDown() {
        calm = true;
        Haste.end();
    }

    /** Waits until everything is told, or for so long. */
    void await(long timeoutNs) throws InterruptedException {
        done.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    /** The trace ends: nothing more is told. Any thread. */
    synchronized void breakOff() {
        if (!brokenOff && done.getCount() > 0) {
            brokenOff = true;
            counters.increment(TraceCounter.STATES_BROKEN_OFF);
            dump.breakOff();
        }
    }

    /** Why it could not be told, or null. */
    RuntimeException failure() {
        return failure;
    }

    @Override
    public void close() {
        breakOff();
    }
}
