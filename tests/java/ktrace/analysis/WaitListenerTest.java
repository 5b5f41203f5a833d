package ktrace.analysis;

import static ktrace.analysis.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.ObservedWait.End;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.linux.Errno;
import org.junit.jupiter.api.Test;

/**
 * Each wait is told of once, with what is known of it in the end.
 *
 * <pre>
 *   0      10              60
 *   ├─read─┤...............│       what happens at 60, or never, is each test's own
 *         out
 * </pre>
 */
class WaitListenerTest {
    private static final int PID = 10;
    private static final Peer WRITER = new Peer(99, "writer");
    private final Timeline t = new Timeline();
    private final ThreadId thread = t.at(0).thread(PID, PID);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[1]");
    private final KernelObject socket = Timeline.object(ObjectKind.UNIX, "socket:[1]");

    private List<ObservedWait> told() {
        List<ObservedWait> told = new ArrayList<>();
        ProcessShard shard = ProcessShard.ofWaits(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), told::add);
        for (TraceEvent event : t.events) {
            shard.onEvent(event);
        }
        return told;
    }

    private Timeline reads() {
        return t.in(CPU_0, thread).enter(thread, "read", pipe).at(10).out(CPU_0, thread, 'S');
    }

    private ObservedWait onPipe(long endNs, Waker waker, Evidence evidence, End end) {
        return new ObservedWait(thread, 10, endNs, ObjectKind.PIPE, pipe, Timeline.SYSCALLS.number("read"), waker, evidence,
                List.of(), end);
    }

    @Test
    void aWakingEndsIt() {
        reads().at(60).waking(thread, Evidence.OBJECT, WRITER, e -> e.tgid = WRITER.pid()).at(70).in(CPU_0, thread).at(90).end();
        assertEquals(List.of(onPipe(60, Timeline.mainThread(WRITER), Evidence.OBJECT, End.WOKEN)), told());
    }

    @Test
    void whoWasInterruptedIsNoWaker() {
        reads().at(60).waking(thread, Evidence.OBJECT, WRITER, e -> {
            e.tid = 1234;
            e.tgid = WRITER.pid();
            e.waker = Waker.of(WRITER);
            e.contextFlags = TraceEvent.FLAG_SOFT_INTERRUPT;
        }).at(90).end();
        assertEquals(List.of(onPipe(60, Waker.of(WRITER), Evidence.OBJECT, End.WOKEN)), told());
    }

    @Test
    void aWakingThatWasNotSeenEndsItWhenTheThreadRuns() {
        reads().at(60).in(CPU_0, thread).at(90).end();
        assertEquals(List.of(onPipe(60, null, Evidence.NONE, End.UNSEEN)), told());
    }

    @Test
    void lossCutsIt() {
        reads().at(60).lost().at(90).end();
        assertEquals(List.of(onPipe(60, null, Evidence.NONE, End.CUT)), told());
    }

    @Test
    void theEndOfTheTraceFindsItGoingOnAndTheEndOfAWindowTellsNothing() {
        reads().at(30).interval().at(90).end();
        assertEquals(List.of(onPipe(90, null, Evidence.NONE, End.ONGOING)), told());
    }

    private void pollsAndIsWoken() {
        t.in(CPU_0, thread).enter(thread, "poll", null, 0x7000, 2).at(10).out(CPU_0, thread, 'S')
                .at(60).wakingByGuess(thread, WRITER, socket).at(70).in(CPU_0, thread).exit(thread, "poll", 1);
    }

    @Test
    void aGuessIsToldOfWhenItIsConfirmed() {
        pollsAndIsWoken();
        t.at(80).enter(thread, "read", socket).at(90).end();
        List<ObservedWait> told = told();
        assertEquals(1, told.size());
        assertEquals(List.of(ObjectKind.UNIX, socket, Evidence.OBJECT, 10L, 60L, 50L), List.of(told.getFirst().kind(),
                told.getFirst().object(), told.getFirst().evidence(), told.getFirst().startNs(), told.getFirst().endNs(),
                told.getFirst().durationNs()));
    }

    @Test
    void aGuessThatNothingConfirmsIsToldOfWithoutIt() {
        pollsAndIsWoken();
        t.at(90).end();
        List<ObservedWait> told = told();
        assertEquals(1, told.size());
        assertEquals(List.of(ObjectKind.POLL, Evidence.WAKER, End.WOKEN),
                List.of(told.getFirst().kind(), told.getFirst().evidence(), told.getFirst().end()));
    }
}
