package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.perf.ReplayRing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the bytes in two CPUs' rings to the stages behind the Disruptor, nothing is allocated per event. */
@Timeout(120)
class AllocationTest {
    private static final long WARM_EVENTS = 4_000_000;
    private static final long MEASURED_EVENTS = 4_000_000;

    @Test
    void anEventAllocatesNothing() throws InterruptedException {
        Refilled source = new Refilled(2);
        AtomicLong seen = new AtomicLong();
        EventSink count = event -> {
            if (event.type != EventType.START && event.type != EventType.END) {
                seen.setPlain(seen.getPlain() + 1);
            }
        };
        try (TraceSession session = new TraceSession(source, new Stages(event -> { }, List.of(count)), new StartGate(0, 0), 0)) {
            session.start();
            source.awaitCarried(WARM_EVENTS);
            long[] threads = threads();
            assertEquals(2, threads.length, "the poller and a reader");
            long bytesBefore = allocated(threads);
            long before = source.carried.get();
            source.awaitCarried(before + MEASURED_EVENTS);
            long bytes = allocated(threads) - bytesBefore;
            session.requestStop();
            session.awaitEnd();
            assertEquals(source.carried.get(), seen.get());
            // Compilers and the Disruptor's waits put a few objects down now and then: far less than a byte in a hundred events.
            assertTrue(bytes < MEASURED_EVENTS / 100, bytes + " bytes for " + MEASURED_EVENTS + " events");
        }
        assertEquals(0, source.rings.getFirst().counters().get(TraceCounter.MALFORMED_RECORDS));
    }

    private static long[] threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().matches("ktrace-(poller|stage-\\d+)"))
                .mapToLong(Thread::threadId).toArray();
    }

    private static long allocated(long[] threads) {
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(bean.getThreadAllocatedBytes(threads)).sum();
    }

    /** Rings that the "kernel" fills anew whenever they are empty. */
    private static final class Refilled extends FakeSource {
        private final List<ReplayRing> rings;
        private final AtomicLong carried = new AtomicLong();

        private Refilled(List<ReplayRing> rings) {
            super(rings.stream().map(ReplayRing::events).toList());
            this.rings = rings;
        }

        Refilled(int cpus) {
            this(IntStream.range(0, cpus).mapToObj(cpu -> new ReplayRing(cpu, 256 << 10, 1_000_000_000)).toList());
        }

        void awaitCarried(long events) throws InterruptedException {
            while (carried.get() < events) {
                Thread.sleep(5);
            }
        }

        @Override
        public void await(long timeoutNs) {
            // There is always more.
        }

        @Override
        public long completeUntilNs() {
            for (int i = 0; !stopped && i < rings.size(); i++) {
                ReplayRing ring = rings.get(i);
                if (ring.isEmpty()) {
                    ring.fill();
                    carried.setRelease(carried.getPlain() + ring.eventsPerFill());
                }
            }
            return Long.MAX_VALUE - 1;
        }

        @Override
        public long endNs() {
            return rings.getFirst().nowNs();
        }
    }
}
