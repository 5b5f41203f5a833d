package ktrace.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.WindowFacts;
import org.junit.jupiter.api.Test;

class SummaryAssemblerTest {
    private final List<Summary> told = new ArrayList<>();

    private static ProcessSummary process(int pid) {
        return new ProcessSummary(pid, 1, "p", "p", 0, null, List.of(), StateTimes.NONE, List.of(), List.of());
    }

    private static ShardSnapshot snapshot(int mark, boolean last) {
        return snapshot(mark, last, 2);
    }

    private static ShardSnapshot snapshot(int mark, boolean last, long lost) {
        List<ProcessSummary> processes = List.of(process(11), process(100));
        return new ShardSnapshot(mark, 100 * (mark + 1), last,
                new WindowFacts(7, 10 * (mark + 1), 6 * (mark + 1), Map.of(TraceCounter.LOST_EVENTS, lost)),
                Map.of(TraceCounter.MISSED_WAKEUP, (long) mark + 1), processes, processes, null, null, null);
    }

    @Test
    void eachWindowIsToldAndThenTheTraceSoFar() {
        SummaryAssembler assembler = new SummaryAssembler("perf", List.of(), () -> SelfUsage.NONE, told::add);
        assembler.accept(snapshot(0, false));
        assertEquals(List.of(Summary.Scope.INTERVAL, Summary.Scope.SO_FAR), told.stream().map(Summary::scope).toList());
        assembler.accept(snapshot(1, true));
        assertEquals(Summary.Scope.FINAL, told.getLast().scope());
        assertEquals(List.of(11, 100), told.getLast().processes().stream().map(ProcessSummary::pid).toList());
    }

    /** What a ring said of its losses while the trace went on, the kernel's own count at its end may correct. */
    @Test
    void noWindowHasLostLessThanNothing() {
        SummaryAssembler assembler = new SummaryAssembler("perf", List.of(), () -> SelfUsage.NONE, told::add);
        assembler.accept(snapshot(0, false, 9));
        assembler.accept(snapshot(1, true, 7));
        assertEquals(List.of(9L, 9L, 0L, 7L), told.stream().map(Summary::lost).toList());
        assertEquals(Map.of(TraceCounter.MISSED_WAKEUP, 1L), told.get(2).counters());
    }

    @Test
    void countersOfSourceStagesAndSumsAreAddedUp() {
        TraceCounters tracker = new TraceCounters();
        tracker.add(TraceCounter.MISSED_WAKEUP, 5);
        tracker.increment(TraceCounter.UNKNOWN_FD);
        AtomicLong cpuNs = new AtomicLong();
        SummaryAssembler assembler = new SummaryAssembler("perf", List.of(tracker),
                () -> new SelfUsage(cpuNs.addAndGet(40), 9), told::add);
        assembler.accept(snapshot(0, false));
        tracker.increment(TraceCounter.UNKNOWN_FD);
        assembler.accept(snapshot(1, true));

        assertEquals(Map.of(TraceCounter.LOST_EVENTS, 2L, TraceCounter.MISSED_WAKEUP, 7L, TraceCounter.UNKNOWN_FD, 2L),
                told.getLast().counters());
        assertEquals(Map.of(TraceCounter.MISSED_WAKEUP, 1L, TraceCounter.UNKNOWN_FD, 1L), told.get(2).counters());
        assertEquals(new SelfUsage(80, 9), told.getLast().self());
        assertEquals(new SelfUsage(40, 9), told.get(2).self());
        assertEquals(List.of(7L, 93L, 10L, 2L), List.of(told.get(0).startNs(), told.get(0).durationNs(), told.get(0).events(),
                told.get(0).lost()));
        assertEquals(List.of(100L, 100L, 10L, 0L), List.of(told.get(2).startNs(), told.get(2).durationNs(), told.get(2).events(),
                told.get(2).lost()));
    }

    /** A shell waits for the child that it has just forked, which then becomes another program. */
    @Test
    void whoIsWaitedForIsCalledAsItIsNow() {
        ProcessSummary sort = process(4, "sort", null, List.of());
        ProcessSummary before = process(5, "old", 7L, List.of());
        WaitSummary goesOn = wait(new Peer(4, "sh"), true);
        WaitSummary over = wait(new Peer(4, "sh"), false);
        WaitSummary ofTheDead = wait(new Peer(5, "sh"), true);
        List<ProcessSummary> told = PeersNow.in(List.of(process(3, "sh", null, List.of(goesOn, over, ofTheDead)), sort, before));
        assertEquals(List.of("sort", "sh", "sh"), told.getFirst().waits().stream().map(w -> w.peers().getFirst().comm()).toList());
        assertSame(sort, told.get(1));
        List<ProcessSummary> right = List.of(process(3, "sh", null, List.of(wait(new Peer(4, "sort"), true))), sort);
        assertSame(right, PeersNow.in(right));
    }

    @Test
    void whoIsWatchedForStatesStaysSo() {
        ProcessSummary watched = new ProcessSummary(3, 1, "sh", "sh", 0, null, true, List.of(), StateTimes.NONE, List.of(),
                List.of(wait(new Peer(4, "sh"), true)));
        ProcessSummary told = PeersNow.in(List.of(watched, process(4, "sort", null, List.of()))).getFirst();
        assertEquals("sort", told.waits().getFirst().peers().getFirst().comm());
        assertTrue(told.statesOnly());
    }

    private static ProcessSummary process(int pid, String comm, Long exitNs, List<WaitSummary> waits) {
        return new ProcessSummary(pid, 1, comm, comm, 0, exitNs, List.of(), StateTimes.NONE, List.of(), waits);
    }

    @Test
    void whoIsWatchedForStatesIsSoUnderWhateverNamesItsPeersGoBy() {
        ProcessSummary watched = new ProcessSummary(3, 1, "sh", "sh", 0, null, true, List.of(), StateTimes.NONE, List.of(),
                List.of(wait(new Peer(4, "sh"), true)));
        List<ProcessSummary> told = PeersNow.in(List.of(watched, process(4, "sort", null, List.of())));
        assertEquals("sort", told.getFirst().waits().getFirst().peers().getFirst().comm());
        assertEquals(true, told.getFirst().statesOnly());
    }

    private static WaitSummary wait(Peer peer, boolean ongoing) {
        return new WaitSummary(ObjectKind.CHILD, "", "wait4", null, List.of(peer), Evidence.NONE, 0, 1, 0, 0, 0, ongoing, List.of());
    }
}
