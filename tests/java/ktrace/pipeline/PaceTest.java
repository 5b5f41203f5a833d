package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ktrace.event.EventType;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** Rounds are close together for the sake of what is observed alone. */
class PaceTest {
    private static final ThreadId OBSERVED = new ThreadId(10, new ProcessId(10, 1, 0, 0), 0, 0);
    private static final EventType[] LIVES = {EventType.TASK_NEWTASK, EventType.SCHED_PROCESS_EXEC, EventType.SCHED_PROCESS_EXIT};

    private final Pace pace = new Pace();

    private void saw(EventType type, ThreadId thread, ThreadId other) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.timeNs = 1000;
        event.thread = thread;
        event.otherThread = other;
        pace.saw(event);
    }

    private long quietNs() {
        long last = 0;
        for (long next = pace.nextWaitNs(1000); next != last; next = pace.nextWaitNs(1000)) {
            last = next;
        }
        return last;
    }

    @Test
    void theLivesOfOthersHurryNobody() {
        for (EventType type : LIVES) {
            saw(type, null, null);
            assertFalse(pace.isBusy(), type::name);
        }
        long quietNs = quietNs();
        saw(EventType.SYS_ENTER, OBSERVED, null);
        long activeNs = pace.nextWaitNs(1000);
        assertTrue(activeNs < quietNs, () -> activeNs + " and " + quietNs);
        saw(EventType.TASK_NEWTASK, null, null);
        saw(EventType.SYS_ENTER, OBSERVED, null);
        assertEquals(activeNs, pace.nextWaitNs(1000));
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
}
