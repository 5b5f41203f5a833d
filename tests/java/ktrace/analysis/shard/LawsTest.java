package ktrace.analysis.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.StateTimes;
import ktrace.analysis.Summary;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.event.ObjectKind;
import ktrace.event.ObjectKind.Reason;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** The laws of the summary hold for every trace, also for one that contradicts itself in every second event. */
class LawsTest {
    private static final int TRACES = 400;
    private static final Limits TIGHT = new Limits(4, 3, 2, 5, 3, 2);

    @Test
    void everyNanosecondOfEveryThreadIsInOneState() {
        forEachTrace((trace, replay) -> {
            Map<Integer, Long> observed = new HashMap<>();
            for (ThreadId thread : trace.all) {
                observed.merge(thread.tid(), trace.endNs.getOrDefault(thread, trace.nowNs) - thread.startNs(), Long::sum);
            }
            Map<Integer, Long> accounted = new HashMap<>();
            replay.end().processes().forEach(p -> p.threads().forEach(
                    t -> accounted.merge(t.tid(), t.states().totalNs(), Long::sum)));
            assertEquals(observed, accounted);
        });
    }

    @Test
    void threadsSumToTheirProcessAndReasonsToBlocked() {
        forEachDocument(document -> {
            for (ProcessSummary p : document.processes()) {
                StateTimes s = p.states();
                assertEquals(s, p.threads().stream().map(ThreadSummary::states).reduce(StateTimes.NONE, StateTimes::plus));
                assertEquals(s.blockedNs(), s.ipcNs() + s.diskNs() + s.sleepNs() + s.pagefaultNs() + s.stoppedNs() + s.otherNs());
            }
        });
    }

    @Test
    void noThreadHasMoreTimeInAWindowThanTheWindowHas() {
        forEachTrace((trace, replay) -> replay.intervals.forEach(window -> window.processes().forEach(
                p -> p.threads().forEach(t -> assertTrue(t.states().totalNs() <= window.durationNs())))));
    }

    @Test
    void waitsSumToBlockedByReason() {
        forEachDocument(document -> {
            for (ProcessSummary p : document.processes()) {
                StateTimes s = p.states();
                long ipc = sum(p.waits(), w -> w.kind().ipc() ? w.totalNs() : 0);
                assertEquals(s.ipcNs(), ipc);
                assertEquals(s.diskNs(), sum(p.waits(), w -> w.kind() == ObjectKind.DISK ? w.totalNs() : 0));
                assertEquals(s.sleepNs(), sum(p.waits(), w -> w.kind() == ObjectKind.SLEEP ? w.totalNs() : 0));
                assertEquals(s.stoppedNs(), sum(p.waits(), w -> w.kind().reason() == Reason.STOPPED ? w.totalNs() : 0));
                assertEquals(s.blockedNs(), sum(p.waits(), WaitSummary::totalNs));
            }
        });
    }

    @Test
    void aWaitUnfoldsByThreadIntoPartsThatSumToIt() {
        forEachDocument(LawsTest::unfolds);
        for (int seed = 0; seed < TRACES; seed++) {
            Replay replay = new Replay(new RandomTrace(seed, 400).timeline.events, TIGHT, true);
            replay.intervals.forEach(LawsTest::unfolds);
            replay.soFar.forEach(LawsTest::unfolds);
            unfolds(replay.end());
        }
    }

    private static void unfolds(Summary document) {
        for (ProcessSummary p : document.processes()) {
            for (WaitSummary wait : p.waits()) {
                List<ThreadWaits> parts = wait.threads();
                assertEquals(wait.totalNs(), parts.stream().mapToLong(ThreadWaits::totalNs).sum());
                assertEquals(wait.count(), parts.stream().mapToLong(ThreadWaits::count).sum());
                assertEquals(wait.maxNs(), parts.stream().mapToLong(ThreadWaits::maxNs).max().orElseThrow());
                assertEquals(wait.ongoing(), parts.stream().anyMatch(ThreadWaits::ongoing));
                Set<Integer> wakers = parts.stream().map(part -> part.waker() == null ? 0 : part.waker().tid())
                        .collect(Collectors.toSet());
                assertEquals(wakers.size() == 1 ? wakers.iterator().next() : 0, wait.waker() == null ? 0 : wait.waker().tid());
            }
        }
    }

    @Test
    void theWaitsOfAThreadSumToWhatItWasBlocked() {
        forEachDocument(document -> {
            for (ProcessSummary p : document.processes()) {
                Map<Integer, Long> blocked = new HashMap<>();
                p.threads().stream().filter(t -> t.states().blockedNs() > 0)
                        .forEach(t -> blocked.merge(t.tid(), t.states().blockedNs(), Long::sum));
                Map<Integer, Long> waited = new HashMap<>();
                p.waits().stream().flatMap(w -> w.threads().stream()).filter(t -> t.totalNs() > 0)
                        .forEach(t -> waited.merge(t.tid(), t.totalNs(), Long::sum));
                assertEquals(blocked, waited);
            }
        });
    }

    @Test
    void intervalsAddUpToTheFinalDocument() {
        forEachTrace((trace, replay) -> addUp(replay));
    }

    @Test
    void intervalsAddUpWhenRowsAreJoined() {
        for (int seed = 0; seed < TRACES; seed++) {
            addUp(new Replay(new RandomTrace(seed, 400).timeline.events, TIGHT, true));
        }
    }

    private static void addUp(Replay replay) {
        List<ProcessSummary> last = replay.end().processes();
        List<ProcessSummary> windows = replay.intervals.stream().flatMap(w -> w.processes().stream()).toList();
        assertEquals(last.stream().map(ProcessSummary::states).reduce(StateTimes.NONE, StateTimes::plus),
                windows.stream().map(ProcessSummary::states).reduce(StateTimes.NONE, StateTimes::plus));
        assertEquals(calls(last), calls(windows));
        assertEquals(waits(last), waits(windows));
    }

    @Test
    void intervalsAddUpForEveryThread() {
        forEachTrace((trace, replay) -> {
            Map<Integer, StateTimes> sums = new HashMap<>();
            replay.intervals.forEach(w -> w.processes().forEach(
                    p -> p.threads().forEach(t -> sums.merge(t.tid(), t.states(), StateTimes::plus))));
            Map<Integer, StateTimes> last = new HashMap<>();
            replay.end().processes().forEach(
                    p -> p.threads().forEach(t -> last.merge(t.tid(), t.states(), StateTimes::plus)));
            assertEquals(last, sums);
        });
    }

    private static Map<String, List<Long>> calls(List<ProcessSummary> processes) {
        Map<String, List<Long>> sums = new HashMap<>();
        processes.forEach(p -> p.syscalls().forEach(s -> sums.merge(s.name(), List.of(s.calls(), s.errors(), s.totalNs()),
                (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1), a.get(2) + b.get(2)))));
        return sums;
    }

    private static List<Long> waits(List<ProcessSummary> processes) {
        return List.of(processes.stream().mapToLong(p -> sum(p.waits(), WaitSummary::totalNs)).sum(),
                processes.stream().mapToLong(p -> sum(p.waits(), WaitSummary::count)).sum());
    }

    @Test
    void theFinalDocumentDoesNotDependOnWhereIntervalsEnd() {
        forEachTrace((trace, replay) ->
                assertEquals(new Replay(trace.timeline.events, Limits.DEFAULT, false).end(), replay.end()));
    }

    @Test
    void whatIsJoinedDoesNotDependOnWhereIntervalsEnd() {
        for (int seed = 0; seed < TRACES; seed++) {
            List<ktrace.event.TraceEvent> events = new RandomTrace(seed, 400).timeline.events;
            assertEquals(new Replay(events, TIGHT, false).end(), new Replay(events, TIGHT, true).end());
        }
    }

    private static long sum(List<WaitSummary> waits, ToLongFunction<WaitSummary> part) {
        return waits.stream().mapToLong(part).sum();
    }

    private interface OfTrace {
        void check(RandomTrace trace, Replay replay);
    }

    private static void forEachTrace(OfTrace law) {
        for (int seed = 0; seed < TRACES; seed++) {
            RandomTrace trace = new RandomTrace(seed, 20 + seed);
            law.check(trace, trace.timeline.play());
        }
    }

    private static void forEachDocument(java.util.function.Consumer<Summary> law) {
        forEachTrace((trace, replay) -> {
            replay.intervals.forEach(law);
            replay.soFar.forEach(law);
            law.accept(replay.end());
        });
    }
}
