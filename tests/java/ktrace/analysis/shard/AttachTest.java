package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.analysis.StateTimes;
import ktrace.analysis.WaitSummary;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** Threads that were there before the trace: /proc told in what they were. */
class AttachTest {
    private static final int PID = 10;
    private static final Peer WRITER = new Peer(99, "writer");
    private final Timeline t = new Timeline();
    private final ThreadId threadA = t.at(0).thread(PID, PID);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[5]");

    /** <pre>A |......|=|   blocked in read since before the trace: from its begin on, not from when /proc was read, at 7</pre> */
    @Test
    void blockedThreadIsBlockedFromTheBeginOfItsObservation() {
        t.at(7).threadState(threadA, 'S', "read", pipe, 3).at(50).waking(threadA, Evidence.OBJECT, WRITER)
                .at(50).in(CPU_0, threadA).at(55).exit(threadA, "read", 1).at(60).end();
        Replay replay = t.play();
        assertEquals(new StateTimes(10, 0, 0, 50, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0), replay.states(PID));
        assertEquals(List.of(new WaitSummary(ObjectKind.PIPE, "pipe:[5]", "read", Timeline.mainThread(WRITER), List.of(), Evidence.OBJECT, 1, 50, 50,
                50, 50, false, List.of())), replay.waits(PID));
        assertEquals(List.of(), replay.process(PID).syscalls());
    }

    /** It may run or wait for a CPU; /proc calls both R. */
    @Test
    void runnableThreadIsUnknownUntilItsNextEvent() {
        t.at(0).threadState(threadA, 'R', null, null).at(30).out(CPU_0, threadA, 'R').at(50).end();
        assertEquals(new StateTimes(0, 20, 20, 0, 30, 0, 0, 0, 0, 0, 0, 0, 1, 0), t.play().states(PID));
    }

    /** The kernel's own events are newer than what was read from /proc. */
    @Test
    void threadStateDoesNotOverruleEvents() {
        t.at(5).in(CPU_0, threadA).at(9).threadState(threadA, 'S', "read", pipe).at(30).end();
        Replay replay = t.play();
        assertEquals(25, replay.states(PID).runningNs());
        assertEquals("attached", replay.process(PID).comm());
    }

    /** That it was moved does not tell what it does. */
    @Test
    void threadStateHoldsAfterEventsThatTellNoState() {
        t.at(2).migrate(threadA).at(5).threadState(threadA, 'S', "read", pipe).at(30).end();
        assertEquals(30, t.play().states(PID).ipcNs());
    }

    @Test
    void stoppedThreadIsBlockedForNoReasonOfItsCall() {
        t.at(0).threadState(threadA, 'T', "read", pipe).at(30).end();
        Replay replay = t.play();
        assertEquals(30, replay.states(PID).stoppedNs());
        assertEquals("stopped", replay.waits(PID).getFirst().kind().label());
        assertEquals("", replay.waits(PID).getFirst().object());
    }

    @Test
    void sleepOutsideACallIsAPageFaultWhenUninterruptible() {
        t.at(0).threadState(threadA, 'D', "", null).at(30).end();
        Replay replay = t.play();
        assertEquals(30, replay.states(PID).pagefaultNs());
        assertEquals("(page fault)", replay.waits(PID).getFirst().object());
    }

    /** Its clone is known only as a number: it must have been a vfork, or it would not wait. */
    @Test
    void vforkInFlightWaitsForTheChild() {
        t.at(0).threadState(threadA, 'D', "vfork", null).at(30).end();
        assertEquals(ObjectKind.CHILD, t.play().waits(PID).getFirst().kind());
    }

    @Test
    void ongoingWaitIsShownAsSuch() {
        t.at(0).threadState(threadA, 'S', "read", pipe).at(30).end();
        WaitSummary wait = t.play().waits(PID).getFirst();
        assertEquals(new WaitSummary(ObjectKind.PIPE, "pipe:[5]", "read", null, List.of(), Evidence.NONE, 0, 30, 0, 0, 0, true, List.of()),
                wait);
    }

    /** The call of the attach ends unseen; the next one counts. */
    @Test
    void entryAfterACallAtAttachIsNotUnmatched() {
        t.at(0).threadState(threadA, 'S', "read", pipe).at(10).enter(threadA, "write").at(15).exit(threadA, "write", 1).end();
        Replay replay = t.play();
        assertEquals(5, replay.syscall(PID, "write").totalNs());
    }

    @Test
    void payloadOfTheWrongTypeIsPassedOver() {
        t.at(0).push(EventType.THREAD_STATE, threadA, e -> e.payload = "nonsense").in(CPU_0, threadA).at(5).end();
        assertEquals(5, t.play().states(PID).runningNs());
    }
}
