package ktrace.pipeline;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.locks.LockSupport;

/**
 * Blocks until something is published, as {@link BlockingWaitStrategy} does; but where that spins until the stage before has
 * caught up, this sleeps a moment. A tracker that asks /proc can be late by milliseconds, and a CPU that a stage behind it burns
 * meanwhile is one that the traced programs have not.
 */
final class ParkingWaitStrategy implements WaitStrategy {
    /** About what falling asleep and waking up costs anyway. */
    private static final long STEP_NS = 50_000;

    private final BlockingWaitStrategy publishing = new BlockingWaitStrategy();

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
            throws AlertException, InterruptedException {
        publishing.waitFor(sequence, cursor, cursor, barrier);
        long available = dependentSequence.get();
        while (available < sequence) {
            barrier.checkAlert();
            LockSupport.parkNanos(STEP_NS);
            available = dependentSequence.get();
        }
        return available;
    }

    @Override
    public void signalAllWhenBlocking() {
        publishing.signalAllWhenBlocking();
    }
}
