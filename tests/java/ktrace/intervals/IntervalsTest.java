package ktrace.intervals;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import ktrace.analysis.shard.RandomTrace;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.intervals.Interval.End;
import ktrace.intervals.Told.Copy;
import org.junit.jupiter.api.Test;

/**
 * Each interval is handed over once, with what is known of it in the end.
 *
 * <pre>
 *   0      10              60
 *   ├─read─┤...............│       what happens at 60, or never, is each test's own
 *         out
 * </pre>
 */
class IntervalsTest {
    private static final int PID = 10;
    private static final Peer WRITER = new Peer(99, "writer");
    private final Timeline t = new Timeline();
    private final ThreadId thread = t.at(0).thread(PID, PID);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[1]");
    private final KernelObject socket = Timeline.object(ObjectKind.UNIX, "socket:[1]");

    private List<Copy> told() {
        return new Told(t.events, true).waits();
    }

    private Timeline reads() {
        return t.in(CPU_0, thread).enter(thread, "read", pipe).at(10).out(CPU_0, thread, 'S');
    }

    private Copy onPipe(long endNs, Waker waker, Evidence evidence, End end) {
        return new Copy(thread, ThreadState.IPC, 10, endNs, ObjectKind.PIPE, pipe, Timeline.SYSCALLS.number("read"), waker, evidence,
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

    private static final long TRUSTED = EarlyWaking.TRUSTED_NS;

    /** At 5 the kernel has taken the thread off its queue already, but not said so yet. */
    private Timeline isWokenBeforeItIsOut() {
        return t.in(CPU_0, thread).enter(thread, "read", pipe).at(5).waking(thread, Evidence.OBJECT, WRITER).at(10);
    }

    private static List<String> texts(List<Copy> intervals) {
        return intervals.stream().map(IntervalsTest::text).toList();
    }

    @Test
    void aWakingRightBeforeTheSwitchEndsTheWait() {
        isWokenBeforeItIsOut().out(CPU_0, thread, 'S').at(30).interval().at(60).in(CPU_0, thread).at(90).end();
        Told told = new Told(t.events, true);
        assertEquals(List.of("RUNNING 0-10 LEFT", "IPC 10-10 WOKEN", "RUNNABLE 10-60 OVER", "RUNNING 60-90 ONGOING"), texts(told.last));
        assertEquals(onPipe(10, Timeline.mainThread(WRITER), Evidence.OBJECT, End.WOKEN), told.waits().getFirst());
    }

    @Test
    void thatItRunsAgainMayBeSeenByItsNextCallAlone() {
        isWokenBeforeItIsOut().out(CPU_0, thread, 'S').at(60).exit(thread, "read", 1).at(90).end();
        assertEquals(List.of("RUNNING 0-10 LEFT", "IPC 10-10 WOKEN", "RUNNABLE 10-60 OVER", "RUNNING 60-90 ONGOING"),
                texts(new Told(t.events, true).last));
    }

    @Test
    void ifItDoesNotRunSoonItHadGoneToWaitOnceMore() {
        long untilNs = 10 + TRUSTED;
        isWokenBeforeItIsOut().out(CPU_0, thread, 'S').at(untilNs + 500).interval().at(untilNs + 1000)
                .waking(thread, Evidence.WAKER, WRITER).at(untilNs + 2000).in(CPU_0, thread).end();
        Told told = new Told(t.events, true);
        assertEquals(List.of("RUNNING 0-10 LEFT", "RUNNABLE 10-" + untilNs + " OVER",
                "IPC " + untilNs + "-" + (untilNs + 1000) + " WOKEN"), texts(told.last).subList(0, 3));
        assertEquals(1, told.waits().size(), "it waited once");
        assertEquals(List.of("IPC " + untilNs + "-" + (untilNs + 500) + " ONGOING"), texts(told.provisional));
        assertEquals(Evidence.WAKER, told.waits().getLast().evidence());
    }

    @Test
    void ifItRunsLateUnwokenItWasWokenBeforeAllTheSame() {
        long untilNs = 10 + TRUSTED;
        isWokenBeforeItIsOut().out(CPU_0, thread, 'S').at(untilNs + 1000).in(CPU_0, thread).end();
        assertEquals(List.of("IPC " + untilNs + "-" + (untilNs + 1000) + " WOKEN"), texts(told()));
        assertEquals(Evidence.OBJECT, told().getFirst().evidence());
    }

    @Test
    void ifItIsWokenSoonThatWakingEndedItsOneWait() {
        isWokenBeforeItIsOut().out(CPU_0, thread, 'S').at(30).interval().at(60).waking(thread, Evidence.WAKER, WRITER)
                .at(70).in(CPU_0, thread).at(90).end();
        assertEquals(List.of("IPC 10-10 WOKEN"), texts(told()));
        assertEquals(Evidence.WAKER, told().getFirst().evidence());
    }

    @Test
    void whatIsNotSeenOfItAfterwardsLeavesItWokenBefore() {
        isWokenBeforeItIsOut().out(CPU_0, thread, 'S').at(60).end();
        assertEquals(List.of("IPC 10-10 WOKEN"), texts(told()));
    }

    @Test
    void aWakingThatTheThreadHasAnsweredEndsNoLaterWait() {
        isWokenBeforeItIsOut().exit(thread, "read", 1);
        reads().at(60).in(CPU_0, thread).at(90).end();
        assertEquals(List.of(onPipe(60, null, Evidence.NONE, End.UNSEEN)), told());
    }

    @Test
    void aWakingEndsOneWait() {
        isWokenBeforeItIsOut().out(CPU_0, thread, 'S').at(20).in(CPU_0, thread).at(30).out(CPU_0, thread, 'S')
                .at(60).in(CPU_0, thread).at(90).end();
        assertEquals(List.of("IPC 10-10 WOKEN", "IPC 30-60 UNSEEN"), told().stream().map(IntervalsTest::text).toList());
    }

    @Test
    void whatWasTakenOffItsCpuRanOnAfterAWakingBefore() {
        isWokenBeforeItIsOut().out(CPU_0, thread, 'R').at(20).in(CPU_0, thread).at(30).out(CPU_0, thread, 'S')
                .at(60).in(CPU_0, thread).at(90).end();
        assertEquals(List.of("IPC 30-60 UNSEEN"), told().stream().map(IntervalsTest::text).toList());
    }

    @Test
    void afterLossAWakingBeforeIsNone() {
        isWokenBeforeItIsOut().lost().out(CPU_0, thread, 'S').at(60).in(CPU_0, thread).at(90).end();
        assertEquals(List.of("OTHER 10-60 UNSEEN"), told().stream().map(IntervalsTest::text).toList());
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

    /** What a request of io_uring is on may be told after the waiter was switched out: it has waited for that all the time. */
    @Test
    void whatIsWaitedForMayBecomeKnownLater() {
        KernelObject ring = Timeline.object(ObjectKind.IO_URING, "[io_uring] fd 5");
        KernelObject file = Timeline.object(ObjectKind.DISK, "/file");
        t.in(CPU_0, thread).enter(thread, "io_uring_enter", ring).at(10).out(CPU_0, thread, 'S')
                .at(20).push(EventType.RING_FILE, thread, e -> { });
        TraceEvent told = t.events.getLast();
        told.waitsFor = ObjectKind.DISK;
        told.object = file;
        told.call = Timeline.SYSCALLS.number("io_uring_enter");
        t.at(60).waking(thread, Evidence.OBJECT, WRITER, e -> { }).at(70).in(CPU_0, thread).at(90).end();
        List<Copy> waits = told();
        assertEquals(1, waits.size(), waits::toString);
        assertEquals(List.of(ThreadState.DISK, ObjectKind.DISK, file, 10L, 60L), List.of(waits.getFirst().state(),
                waits.getFirst().kind(), waits.getFirst().object(), waits.getFirst().fromNs(), waits.getFirst().toNs()));
    }

    private void pollsAndIsWoken() {
        t.in(CPU_0, thread).enter(thread, "poll", null, 0x7000, 2).at(10).out(CPU_0, thread, 'S')
                .at(60).wakingByGuess(thread, WRITER, socket).at(70).in(CPU_0, thread).exit(thread, "poll", 1);
    }

    @Test
    void aGuessIsToldOfWhenItIsConfirmed() {
        pollsAndIsWoken();
        t.at(80).enter(thread, "read", socket).at(90).end();
        List<Copy> told = told();
        assertEquals(1, told.size());
        assertEquals(List.of(ObjectKind.UNIX, socket, Evidence.OBJECT, 10L, 60L), List.of(told.getFirst().kind(),
                told.getFirst().object(), told.getFirst().evidence(), told.getFirst().fromNs(), told.getFirst().toNs()));
    }

    @Test
    void aGuessThatNothingConfirmsIsToldOfWithoutIt() {
        pollsAndIsWoken();
        t.at(90).end();
        List<Copy> told = told();
        assertEquals(1, told.size());
        assertEquals(List.of(ObjectKind.POLL, Evidence.WAKER, End.WOKEN),
                List.of(told.getFirst().kind(), told.getFirst().evidence(), told.getFirst().end()));
    }

    /** Who has sent what is waited for is certain once the call returns, unless it says that nothing came. */
    @Test
    void aSenderIsToldOfWhenTheCallHasGotSomething() {
        for (long result : new long[] {8, 0, -11}) {
            Timeline line = new Timeline();
            ThreadId reader = line.at(0).thread(PID, PID);
            line.in(CPU_0, reader).enter(reader, "read", socket).at(10).out(CPU_0, reader, 'S').at(60)
                    .waking(reader, Evidence.WAKER, WRITER, e -> {
                        e.object = socket;
                        e.objectToBeConfirmed = true;
                    }).at(70).in(CPU_0, reader).push(EventType.SYS_EXIT, reader, e -> {
                        e.cpu = CPU_0;
                        e.number = Timeline.SYSCALLS.number("read");
                        e.call = (int) e.number;
                        e.result = result;
                        e.confirmed = result < 0 ? null : socket;
                    }).at(90).end();
            Copy told = new Told(line.events, true).waits().getFirst();
            assertEquals(socket, told.object());
            assertEquals(result < 0 ? Evidence.INTERRUPT : Evidence.WAKER, told.evidence());
            assertEquals(result < 0 ? null : Timeline.mainThread(WRITER), told.waker());
        }
    }

    private static String text(Copy i) {
        return i.state() + " " + i.fromNs() + "-" + i.toNs() + " " + i.end();
    }

    @Test
    void theIntervalsOfAThreadFollowEachOther() {
        reads().at(60).waking(thread, Evidence.OBJECT, WRITER).at(70).in(CPU_0, thread).at(80).out(CPU_0, thread, 'R').at(90).lost()
                .at(95).exits(thread).at(97).out(CPU_0, thread, 'X').at(99).end();
        Told told = new Told(t.events, true);
        assertEquals(List.of("RUNNING 0-10 LEFT", "IPC 10-60 WOKEN", "RUNNABLE 60-70 OVER", "RUNNING 70-80 PREEMPTED",
                "THROTTLED 80-90 OVER", "UNKNOWN 90-95 OVER", "RUNNING 95-97 LEFT"), told.last.stream().map(IntervalsTest::text).toList());
        assertEquals(97, told.endNs.get(thread));
    }

    /**
     * It gives back its memory and closes its files, which can take long, and waits meanwhile.
     *
     * <pre>
     *   run ├ exit ├ run ├ D ─────┤ runnable ├ run ┤ X
     * </pre>
     */
    @Test
    void whatAThreadDoesAfterItsExitCounts() {
        t.in(CPU_0, thread).at(10).exits(thread).at(20).out(CPU_0, thread, 'D').at(60).waking(thread, Evidence.WAKER, WRITER)
                .at(65).in(CPU_0, thread).at(80).out(CPU_0, thread, 'Z').at(99).end();
        Told told = new Told(t.events, true);
        assertEquals(List.of("RUNNING 0-20 LEFT", "OTHER 20-60 WOKEN", "RUNNABLE 60-65 OVER", "RUNNING 65-80 LEFT"),
                told.last.stream().map(IntervalsTest::text).toList());
        assertEquals(80, told.endNs.get(thread));
    }

    /** The last switch may be among what was lost, and nothing else would tell of the end. */
    @Test
    void aThreadWhoseLastSwitchMayBeLostHasEnded() {
        t.in(CPU_0, thread).at(10).exits(thread).at(20).lost().at(99).end();
        Told told = new Told(t.events, true);
        assertEquals(List.of("RUNNING 0-20 OVER"), told.last.stream().map(IntervalsTest::text).toList());
        assertEquals(20, told.endNs.get(thread));
    }

    @Test
    void atTheEndOfAWindowWhatGoesOnIsHandedOverAsFarAsItHasCome() {
        reads().at(30).interval().at(40).interval().at(60).waking(thread, Evidence.OBJECT, WRITER).at(65).interval().at(90).end();
        Told told = new Told(t.events, true);
        assertEquals(List.of("IPC 10-30 ONGOING", "IPC 10-40 ONGOING", "RUNNABLE 60-65 ONGOING"),
                told.provisional.stream().map(IntervalsTest::text).toList());
        assertEquals(List.of("RUNNING 0-10 LEFT", "IPC 10-60 WOKEN", "RUNNABLE 60-90 ONGOING"),
                told.last.stream().map(IntervalsTest::text).toList());
        assertEquals(90, told.newNs.get(thread));
    }

    @Test
    void aGuessThatOutlastsAWindowIsFirstWhatIsKnownWithoutIt() {
        pollsAndIsWoken();
        t.at(75).interval().at(80).enter(thread, "read", socket).at(90).end();
        Told told = new Told(t.events, true);
        Copy first = told.provisional.getFirst();
        assertEquals(List.of("IPC 10-60 WOKEN", ObjectKind.POLL, Evidence.WAKER), List.of(text(first), first.kind(), first.evidence()));
        Copy settled = told.waits().getFirst();
        assertEquals(List.of("IPC 10-60 WOKEN", ObjectKind.UNIX, Evidence.OBJECT),
                List.of(text(settled), settled.kind(), settled.evidence()));
        assertEquals(90, told.newNs.get(thread));
    }

    /** Of any trace, also one that contradicts itself. */
    @Test
    void whateverComesTheIntervalsHaveNoGapAndNoOverlap() {
        for (int seed = 0; seed < 300; seed++) {
            RandomTrace trace = new RandomTrace(seed, 20 + seed);
            Told told = new Told(trace.timeline.events, true);
            assertEquals(trace.all.size(), told.beginNs.size());
            for (ThreadId id : trace.all) {
                long nowNs = told.beginNs.get(id);
                for (Copy i : told.last.stream().filter(i -> i.thread() == id).sorted(Comparator.comparingLong(Copy::fromNs)
                        .thenComparingLong(Copy::toNs)).toList()) {
                    assertEquals(nowNs, i.fromNs());
                    nowNs = i.toNs();
                }
                assertEquals(told.endNs.getOrDefault(id, trace.nowNs), nowNs);
                assertEquals(nowNs - told.beginNs.get(id), told.newNs.getOrDefault(id, 0L));
            }
        }
    }

    @Test
    void whatIsHandedOverInTheEndDoesNotDependOnWhereWindowsEnd() {
        int settled = 0;
        for (int seed = 0; seed < 300; seed++) {
            RandomTrace trace = new RandomTrace(seed, 20 + seed);
            Told windows = new Told(trace.timeline.events, true);
            List<Copy> whole = new Told(trace.timeline.events, false).last;
            assertEquals(whole.size(), windows.last.size());
            for (int i = 0; i < whole.size(); i++) {
                assertEquals(whole.get(i), windows.last.get(i));
            }
            settled += (int) windows.waits().stream().filter(i -> i.kind() == ObjectKind.POLL).count();
        }
        assertTrue(settled > 0);
    }
}
