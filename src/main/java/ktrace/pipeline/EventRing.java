package ktrace.pipeline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import ktrace.event.EventSink;
import ktrace.event.TraceEvent;

/**
 * The Disruptor between the poller and the stages: {@code recorders} beside {@code tracker → readers}. One producer. All threads
 * block when there is nothing to do: a spinning one would cost an idle machine a CPU.
 *
 * <p>Slots are claimed one by one and published in batches, because publishing takes the lock that wakes blocked readers.
 */
final class EventRing implements AutoCloseable {
    /** Power of two; 8,192 slots of about 200 bytes stay within a second-level cache or two. */
    static final int SLOTS = 8192;
    private static final int BATCH = 256;

    private final Disruptor<TraceEvent> disruptor;
    private final RingBuffer<TraceEvent> ring;
    private final CountDownLatch running;
    private long published = -1;
    private long claimed = -1;

    EventRing(Stages stages, Consumer<Throwable> failure) {
        running = new CountDownLatch(stages.recorders().size() + 1 + stages.readers().size());
        disruptor = new Disruptor<>(TraceEvent::new, SLOTS, threads(), ProducerType.SINGLE, new ParkingWaitStrategy());
        disruptor.setDefaultExceptionHandler(new Failures(failure));
        for (EventSink recorder : stages.recorders()) {
            disruptor.handleEventsWith(handler(recorder, running));
        }
        disruptor.handleEventsWith(handler(stages.tracker(), running))
                .then(stages.readers().stream().map(reader -> handler(reader, running)).toArray(EventRing::handlers));
        ring = disruptor.getRingBuffer();
    }

    private static EventHandler<TraceEvent> handler(EventSink sink, CountDownLatch running) {
        return new EventHandler<>() {
            @Override
            public void onEvent(TraceEvent event, long sequence, boolean endOfBatch) {
                sink.onEvent(event);
            }

            @Override
            public void onStart() {
                running.countDown();
            }
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a generic array cannot be made otherwise; it only holds what handler() gave
    private static EventHandler<TraceEvent>[] handlers(int size) {
        return new EventHandler[size];
    }

    private static ThreadFactory threads() {
        return Thread.ofPlatform().daemon().name("ktrace-stage-", 0).factory();
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
        disruptor.shutdown();
    }

    /** A stage that throws has a bug; the first one ends the trace. */
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
