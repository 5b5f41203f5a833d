package ktrace.analysis.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.ShardSnapshot;
import ktrace.analysis.StateTimes;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.explain.Explainer;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.linux.Errno;
import org.junit.jupiter.api.Test;

/** What each row of waits is explained by. */
class BecauseTest {
    private static final int TRACES = 200;
    private static final Limits TIGHT = new Limits(4, 3, 2, 5, 3, 2);

    private static List<ShardSnapshot> snapshots(List<TraceEvent> events, Limits limits, boolean playIntervals) {
        List<ShardSnapshot> snapshots = new ArrayList<>();
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), snapshots::add,
                limits, new Explainer(Timeline.SYSCALLS));
        events.stream().filter(event -> playIntervals || event.type != EventType.INTERVAL).forEach(shard::onEvent);
        return snapshots;
    }

    private static long sum(List<Because> because) {
        return because.stream().mapToLong(Because::ns).sum();
    }

    private static Stream<WaitSummary> waits(List<ProcessSummary> processes) {
        return processes.stream().flatMap(process -> process.waits().stream());
    }

    private static long computed(List<ProcessSummary> processes) {
        return waits(processes).flatMap(wait -> wait.because().stream()).filter(b -> b.cause() == Cause.COMPUTES)
                .mapToLong(Because::ns).sum();
    }

    @Test
    void itIsToldWhoseDoingAWaitWas() {
        Timeline t = new Timeline();
        ThreadId a = t.at(0).thread(10, 10);
        ThreadId b = t.thread(20, 20);
        KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[1]");
        Waker waker = new Waker(b, 20, "writes", new Peer(20, "writer"));
        t.in(Timeline.CPU_0, a).enter(a, "read", pipe).out(Timeline.CPU_0, a, 'S').at(10)
                .in(Timeline.CPU_1, b).at(50).interval().at(70).out(Timeline.CPU_1, b, 'R').at(80).in(Timeline.CPU_1, b).at(90)
                .waking(a, Evidence.OBJECT, waker.process(), e -> e.waker = waker).at(100).end();
        List<ShardSnapshot> snapshots = snapshots(t.events, Limits.DEFAULT, true);
        assertEquals(List.of(new Because(10, "", 10, "", Cause.GOES_ON, 50)),
                waits(snapshots.getFirst().window()).findFirst().orElseThrow().because());
        WaitSummary wait = waits(snapshots.getLast().soFar()).findFirst().orElseThrow();
        // Whoever is ready while the CPU is idle is held back by a quota; of the first time nothing had been seen of it.
        assertEquals(Set.of(new Because(20, "writer", 20, "writes", Cause.COMPUTES, 70),
                new Because(20, "writer", 20, "writes", Cause.UNKNOWN, 10),
                new Because(20, "writer", 20, "writes", Cause.THROTTLED, 10)), Set.copyOf(wait.because()));
        assertEquals(Cause.COMPUTES, wait.because().getFirst().cause());
        assertEquals(40, sum(waits(snapshots.getLast().window()).findFirst().orElseThrow().because()));
    }

    @Test
    void whatARowIsExplainedByAddsUpToItInEveryDocument() {
        long computed = 0;
        for (int seed = 0; seed < TRACES; seed++) {
            RandomTrace trace = new RandomTrace(seed, 20 + 2 * seed);
            RandomTrace.nameWakers(trace);
            for (Limits limits : List.of(Limits.DEFAULT, TIGHT)) {
                for (ShardSnapshot snapshot : snapshots(trace.timeline.events, limits, true)) {
                    Stream.of(snapshot.window(), snapshot.soFar()).flatMap(BecauseTest::waits).forEach(BecauseTest::addsUp);
                    computed += computed(snapshot.soFar());
                }
            }
        }
        assertTrue(computed > 0);
    }

    private static void addsUp(WaitSummary wait) {
        assertEquals(wait.totalNs(), sum(wait.because()), wait::toString);
        for (ThreadWaits part : wait.threads()) {
            assertEquals(part.totalNs(), sum(part.because()), wait::toString);
        }
        assertTrue(wait.because().stream().allMatch(b -> b.ns() > 0), wait::toString);
    }

    /** So that some wait for work. */
    private static void expectAnything(RandomTrace trace) {
        for (TraceEvent event : trace.timeline.events) {
            if (event.waitsFor != null && event.type != EventType.SCHED_WAKING) {
                event.expects = Expects.values()[Math.floorMod(event.timeNs * 31 + event.tid, 4)];
            }
        }
    }

    private static StateTimes states(Stream<ProcessSummary> processes) {
        return processes.map(ProcessSummary::states).reduce(StateTimes.NONE, StateTimes::plus);
    }

    @Test
    void idleIsAPartOfWhatIsBlocked() {
        long idle = 0;
        for (int seed = 0; seed < TRACES; seed++) {
            RandomTrace trace = new RandomTrace(seed, 20 + 2 * seed);
            RandomTrace.nameWakers(trace);
            expectAnything(trace);
            List<ShardSnapshot> snapshots = snapshots(trace.timeline.events, TIGHT, true);
            snapshots.stream().flatMap(s -> Stream.concat(s.window().stream(), s.soFar().stream())).forEach(process -> {
                StateTimes s = process.states();
                assertEquals(s.blockedNs(), s.ipcNs() + s.idleNs() + s.diskNs() + s.sleepNs() + s.pagefaultNs() + s.stoppedNs()
                        + s.otherNs());
                assertTrue(s.idleNs() >= 0 && s.ipcNs() >= 0, process::toString);
                assertEquals(s, process.threads().stream().map(ThreadSummary::states).reduce(StateTimes.NONE, StateTimes::plus));
            });
            StateTimes windows = states(snapshots.stream().flatMap(s -> s.window().stream()));
            StateTimes last = states(snapshots.getLast().soFar().stream());
            assertEquals(last.ipcNs() + last.idleNs(), windows.ipcNs() + windows.idleNs());
            idle += last.idleNs();
        }
        assertTrue(idle > 0);
    }

    /** Who waits for work does so from the begin: each interval tells it, and they add up. */
    @Test
    void whoWaitsForWorkIsIdleInEveryWindow() {
        Timeline t = new Timeline();
        ThreadId a = t.at(0).thread(10, 10);
        t.in(Timeline.CPU_0, a).enter(a, "accept", Timeline.object(ObjectKind.UNIX, "unix /s")).out(Timeline.CPU_0, a, 'S');
        t.events.getLast().expects = Expects.WORK;
        t.at(50).interval().at(70).waking(a, Evidence.OBJECT, new Peer(99, "connects")).in(Timeline.CPU_0, a).at(80).interval().at(90)
                .end();
        List<ShardSnapshot> snapshots = snapshots(t.events, Limits.DEFAULT, true);
        assertEquals(List.of(50L, 20L, 0L), snapshots.stream().map(s -> s.window().getFirst().states().idleNs()).toList());
        assertEquals(List.of(50L, 70L, 70L), snapshots.stream().map(s -> s.soFar().getFirst().states().idleNs()).toList());
        assertEquals(0, snapshots.getLast().soFar().getFirst().states().ipcNs());
    }

    @Test
    void whereWindowsEndMakesNoDifference() {
        for (int seed = 0; seed < TRACES; seed++) {
            RandomTrace trace = new RandomTrace(seed, 300);
            RandomTrace.nameWakers(trace);
            expectAnything(trace);
            for (Limits limits : List.of(Limits.DEFAULT, TIGHT)) {
                assertEquals(snapshots(trace.timeline.events, limits, false).getLast().soFar(),
                        snapshots(trace.timeline.events, limits, true).getLast().soFar(), "seed " + seed);
            }
        }
    }
}
