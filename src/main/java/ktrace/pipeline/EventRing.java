package ktrace.pipeline;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/**
 * The Disruptor between the poller and the readers, each of whom sees every event. One producer. All threads block when there is
 * nothing to do: a spinning one would cost an idle machine a CPU.
 *
 * <p>A reader that throws has a bug, or no memory: it sees nothing more but the END, for what it can still say, and the others go
 * on. The first one to fail is told of.
 *
 * <p>Slots are claimed one by one and published in batches, because publishing takes the lock that wakes blocked readers. A batch is as
 * large as what a busy server brings in a round, so that its readers are woken once for each.
 */
final class EventRing implements AutoCloseable {
    /** Power of two; 8,192 slots of about 200 bytes stay within a second-level cache or two. */
    static final int SLOTS = 8192;
    private static final int BATCH = 2048;

    private final Disruptor<TraceEvent> disruptor;
    private final RingBuffer<TraceEvent> ring;
    private final CountDownLatch running;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private long published = -1;
    private long claimed = -1;

    EventRing(List<? extends EventSink> readers, Consumer<Throwable> failure) {
        running = new CountDownLatch(readers.size());
        disruptor = new Disruptor<>(TraceEvent::new, SLOTS, this::thread, ProducerType.SINGLE, new BlockingWaitStrategy());
        disruptor.setDefaultExceptionHandler(new Failures(failure));
        disruptor.handleEventsWith(readers.stream().map(reader -> new Handler(reader, running, failure)).toArray(EventRing::handlers));
        ring = disruptor.getRingBuffer();
    }

    private static final class Handler implements EventHandler<TraceEvent> {
        private final EventSink sink;
        private final CountDownLatch running;
        private final Consumer<Throwable> failure;
        private boolean failed;

        Handler(EventSink sink, CountDownLatch running, Consumer<Throwable> failure) {
            this.sink = sink;
            this.running = running;
            this.failure = failure;
        }

        @Override
        public void onEvent(TraceEvent event, long sequence, boolean endOfBatch) {
            if (failed && event.type != EventType.END) {
                return;
            }
            try {
                sink.onEvent(event);
            } catch (RuntimeException | Error e) {
                failed = true;
                failure.accept(e);
            }
        }

        @Override
        public void onStart() {
            running.countDown();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a generic array cannot be made otherwise; it only holds what handler() gave
    private static EventHandler<TraceEvent>[] handlers(int size) {
        return new EventHandler[size];
    }

    private Thread thread(Runnable stage) {
        Thread thread = Thread.ofPlatform().daemon().name("ktrace-stage-" + threads.size()).unstarted(stage);
        threads.add(thread);
        return thread;
    }

    /** Whether a reader's thread is no more, so that the ring stays full for ever. */
    boolean isBroken() {
        return threads.stream().anyMatch(thread -> !thread.isAlive());
    }

    /** Starts the stages' threads, and waits until they run: the Disruptor forgets at its end about those that do not yet. */
    void start() throws InterruptedException {
        disruptor.start();
        running.await();
    }

    /** A slot to fill, or null when all are taken: then the record stays where it is. Poller thread. */
    TraceEvent claim() {
        if (!ring.hasAvailableCapacity(1)) {
            publish();
            return null;
        }
        claimed = ring.next();
        return ring.get(claimed);
    }

    /** The claimed slot is filled; readers see it at the end of the batch at the latest. */
    void filled() {
        if (claimed - published >= BATCH) {
            publish();
        }
    }

    /** Shows the readers every filled slot. */
    void publish() {
        if (claimed != published) {
            ring.publish(published + 1, claimed);
            published = claimed;
        }
    }

    /** Waits until all that was published has gone through every stage, then ends their threads. */
    @Override
    public void close() {
        publish();
        while (!isBroken()) {
            try {
                disruptor.shutdown(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException late) {
                // Some have much to write down; those that live get there.
                continue;
            }
        }
        disruptor.halt();
    }

    /** What goes wrong outside of the readers' own code. */
    private record Failures(Consumer<Throwable> failure) implements ExceptionHandler<TraceEvent> {
        @Override
        public void handleEventException(Throwable e, long sequence, TraceEvent event) {
            failure.accept(e);
        }

        @Override
        public void handleOnStartException(Throwable e) {
            failure.accept(e);
        }

        @Override
        public void handleOnShutdownException(Throwable e) {
            failure.accept(e);
        }
    }
}
