package ktrace.pipeline;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import ktrace.event.EventSink;
import ktrace.event.EventSource;
import ktrace.event.EventType;

/**
 * The life of one trace: a source, the stages, and the poller between them. Started once, stopped once, then awaited; the last
 * event that the stages see is END, the first is START. When one of them fails, the trace ends with what is known until then.
 */
public final class TraceSession implements AutoCloseable {
    /** On a busy machine it may take that long until ktrace has told who is there. */
    private static final long BEGIN_NS = 2_000_000_000;
    /** How often to look whether a trace has begun. */
    private static final long LOOK_NS = 10_000_000;

    private final EventSource source;
    private final ControlStream control = new ControlStream();
    private final EventRing ring;
    private final Poller poller;
    private final Thread pollerThread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /**
     * @param intervalNs time between INTERVAL events, or 0 for none
     */
    public TraceSession(EventSource source, Stages stages, StartGate gate, long intervalNs) {
        this.source = source;
        ring = new EventRing(stages.readers(), this::fail);
        poller = new Poller(source, control, ring, stages, gate, intervalNs);
        pollerThread = Thread.ofPlatform().daemon().name("ktrace-poller").unstarted(this::poll);
    }

    /** Starts the stages and the poller. */
    public void start() throws InterruptedException {
        ring.start();
        pollerThread.start();
    }

    /**
     * Lets the first window go on until {@link #releaseIntervals}: as long as it is not told who is there, a document would say
     * nothing of most, and the next one would make up for it. Before {@link #start}.
     */
    public void holdIntervals() {
        poller.holdIntervals();
    }

    /** The trace is to be ended after so long: its last window goes on until then, and takes in what little is left. Before {@link #start}. */
    public void endsAfter(long durationNs) {
        poller.endsAfter(durationNs);
    }

    /**
     * What to do when there is so much in the kernel's rings that some of what comes next may be lost, and once there is not any more.
     * Both are run on the poller's thread; the second may never be, when the trace ends before. Before {@link #start}.
     */
    public void onBacklog(Runnable catchUp, Runnable calmDown) {
        poller.watches(new Backlog(catchUp, calmDown));
    }

    /** The first window may end. Any thread, once. */
    public void releaseIntervals() {
        poller.execute(poller::releaseIntervals);
    }

    /** Puts an event of ktrace's own into the stream, at its time or, when that is over, next. Any thread. */
    public void inject(EventType type, long timeNs, int tid, Object payload) {
        control.add(type, timeNs, tid, payload);
    }

    /** How many facts that were injected wait for their turn. Any thread. */
    public int unreadFacts() {
        return control.facts();
    }

    /** How many entries and exits of system calls there were up to the latest round. Any thread. */
    public long syscallEvents() {
        return poller.syscallEvents();
    }

    /** Has something done on the poller thread, the only one that may touch the source, unless the trace ends first. Any thread. */
    public void onPoller(Runnable task) {
        poller.execute(task);
    }

    /** Asks for the end: what was recorded until now still goes its way. Any thread, any number of times. */
    public void requestStop() {
        if (ended.getCount() > 0) {
            poller.requestStop();
        }
    }

    /** Waits until the last event has gone through every stage, or the trace has failed: see {@link #failure}. */
    public void awaitEnd() throws InterruptedException {
        awaitEnd(0);
    }

    /**
     * The same, for a limited time.
     *
     * @param timeoutNs 0: without end
     * @return false when the trace still goes on
     */
    public boolean awaitEnd(long timeoutNs) throws InterruptedException {
        if (timeoutNs == 0) {
            ended.await();
        } else if (!ended.await(timeoutNs, TimeUnit.NANOSECONDS)) {
            return false;
        }
        return true;
    }

    /**
     * The same, until the trace has gone on for {@code durationNs}. It begins with its first event, for which it waits so long again
     * and a little more.
     */
    public boolean awaitEndOf(long durationNs) throws InterruptedException {
        long giveUpNs = System.nanoTime() + durationNs + BEGIN_NS;
        long leftNs = leftNs(durationNs, giveUpNs);
        while (leftNs > 0) {
            if (awaitEnd(leftNs)) {
                return true;
            }
            leftNs = leftNs(durationNs, giveUpNs);
        }
        return false;
    }

    private long leftNs(long durationNs, long giveUpNs) {
        long nowNs = System.nanoTime();
        return poller.hasBegun() ? durationNs - (nowNs - poller.beginNs()) : Math.min(giveUpNs - nowNs, LOOK_NS);
    }

    /** What went wrong first in a stage or in the source, so that the trace ended early; null when nothing did. Any thread. */
    public Throwable failure() {
        return failure.get();
    }

    private void poll() {
        try {
            poller.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            ring.close();
            ended.countDown();
        }
    }

    private void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            poller.requestStop();
        }
    }

    /** Ends the trace if it still goes on, and closes the source. */
    @Override
    public void close() {
        requestStop();
        try {
            pollerThread.join();
        } catch (InterruptedException e) {
            // The rings must not be unmapped while the poller may still read them: leave them to the end of the process.
            Thread.currentThread().interrupt();
            return;
        }
        source.close();
    }
}
