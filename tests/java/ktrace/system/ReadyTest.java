package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.SortedMap;
import java.util.TreeMap;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.facts.NoSource;
import ktrace.facts.Question.Urgency;
import org.junit.jupiter.api.Test;

/** Why a thread that is ready does not run, by counters that the kernel keeps. */
class ReadyTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final long MS = 1_000_000;

    /** The counter is what the test sets. */
    private static final class Counter extends NoSource {
        private String group = "/small";
        private long throttledNs = 7 * MS;
        private String cpus = "";
        private long idleNs = 5 * MS;
        private final SortedMap<Integer, Long> stolen = new TreeMap<>();
        private int askedOfSteal;

        @Override
        public SortedMap<Integer, Long> stolenNs() {
            askedOfSteal++;
            return stolen;
        }

        @Override
        public Quota quota(int tgid) {
            return new Quota(group, throttledNs);
        }

        @Override
        public Affinity affinity(int tgid, int tid) {
            return new Affinity(cpus, idleNs);
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
        line.askedWhyReady.clear();
        for (int i = 0; i < 10; i++) {
            assertNull(awayFor(50 * MS, 40 * MS).quotaOf);
        }
        assertEquals(0, line.askedWhyReady.size());
    }

    /** It comes back for its turn, as any other. */
    @Test
    void aShortWhileIsNotWaitedFor() {
        awayFor(50 * MS, 40 * MS);
        line.nowNs += 50 * MS;
        line.switchTo(B, 0x100);
        line.askedWhyReady.clear();
        line.nowNs += MS;
        line.switchTo(A, 0x100);
        assertEquals(0, line.askedWhyReady.stream().filter(urgency -> urgency == Urgency.NOW).count());
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

    /** It is asked about only once it was ready for long. */
    @Test
    void othersIdleWhileItIsBoundToABusyCpu() {
        counter.cpus = "0,2-3";
        awayFor(50 * MS, 0);
        line.nowNs += 50 * MS;
        line.switchTo(B, 0x100);
        line.nowNs += 50 * MS;
        counter.idleNs += 30 * MS;
        line.switchTo(A, 0x100);
        assertEquals("CPUs 0,2-3", line.event.pinnedTo.name());
        assertEquals(30 * MS, line.event.idleElsewhereNs);
    }

    @Test
    void whoMayRunAnywhereIsBoundToNone() {
        awayFor(50 * MS, 0);
        counter.idleNs += 30 * MS;
        awayFor(50 * MS, 0);
        assertNull(line.event.pinnedTo);
    }

    /** What the hypervisor takes is asked for seldom, until it takes something. */
    @Test
    void theHypervisorTookTheCpuMeanwhile() {
        steals(20 * MS);
        assertEquals(0, awayFor(50 * MS, 0).stolenNs);
        line.nowNs += 1000 * MS;
        steals(50 * MS);
        awayFor(50 * MS, 0);
        steals(80 * MS);
        assertEquals(30 * MS, awayFor(50 * MS, 0).stolenNs);
        int asked = counter.askedOfSteal;
        line.nowNs += 20_000 * MS;
        awayFor(5 * MS, 0);
        for (int i = 0; i < 10; i++) {
            awayFor(5 * MS, 0);
        }
        assertEquals(asked + 1, counter.askedOfSteal);
    }

    /** Before that it waited elsewhere. */
    @Test
    void ofAThreadThatWasMovedOnlyTheTimeSinceCounts() {
        steals(20 * MS);
        awayFor(50 * MS, 0);
        line.nowNs += 1000 * MS;
        steals(50 * MS);
        awayFor(50 * MS, 0);
        line.run(A);
        line.switchTo(B, 0x100);
        line.nowNs += 40 * MS;
        line.event.otherTid = A;
        line.push(EventType.SCHED_MIGRATE_TASK, B, B, null);
        line.nowNs += 10 * MS;
        steals(90 * MS);
        line.switchTo(A, 0x100);
        assertEquals(10 * MS + 1000, line.event.stolenNs);
    }

    private void steals(long ns) {
        counter.stolen.put(0, ns);
        counter.stolen.put(1, 2 * ns);
    }
}
