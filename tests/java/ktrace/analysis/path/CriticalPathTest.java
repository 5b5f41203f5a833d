package ktrace.analysis.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import ktrace.analysis.Cause;
import ktrace.analysis.path.CriticalPath.Reach;
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
import org.junit.jupiter.api.Test;

/**
 * Critical paths of timelines, and laws for those of all. Each path is written as who did what up to when, in the order of time; it
 * begins at 0.
 */
class CriticalPathTest {
    private static final int CPUS = 4;

    private final Timeline t = new Timeline();
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[1]");
    private final KernelObject lock = Timeline.object(ObjectKind.FILELOCK, "/tmp/lock");

    private static History history(List<TraceEvent> events) {
        return history(events, 1 << 20);
    }

    private static History history(List<TraceEvent> events, int limit) {
        History history = new History(0, Long.MAX_VALUE, limit);
        events.forEach(history::onEvent);
        return history;
    }

    private String path(ThreadId thread, long toNs) {
        return told(CriticalPath.of(history(t.end().events), thread, 0, toNs, Reach.BOUNDED));
    }

    private String unbounded(ThreadId thread, long toNs) {
        return told(CriticalPath.of(history(t.events), thread, 0, toNs, Reach.UNBOUNDED));
    }

    private static String told(List<Stretch> stretches) {
        return stretches.stream().map(s -> (s.outside() == null ? String.valueOf(s.thread().tid()) : s.outside().comm()) + " "
                + s.cause().label() + " " + s.toNs()).collect(Collectors.joining(", "));
    }

    /** Each thread runs on a CPU of its own. */
    private ThreadId runs(int tid) {
        ThreadId thread = t.thread(tid, tid);
        t.in(tid % CPUS, thread);
        return thread;
    }

    private Timeline blocks(ThreadId thread, KernelObject object) {
        return t.enter(thread, "read", object).out(thread.tid() % CPUS, thread, 'S');
    }

    /** Is woken and runs at once. */
    private Timeline wakes(ThreadId woken, ThreadId waker) {
        Peer peer = new Peer(waker.process().tgid(), "p");
        return t.waking(woken, Evidence.OBJECT, peer, e -> {
            e.tid = waker.tid();
            e.waker = new Waker(waker, waker.tid(), "t", peer);
        }).in(woken.tid() % CPUS, woken);
    }

    // -- as Trace Compass draws them for its algorithm that is bounded by the wait -----------------------------------------------

    /** {@code 0: * -R- *}. */
    @Test
    void whoeverRunsIsItsOwnPath() {
        ThreadId a = runs(1);
        t.at(100);
        assertEquals("1 computes 100", path(a, 100));
    }

    /** A timer that it has set itself ends its wait: {@code * -R- * -R- * -B- * -R- *}, where B is the timer's time. */
    @Test
    void aTimerIsItsOwnDoing() {
        ThreadId a = runs(1);
        t.at(20).enter(a, "nanosleep").out(1, a, 'S').at(30).waking(a, Evidence.INTERRUPT, null).in(1, a).at(40);
        assertEquals("1 computes 20, 1 sleeps 30, 1 computes 40", path(a, 40));
    }

    /** Nobody is seen to end the wait: {@code * -R- * -B- * -R- *}. */
    @Test
    void aWakeUpThatIsMissingIsUnknown() {
        ThreadId a = runs(1);
        t.at(20);
        blocks(a, pipe).at(40).in(1, a).at(60);
        assertEquals("1 computes 20, 1 unknown 40, 1 computes 60", path(a, 60));
    }

    /** A packet from another machine ends it. */
    @Test
    void whatTheNetworkBringsIsOutside() {
        ThreadId a = runs(1);
        t.at(20);
        blocks(a, Timeline.object(ObjectKind.TCP, "tcp 10.0.0.1:4711→10.0.0.5:443")).at(40).waking(a, Evidence.INTERRUPT, null).in(1, a).at(60);
        assertEquals("1 computes 20, 1 outside 40, 1 computes 60", path(a, 60));
        assertEquals(List.of(new PathShare(1, "", "", Cause.COMPUTES, 40, 2), new PathShare(0, "", "tcp 10.0.0.5:443", Cause.OUTSIDE, 20, 1)),
                PathSummary.of(history(t.events), a, 0, 60, Reach.BOUNDED, false).shares());
    }

    /** Woken by one that it has made: {@code 0: * -R- * -R- * -B- * -R- *}, {@code 1: * ---R--- *}. */
    @Test
    void whoIsMadeAndWaitedForIsOnThePathAsLongAsItIsWaitedFor() {
        ThreadId a = runs(1);
        t.at(20);
        ThreadId b = t.thread(2, 2);
        t.fork(a, b, 0, "b").at(30).in(2, b).at(40);
        blocks(a, pipe).at(60);
        wakes(a, b).at(80);
        assertEquals("1 computes 40, 2 computes 60, 1 computes 80", path(a, 80));
        assertEquals("1 computes 20, 2 queue 30, 2 computes 60, 1 computes 80", unbounded(a, 80));
    }

    /** {@code 0: * --R-- * --B-- * --R-- *}, {@code 1: * -------R------ * --R-- *}. */
    @Test
    void whoeverRanBesideIsOnThePathInTheWaitAlone() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        t.at(30);
        blocks(a, pipe).at(60);
        wakes(a, b).at(90);
        assertEquals("1 computes 30, 2 computes 60, 1 computes 90", path(a, 90));
    }

    /** Two wait for each other in turn; the wait of the other ended before this one's began. */
    @Test
    void ofTwoThatWaitForEachOtherTheLastWaitCounts() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        t.at(10);
        blocks(b, pipe).at(20);
        wakes(b, a).at(30);
        blocks(a, pipe).at(40);
        wakes(a, b).at(50);
        assertEquals("1 computes 30, 2 computes 40, 1 computes 50", path(a, 50));
        assertEquals("2 computes 10, 1 computes 20, 2 computes 50", path(b, 50));
        assertEquals("1 computes 20, 2 computes 40, 1 computes 50", unbounded(a, 50));
    }

    private String twoWakers(boolean embedded) {
        ThreadId a = runs(1);
        t.at(20);
        ThreadId first = t.thread(embedded ? 3 : 2, embedded ? 3 : 2);
        t.fork(a, first, 0, "x").in(first.tid() % CPUS, first).at(40);
        ThreadId second = t.thread(embedded ? 2 : 3, embedded ? 2 : 3);
        t.fork(a, second, 0, "y").in(second.tid() % CPUS, second).at(60);
        blocks(a, pipe).at(80);
        wakes(a, embedded ? second : first);
        blocks(a, pipe).at(100);
        wakes(a, embedded ? first : second).at(120);
        return path(a, 120);
    }

    /** One whole life within another: {@code 0: R R R B B R}, 1 ended the first wait and 2 the second. */
    @Test
    void whoseLivesAreEmbeddedFollowEachOther() {
        assertEquals("1 computes 60, 2 computes 80, 3 computes 100, 1 computes 120", twoWakers(true));
    }

    /** The same where lives overlap. */
    @Test
    void whoseLivesInterleaveFollowEachOther() {
        assertEquals("1 computes 60, 2 computes 80, 3 computes 100, 1 computes 120", twoWakers(false));
    }

    /** Who was waited for waited itself: 0 for 1, and 1 for 2. */
    @Test
    void waitsAreFollowedAlongTheirWakers() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        ThreadId c = runs(3);
        t.at(20);
        blocks(a, pipe).at(40);
        blocks(b, lock).at(60);
        wakes(b, c).at(80);
        wakes(a, b).at(100);
        assertEquals("1 computes 20, 2 computes 40, 3 computes 60, 2 computes 80, 1 computes 100", path(a, 100));
    }

    // -- as Perfetto defines them: spans from a wake-up to the next sleep, [R0, S0), [R1, S1) … --------------------------------

    /** {@code S0__|R0__Running0___|S1__|R1__Running1___|}: who woke it fills S1, and R1 is its own, in the queue for a CPU. */
    @Test
    void theTimeFromTheWakeUpOnIsTheWokensOwn() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        t.at(10);
        blocks(a, pipe).at(30);
        t.waking(a, Evidence.OBJECT, new Peer(2, "p"), e -> {
            e.tid = 2;
            e.waker = new Waker(b, 2, "t", new Peer(2, "p"));
        }).at(45).in(1, a).at(60);
        assertEquals("1 computes 10, 2 computes 30, 1 queue 45, 1 computes 60", path(a, 60));
    }

    /** A sleep that an interrupt ends stays within the span, as one for the disk does: its reason is the thread's own. */
    @Test
    void aWaitForTheDiskIsOfWhoWaits() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        t.at(10);
        blocks(a, pipe).at(20).enter(b, "read", Timeline.object(ObjectKind.DISK, "/var/db")).out(2, b, 'D').at(50)
                .waking(b, Evidence.INTERRUPT, null).in(2, b).at(60);
        wakes(a, b).at(70);
        List<Stretch> stretches = CriticalPath.of(history(t.end().events), a, 0, 70, Reach.BOUNDED);
        assertEquals("1 computes 10, 2 computes 20, 2 disk 50, 2 computes 60, 1 computes 70", told(stretches));
        assertEquals("/var/db", stretches.get(2).object().name());
        assertEquals("pipe:[1]", stretches.get(3).object().name());
        assertEquals(Evidence.OBJECT, stretches.get(3).evidence());
    }

    /** The waker slept before it woke: its sleep is on the path from the begin of the wait on, clipped. */
    @Test
    void whatTheWakerDidIsClippedToTheWait() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        t.at(5).enter(b, "nanosleep").out(2, b, 'S').at(10);
        blocks(a, lock).at(50).waking(b, Evidence.INTERRUPT, null).in(2, b).at(55);
        wakes(a, b).at(60);
        assertEquals("1 computes 10, 2 sleeps 50, 2 computes 55, 1 computes 60", path(a, 60));
    }

    // -- beyond both -------------------------------------------------------------------------------------------------------------

    /** Before its birth it is what its maker did. */
    @Test
    void beforeItsBirthItIsItsMakersDoing() {
        ThreadId a = runs(1);
        ThreadId shell = runs(3);
        t.at(10);
        blocks(a, pipe).at(40);
        ThreadId b = t.thread(2, 2);
        t.fork(shell, b, 0, "b").in(2, b).at(60);
        wakes(a, b).at(70);
        assertEquals("1 computes 10, 3 computes 40, 2 computes 60, 1 computes 70", path(a, 70));
    }

    @Test
    void whoIsNotObservedIsNamed() {
        ThreadId a = runs(1);
        t.at(10);
        blocks(a, pipe).at(30).waking(a, Evidence.OBJECT, new Peer(99, "stranger")).in(1, a).at(40);
        assertEquals("1 computes 10, stranger outside 30, 1 computes 40", path(a, 40));
    }

    @Test
    void theWeakestEvidenceOnTheWayIsTold() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        ThreadId c = runs(3);
        t.at(10);
        blocks(a, pipe);
        blocks(b, pipe).at(30).waking(b, Evidence.WAKER, new Peer(3, "p"), e -> {
            e.tid = 3;
            e.waker = new Waker(c, 3, "t", new Peer(3, "p"));
        }).in(2, b).at(40);
        wakes(a, b).at(50);
        List<Stretch> stretches = CriticalPath.of(history(t.end().events), a, 0, 50, Reach.BOUNDED);
        assertEquals("1 computes 10, 3 computes 30, 2 computes 40, 1 computes 50", told(stretches));
        assertEquals(List.of("null", "WAKER", "OBJECT", "null"), stretches.stream().map(s -> String.valueOf(s.evidence())).toList());
    }

    @Test
    void aWaitThatIsNotOverGoesOn() {
        ThreadId a = runs(1);
        t.at(10);
        blocks(a, pipe).at(30);
        assertEquals("1 computes 10, 1 goesOn 30", path(a, 30));
    }

    /** In the middle of a wait it is what whoever ended it later did until then. */
    @Test
    void anIntervalMayEndWithinAWait() {
        ThreadId a = runs(1);
        ThreadId b = runs(2);
        t.at(10);
        blocks(a, pipe).at(30);
        wakes(a, b).at(50);
        assertEquals("1 computes 10, 2 computes 20", path(a, 20));
    }

    // -- laws ----------------------------------------------------------------------------------------------------------------------

    private static void nameWakers(RandomTrace trace) {
        for (TraceEvent event : trace.timeline.events) {
            if (event.type == EventType.SCHED_WAKING && event.evidence != Evidence.NONE && event.evidence != Evidence.INTERRUPT) {
                ThreadId waker = trace.all.get(Math.floorMod(event.timeNs, trace.all.size()));
                event.waker = new Waker(waker, waker.tid(), "t", new Peer(waker.process().tgid(), "p"));
            }
        }
    }

    private static void assertWhole(List<Stretch> stretches, long fromNs, long toNs, String which) {
        long atNs = fromNs;
        for (Stretch stretch : stretches) {
            assertEquals(atNs, stretch.fromNs(), which);
            assertTrue(stretch.lengthNs() > 0, which);
            atNs = stretch.toNs();
        }
        assertEquals(toNs, atNs, which);
    }

    @Test
    void theStretchesAddUpToTheInterval() {
        for (int seed = 0; seed < 300; seed++) {
            RandomTrace trace = new RandomTrace(seed, 20 + 3 * seed);
            nameWakers(trace);
            History whole = history(trace.timeline.events);
            History shortened = history(trace.timeline.events, 100);
            for (ThreadId thread : whole.threads()) {
                long fromNs = whole.beginNs(thread);
                long toNs = whole.untilNs(thread);
                long thirdNs = (toNs - fromNs) / 3;
                for (History history : List.of(whole, shortened)) {
                    String which = "seed " + seed + " " + thread;
                    if (toNs > fromNs) {
                        assertWhole(CriticalPath.of(history, thread, fromNs, toNs, Reach.UNBOUNDED), fromNs, toNs, which);
                        assertWhole(CriticalPath.of(history, thread, fromNs, toNs, Reach.BOUNDED), fromNs, toNs, which);
                        assertEquals(toNs - fromNs, PathSummary.of(history, thread, fromNs, toNs, Reach.BOUNDED, false).shares().stream()
                                .mapToLong(PathShare::ns).sum(), which);
                    }
                    if (thirdNs > 0) {
                        assertWhole(CriticalPath.of(history, thread, fromNs + thirdNs, toNs - thirdNs, Reach.BOUNDED), fromNs + thirdNs, toNs - thirdNs, which);
                    }
                }
            }
        }
    }

    /** A part that is read alone says the same, except of those whose names or makers were told before. */
    @Test
    void whereWindowsEndMakesNoDifference() {
        for (int seed = 0; seed < 100; seed++) {
            RandomTrace trace = new RandomTrace(seed, 300);
            nameWakers(trace);
            History with = history(trace.timeline.events);
            History without = history(trace.timeline.events.stream().filter(e -> e.type != EventType.INTERVAL).toList());
            for (ThreadId thread : with.threads()) {
                assertEquals(CriticalPath.of(without, thread, without.beginNs(thread), without.untilNs(thread), Reach.BOUNDED),
                        CriticalPath.of(with, thread, with.beginNs(thread), with.untilNs(thread), Reach.BOUNDED), "seed " + seed);
            }
        }
    }

    @Test
    void whatIsTooMuchToListIsOneStretch() {
        ThreadId a = runs(1);
        for (int i = 1; i <= 10; i++) {
            t.at(20L * i).enter(a, "nanosleep").out(1, a, 'S').at(20L * i + 10).waking(a, Evidence.INTERRUPT, null).in(1, a);
        }
        t.at(300).end();
        History history = history(t.events);
        assertEquals(21, CriticalPath.of(history, a, 0, 300, Reach.BOUNDED).size());
        assertEquals("1 furtherBack 190, 1 computes 200, 1 sleeps 210, 1 computes 300", told(CriticalPath.of(history, a, 0, 300, Reach.BOUNDED, 3)));
    }

    /** A thousand rounds, of which only the last ones are kept. */
    @Test
    void whatThereIsNoRoomForIsFurtherBack() {
        ThreadId a = runs(1);
        List<Long> ends = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            t.at(20L * i).enter(a, "nanosleep").out(1, a, 'S').at(20L * i + 10).waking(a, Evidence.INTERRUPT, null).in(1, a);
            ends.add(20L * i + 10);
        }
        t.at(20_100).end();
        History history = history(t.events, 1000);
        assertTrue(history.letGo() >= 1000, () -> history.letGo() + " let go");
        List<Stretch> stretches = CriticalPath.of(history, a, 0, 20_100, Reach.BOUNDED);
        assertEquals(Cause.FURTHER_BACK, stretches.getFirst().cause());
        assertTrue(stretches.size() > 400 && stretches.size() <= 1001, () -> stretches.size() + " stretches");
        assertWhole(stretches, 0, 20_100, "");
    }
}
