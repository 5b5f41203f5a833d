package ktrace.cli;

import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.facts.live.StateDump;
import ktrace.facts.StateSink;
import ktrace.linux.cpu.Haste;

/**
 * Tells what is there when the trace begins, on a thread of its own: that can take long, and a trace ends in time all the same. What
 * has not been told by then stays unknown, and is counted.
 */
final class InitialStates implements AutoCloseable {
    /**
     * So long ktrace hastens. What it reads at first it reads in code that the JVM has yet to compile: of a storm, which leaves it no
     * more than its part of the CPUs, some was lost then.
     */
    private static final long HASTE_NS = 1_000_000_000;

    private final StateDump dump;
    private final TraceCounters counters;
    private final Supplier<? extends Collection<Integer>> present;
    private final StateSink sink;
    private final Runnable whenTold;
    private final Runnable whenFailed;
    private final CountDownLatch done = new CountDownLatch(1);
    private final long calmNs = System.nanoTime() + HASTE_NS;
    private boolean ended;
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
        Thread.ofPlatform().daemon().name("ktrace-calm").start(this::beCalmLater);
    }

    private void run() {
        try {
            dump.dump(present.get(), sink);
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

    private void beCalmLater() {
        long leftNs = calmNs - System.nanoTime();
        while (leftNs > 0) {
            LockSupport.parkNanos(leftNs);
            leftNs = calmNs - System.nanoTime();
        }
        beCalm();
    }

    /** Unless the trace has ended: then everybody hastens to tell of it. */
    private synchronized void beCalm() {
        if (!ended) {
            Haste.end();
        }
    }

    /** Waits until everything is told, or for so long. */
    void await(long timeoutNs) throws InterruptedException {
        done.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    /** The trace ends: nothing more is told. Any thread. */
    synchronized void breakOff() {
        ended = true;
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
