package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.facts.NoSource;
import ktrace.facts.Question.Urgency;
import org.junit.jupiter.api.Test;

/** How much of the time that a thread is ready its group is held back, by the counter that the kernel keeps of that. */
class QuotasTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final long MS = 1_000_000;

    /** The counter is what the test sets. */
    private static final class Counter extends NoSource {
        private String group = "/small";
        private long throttledNs = 7 * MS;

        @Override
        public Quota quota(int tgid) {
            return new Quota(group, throttledNs);
        }
    }

    private final Counter counter = new Counter();
    private final Timeline line = Timeline.of(counter, A, B);

    /** A goes for so long to B, and the group is held back for {@code heldNs} of that. */
    private TraceEvent awayFor(long ns, long heldNs) {
        line.run(A);
        line.switchTo(B, 0x100);
        line.nowNs += ns;
        counter.throttledNs += heldNs;
        line.switchTo(A, 0x100);
        return line.event;
    }

    @Test
    void itIsWhatTheCounterGrewByMeanwhile() {
        TraceEvent back = awayFor(50 * MS, 40 * MS);
        assertEquals("/small", back.quotaOf.name());
        assertEquals(40 * MS, back.heldBackNs);
    }

    /** On two CPUs the group is held back twice at a time. */
    @Test
    void itIsNotMoreThanTheThreadWasReady() {
        TraceEvent back = awayFor(50 * MS, 90 * MS);
        assertEquals(50 * MS + 1000, back.heldBackNs);
    }

    @Test
    void whatTheCounterGrewByBeforeCountsForNothing() {
        awayFor(50 * MS, 40 * MS);
        line.nowNs += 100 * MS;
        assertEquals(10 * MS, awayFor(50 * MS, 10 * MS).heldBackNs);
    }

    @Test
    void aProcessThatNoQuotaBindsIsAskedAboutOnce() {
        counter.group = "";
        assertNull(awayFor(50 * MS, 40 * MS).quotaOf);
        line.asked.clear();
        for (int i = 0; i < 10; i++) {
            assertNull(awayFor(50 * MS, 40 * MS).quotaOf);
        }
        assertEquals(0, line.asked.size());
    }

    /** It comes back for its turn, as any other. */
    @Test
    void aShortWhileIsNotWaitedFor() {
        awayFor(50 * MS, 40 * MS);
        line.nowNs += 50 * MS;
        line.switchTo(B, 0x100);
        line.asked.clear();
        line.nowNs += MS;
        line.switchTo(A, 0x100);
        assertEquals(0, line.asked.stream().filter(urgency -> urgency == Urgency.NOW).count());
    }

    /** What was read before the loss says nothing of the time after. */
    @Test
    void lossForgetsWhatWasRead() {
        line.run(A);
        line.switchTo(B, 0x100);
        line.event.number = 3;
        line.push(EventType.EVENTS_LOST, 0, -1, null);
        line.nowNs += 50 * MS;
        counter.throttledNs += 40 * MS;
        line.switchTo(A, 0x100);
        assertEquals(0, line.event.heldBackNs);
    }
}
