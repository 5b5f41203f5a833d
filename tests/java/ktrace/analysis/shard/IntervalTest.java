package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.Summary;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounter;
import org.junit.jupiter.api.Test;

/**
 * What is cut at the end of a window, and how it comes together again.
 *
 * <pre>
 *            0       100       200       300
 *   window   │    0    │    1    │    2    │
 *   A        │==|......│.........│...|=====│
 *               20                   230
 * </pre>
 */
class IntervalTest {
    private static final int PID = 10;
    private static final Peer WRITER = new Peer(99, "writer");
    private final Timeline t = new Timeline();
    private final ThreadId threadA = t.at(0).thread(PID, PID);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[5]");

    private Replay longWait() {
        t.in(CPU_0, threadA).at(10).enter(threadA, "read", pipe).at(20).out(CPU_0, threadA, 'S').at(100).interval()
                .at(200).interval().at(230).waking(threadA, Evidence.OBJECT, WRITER).in(CPU_0, threadA)
                .at(240).exit(threadA, "read", 1).at(300).interval().at(300).end();
        return t.play();
    }

    private static WaitSummary wait(Peer waker, Evidence evidence, long count, long totalNs, long longestNs, boolean ongoing) {
        return new WaitSummary(ObjectKind.PIPE, "pipe:[5]", "read", waker == null ? null : Timeline.mainThread(waker), List.of(), evidence, count, totalNs, longestNs,
                longestNs, longestNs, ongoing, List.of());
    }

    @Test
    void timesAreClippedToTheWindow() {
        Replay replay = longWait();
        assertEquals(List.of(20L, 0L, 70L), replay.intervals.stream().limit(3)
                .map(i -> Replay.process(i, PID).states().runningNs()).toList());
        assertEquals(List.of(80L, 100L, 30L), replay.intervals.stream().limit(3)
                .map(i -> Replay.process(i, PID).states().blockedNs()).toList());
    }

    @Test
    void ongoingWaitIsARowWithoutCount() {
        Replay replay = longWait();
        assertEquals(List.of(wait(null, Evidence.NONE, 0, 80, 0, true)), Replay.rows(Replay.process(replay.intervals.get(0), PID)));
        assertEquals(List.of(wait(null, Evidence.NONE, 0, 100, 0, true)), Replay.rows(Replay.process(replay.intervals.get(1), PID)));
        assertEquals(List.of(wait(null, Evidence.NONE, 0, 180, 0, true)), Replay.rows(Replay.process(replay.soFar.get(1), PID)));
    }

    /** Its part of the window, and its whole length in the percentiles. */
    @Test
    void waitCountsInTheWindowThatItEndsIn() {
        Replay replay = longWait();
        assertEquals(List.of(wait(WRITER, Evidence.OBJECT, 1, 30, 210, false)),
                Replay.rows(Replay.process(replay.intervals.get(2), PID)));
        assertEquals(List.of(wait(WRITER, Evidence.OBJECT, 1, 210, 210, false)), replay.waits(PID));
    }

    @Test
    void callCountsInTheWindowThatItReturnsIn() {
        Replay replay = longWait();
        assertEquals(List.of(), Replay.process(replay.intervals.get(0), PID).syscalls());
        assertEquals(230, Replay.process(replay.intervals.get(2), PID).syscalls().getFirst().totalNs());
        assertEquals(230, replay.syscall(PID, "read").totalNs());
    }

    /** Several threads in the same wait are one row, and a wait that goes on joins the row of those that ended unseen. */
    @Test
    void ongoingWaitsOfOneKeyAreOneRow() {
        ThreadId second = t.thread(PID, 11);
        for (ThreadId thread : List.of(threadA, second)) {
            t.in(CPU_0, thread).enter(thread, "read", pipe).out(CPU_0, thread, 'S');
        }
        t.at(30).in(CPU_0, second).at(40).out(CPU_0, second, 'S').at(100).end();
        assertEquals(List.of(wait(null, Evidence.NONE, 1, 190, 30, true)), t.play().waits(PID));
    }

    @Test
    void processThatEndedIsInTheWindowOfItsEndAndInTheTotal() {
        t.in(CPU_0, threadA).at(40).exits(threadA).at(50).out(CPU_0, threadA, 'Z').at(100).interval().at(200).interval().end();
        Replay replay = t.play();
        assertEquals(1, replay.intervals.get(0).processes().size());
        assertEquals(0, replay.intervals.get(1).processes().size());
        assertEquals(50L, replay.process(PID).exitNs());
    }

    @Test
    void threadThatEndedIsInTheWindowOfItsEndAndInTheTotal() {
        ThreadId worker = t.thread(PID, 11);
        t.rename(threadA, "a").in(CPU_0, worker).at(50).exited(worker).at(100).interval().at(200).interval().end();
        Replay replay = t.play();
        assertEquals(List.of(10, 11), tids(Replay.process(replay.intervals.get(0), PID)));
        assertEquals(List.of(10), tids(Replay.process(replay.intervals.get(1), PID)));
        assertEquals(List.of(10, 11), tids(replay.process(PID)));
    }

    private static List<Integer> tids(ProcessSummary process) {
        return process.threads().stream().map(ThreadSummary::tid).toList();
    }

    @Test
    void assemblerTellsWindowsAndTotals() {
        t.at(100).interval().at(250).interval().at(250).end();
        Replay replay = t.play();
        assertEquals(List.of(0L, 100L, 250L), replay.intervals.stream().map(Summary::startNs).toList());
        assertEquals(List.of(100L, 150L, 0L), replay.intervals.stream().map(Summary::durationNs).toList());
        assertEquals(List.of(100L, 250L), replay.soFar.stream().map(Summary::durationNs).toList());
        // Timeline's facts: as many events, and as many lost, as there were before.
        assertEquals(List.of(0L, 1L, 1L), replay.intervals.stream().map(Summary::events).toList());
        assertEquals(List.of(0L, 1L, 1L), replay.intervals.stream().map(Summary::lost).toList());
        assertEquals(2, replay.end().events());
        assertEquals(Map.of(TraceCounter.LOST_EVENTS, 2L), replay.end().counters());
        assertEquals(Map.of(TraceCounter.LOST_EVENTS, 1L), replay.intervals.get(2).counters());
        assertEquals(Summary.Scope.FINAL, replay.end().scope());
    }
}
