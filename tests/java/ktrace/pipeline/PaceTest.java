package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ktrace.event.EventType;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** Rounds are close together for the sake of what is observed alone, and far apart when there is nothing to learn of that. */
class PaceTest {
    private static final long ACTIVE_NS = 4_000_000;
    private static final long QUIET_NS = 100_000_000;
    private static final long REST_NS = 300_000_000;
    private static final ThreadId OBSERVED = new ThreadId(10, new ProcessId(10, 1, 0, 0), 0, 0);
    private static final EventType[] LIVES = {EventType.TASK_NEWTASK, EventType.SCHED_PROCESS_EXEC, EventType.SCHED_PROCESS_EXIT};

    private final Pace pace = new Pace();
    private long nowNs = 1000;

    private void saw(EventType type, ThreadId thread, ThreadId other) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.timeNs = nowNs;
        event.thread = thread;
        event.otherThread = other;
        pace.saw(event);
    }

    @Test
    void theLivesOfOthersHurryNobody() {
        for (EventType type : LIVES) {
            saw(type, null, null);
            assertFalse(pace.isBusy(), type::name);
        }
        pace.begins(nowNs);
        longestWithin(500_000_000);
        saw(EventType.TASK_NEWTASK, null, null);
        assertTrue(roundNs() >= QUIET_NS);
        saw(EventType.SYS_ENTER, OBSERVED, null);
        assertEquals(ACTIVE_NS, roundNs());
    }

    @Test
    void thoseOfWhatIsObservedDo() {
        for (EventType type : LIVES) {
            saw(type, OBSERVED, null);
            assertTrue(pace.isBusy(), type::name);
            pace.nextWaitNs(1000);
            assertFalse(pace.isBusy(), type::name);
        }
        saw(EventType.TASK_NEWTASK, null, OBSERVED);
        assertTrue(pace.isBusy(), "its child may be told of later");
        saw(EventType.SYS_ENTER, OBSERVED, null);
        long startingNs = pace.nextWaitNs(1000);
        saw(EventType.SYS_ENTER, OBSERVED, null);
        assertTrue(startingNs < pace.nextWaitNs(Long.MAX_VALUE));
    }

    private long roundNs() {
        long waitNs = pace.nextWaitNs(nowNs);
        nowNs += waitNs;
        return waitNs;
    }

    private long longestWithin(long ns) {
        long untilNs = nowNs + ns;
        long longestNs = 0;
        while (nowNs < untilNs) {
            longestNs = Math.max(longestNs, roundNs());
        }
        return longestNs;
    }

    @Test
    void theBeginOfTheTraceIsNoticedSoonHoweverLongItTakes() {
        assertTrue(longestWithin(3_000_000_000L) <= ACTIVE_NS);
    }

    @Test
    void aProgramThatCallsEveryTenMillisecondsIsAtWork() {
        pace.begins(nowNs);
        for (int i = 0; i < 100; i++) {
            saw(EventType.SYS_ENTER, OBSERVED, null);
            assertTrue(longestWithin(10_000_000) <= ACTIVE_NS);
        }
    }

    @Test
    void whereNothingIsCalledItRests() {
        pace.begins(nowNs);
        saw(EventType.SYS_EXIT, OBSERVED, null);
        assertEquals(QUIET_NS, longestWithin(200_000_000));
        assertTrue(longestWithin(1_000_000_000) < 2 * QUIET_NS, "one who looks is there soon");
        longestWithin(10_000_000_000L);
        assertEquals(REST_NS, roundNs());
        saw(EventType.SYS_ENTER, OBSERVED, null);
        assertEquals(ACTIVE_NS, roundNs());
    }
}
