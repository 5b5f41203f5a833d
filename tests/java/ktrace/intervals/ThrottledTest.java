package ktrace.intervals;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** A thread that is ready, on a CPU that has nothing to run, may not run there. */
class ThrottledTest {
    private static final int CPU_1 = 1;
    private final Timeline t = new Timeline();
    private final ThreadId a = t.at(0).thread(10, 10);
    private final ThreadId b = t.at(0).thread(20, 20);

    private List<String> of(ThreadId thread) {
        return new Told(t.events, true).of(thread);
    }

    @Test
    void itsCpuGoesIdle() {
        t.in(CPU_0, a).at(10).out(CPU_0, a, 'R').at(60).in(CPU_0, a).at(90).end();
        assertEquals(List.of("RUNNING 0-10", "THROTTLED 10-60", "RUNNING 60-90"), of(a));
    }

    @Test
    void asLongAsItsCpuHasOthersToRunThatIsNotKnown() {
        t.in(CPU_0, a).at(10).switched(CPU_0, a, 'R', b).at(30).out(CPU_0, b, 'S').at(60).in(CPU_0, a).at(90).end();
        assertEquals(List.of("RUNNING 0-10", "RUNNABLE 10-30", "THROTTLED 30-60", "RUNNING 60-90"), of(a));
    }

    @Test
    void anotherCpuThatGoesIdleSaysNothing() {
        t.in(CPU_0, a).in(CPU_1, b).at(10).out(CPU_1, b, 'R').at(20).switched(CPU_0, a, 'R', b).at(90).end();
        assertEquals(List.of("RUNNING 0-20", "RUNNABLE 20-90"), of(a));
        assertEquals(List.of("RUNNING 0-10", "THROTTLED 10-20", "RUNNING 20-90"), of(b));
    }

    /** It may run where it was moved to, for all that is known. */
    @Test
    void itIsMoved() {
        t.in(CPU_0, a).in(CPU_1, b).at(10).out(CPU_0, a, 'R').at(30).migrate(a, CPU_1).at(40).in(CPU_0, t.thread(30, 30))
                .at(50).out(CPU_0, t.thread(30, 30), 'S').at(60).out(CPU_1, b, 'S').at(90).end();
        assertEquals(List.of("RUNNING 0-10", "THROTTLED 10-30", "RUNNABLE 30-60", "THROTTLED 60-90"), of(a));
    }

    /** It is woken before it is queued, and where is not known. */
    @Test
    void whoWasWokenMayStillBeOnItsWay() {
        t.in(CPU_0, a).at(10).switched(CPU_0, a, 'S', b).at(20).waking(a, Evidence.OBJECT, new Peer(20, "b")).at(21)
                .out(CPU_0, b, 'S').at(22).in(CPU_0, a).at(90).end();
        assertEquals(List.of("RUNNING 0-10", "IPC 10-20", "RUNNABLE 20-22", "RUNNING 22-90"),
                of(a).stream().map(s -> s.replace("OTHER", "IPC")).toList());
    }

    private void backAfter(long heldBackNs) {
        t.push(EventType.SCHED_SWITCH, b, e -> {
            e.cpu = CPU_0;
            e.tid = b.tid();
            e.number = 0x100;
            e.otherThread = a;
            e.otherTid = a.tid();
            e.heldBackNs = heldBackNs;
        });
    }

    /** First it is held back, and then it waits for its turn. */
    @Test
    void theKernelSaysThatItsGroupWasHeldBackWhileOthersRan() {
        t.in(CPU_0, a).at(10).switched(CPU_0, a, 'R', b).at(60);
        backAfter(40);
        t.at(90).end();
        assertEquals(List.of("RUNNING 0-10", "THROTTLED 10-50", "RUNNABLE 50-60", "RUNNING 60-90"), of(a));
    }

    @Test
    void itIsHeldBackNoLongerThanItWasReady() {
        t.in(CPU_0, a).at(10).switched(CPU_0, a, 'R', b).at(60);
        backAfter(400);
        t.at(90).end();
        assertEquals(List.of("RUNNING 0-10", "THROTTLED 10-60", "RUNNING 60-90"), of(a));
    }

    /** What a window has told of stays as it was told. */
    @Test
    void aWindowHasEndedMeanwhile() {
        t.in(CPU_0, a).at(10).switched(CPU_0, a, 'R', b).at(30).interval().at(60);
        backAfter(20);
        t.at(90).end();
        assertEquals(List.of("RUNNING 0-10", "RUNNABLE 10-30", "THROTTLED 30-50", "RUNNABLE 50-60", "RUNNING 60-90"), of(a));
    }

    @Test
    void lossMakesItUnknown() {
        t.in(CPU_0, a).at(10).out(CPU_0, a, 'R').at(30).lost().at(40).in(CPU_0, b).at(50).out(CPU_0, b, 'S').at(90).end();
        assertEquals(List.of("RUNNING 0-10", "THROTTLED 10-30", "UNKNOWN 30-90"), of(a));
    }
}
