package ktrace.analysis.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ktrace.analysis.Explanation;
import ktrace.analysis.shard.ProcessShard;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.Fact;
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

/** What a wait is explained by: timelines, each a few lines. */
class ExplainingTest {
    private static final int A = 10;
    private static final int B = 20;
    private static final int C = 30;
    private final Timeline t = new Timeline();
    private final ThreadId a = t.at(0).thread(A, A);
    private final ThreadId b = t.thread(B, B);
    private final ThreadId c = t.thread(C, C);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[1]");
    private final KernelObject second = Timeline.object(ObjectKind.PIPE, "pipe:[2]");
    private final KernelObject lock = Timeline.object(ObjectKind.FILELOCK, "/tmp/lock");

    static List<Explanation> explanations(List<TraceEvent> events) {
        List<Explanation> last = new ArrayList<>();
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), soFar -> {
            last.clear();
            last.addAll(soFar.explained().explanations());
        }, new Explainer(Timeline.SYSCALLS));
        events.forEach(shard::onEvent);
        return last;
    }

    /** Of a process's time what was none of its own doing: {@code "20 computes" -> 40}. */
    private Map<String, Long> waited(int pid) {
        Map<String, Long> parts = new TreeMap<>();
        for (Explanation e : explanations(t.events)) {
            if (!e.own() && e.waiter() != null && e.waiter().tgid() == pid) {
                String end = e.end() != null ? String.valueOf(e.end().tid()) : e.waker() != null ? e.waker().comm() : "nobody";
                parts.merge(end + " " + e.cause().label(), e.ns(), Long::sum);
            }
        }
        return parts;
    }

    private Timeline wakes(ThreadId woken, ThreadId waker, Evidence evidence) {
        return t.waking(woken, evidence, new Peer(waker.tid(), "p" + waker.tid()), e -> {
            e.tid = waker.tid();
            e.waker = new Waker(waker, waker.tid(), "p" + waker.tid(), new Peer(waker.tid(), "p" + waker.tid()));
        });
    }

    private Timeline waits(int cpu, ThreadId thread, String call, KernelObject object) {
        return t.in(cpu, thread).enter(thread, call, object).out(cpu, thread, 'S');
    }

    @Test
    void aWaitIsWhatTheWakerDidMeanwhile() {
        waits(Timeline.CPU_0, a, "read", pipe);
        t.at(10).in(Timeline.CPU_1, b).at(40).switched(Timeline.CPU_1, b, 'R', c).at(55).switched(Timeline.CPU_1, c, 'R', b).at(70);
        wakes(a, b, Evidence.OBJECT).at(100).end();
        assertEquals(Map.of("20 computes", 45L, "20 queue", 15L, "20 unknown", 10L), waited(A));
    }

    @Test
    void itIsFollowedAlongTheWakersOwnWaits() {
        waits(Timeline.CPU_0, a, "read", pipe);
        waits(Timeline.CPU_1, b, "read", second);
        t.at(5).in(Timeline.CPU_1, c).at(65);
        wakes(b, c, Evidence.OBJECT).at(66).out(Timeline.CPU_1, c, 'R').in(Timeline.CPU_1, b).at(90);
        wakes(a, b, Evidence.OBJECT).at(100).end();
        assertEquals(Map.of("30 computes", 60L, "30 unknown", 5L, "20 queue", 1L, "20 computes", 24L), waited(A));
    }

    @Test
    void whoeverSleepsKeepsThoseWaitingWhoWantItsLock() {
        waits(Timeline.CPU_0, a, "flock", lock);
        t.in(Timeline.CPU_1, b).enter(b, "nanosleep").out(Timeline.CPU_1, b, 'S').at(80).waking(b, Evidence.INTERRUPT, null)
                .in(Timeline.CPU_1, b).exit(b, "nanosleep", 0).at(90);
        wakes(a, b, Evidence.OBJECT).at(100).end();
        assertEquals(Map.of("20 sleeps", 80L, "20 computes", 10L), waited(A));
    }

    @Test
    void whoeverSleepsHasNothingForThoseWhoWaitForData() {
        waits(Timeline.CPU_0, a, "read", pipe);
        t.in(Timeline.CPU_1, b).enter(b, "nanosleep").out(Timeline.CPU_1, b, 'S').at(80).waking(b, Evidence.INTERRUPT, null)
                .in(Timeline.CPU_1, b).exit(b, "nanosleep", 0).at(90);
        wakes(a, b, Evidence.OBJECT).at(100).end();
        assertEquals(Map.of("20 idle", 80L, "20 computes", 10L), waited(A));
    }

    private void waitsForAFutexWhileBSleeps(long command, long value) {
        t.in(Timeline.CPU_0, a).enter(a, "futex", Timeline.object(ObjectKind.FUTEX, "futex 0x1"), 0x1000, command, value)
                .out(Timeline.CPU_0, a, 'S').in(Timeline.CPU_1, b).enter(b, "nanosleep").out(Timeline.CPU_1, b, 'S').at(80)
                .waking(b, Evidence.INTERRUPT, null).in(Timeline.CPU_1, b);
        wakes(a, b, Evidence.OBJECT).at(100).end();
    }

    @Test
    void aFutexIsALockWhereItsWordSaysSo() {
        waitsForAFutexWhileBSleeps(0x80, 2);
        assertEquals(Map.of("20 sleeps", 80L), waited(A));
    }

    /** pthread_join(3): the word has the number of the thread, which clears it as it ends. */
    @Test
    void aThreadWhoseEndIsWaitedForOwesIt() {
        waitsForAFutexWhileBSleeps(0x109, B);
        assertEquals(Map.of("20 sleeps", 80L), waited(A));
    }

    @Test
    void aConditionIsNone() {
        waitsForAFutexWhileBSleeps(0x89, 7);
        assertEquals(Map.of("20 idle", 80L), waited(A));
    }

    /** Nobody has ended the wait when the trace is over, but it is known who would have had to. */
    @Test
    void aWaitThatGoesOnIsExplainedByWhoHoldsWhatItIsFor() {
        t.in(Timeline.CPU_0, a).enter(a, "flock", lock).out(Timeline.CPU_0, a, 'S').in(Timeline.CPU_1, b).at(30).enter(b, "nanosleep")
                .out(Timeline.CPU_1, b, 'S').at(60).push(EventType.FACT, a, e -> {
                    e.payload = new Fact.HeldBy(A, 0, B, B, "p20", "p20", true);
                    e.waker = new Waker(b, B, "p20", new Peer(B, "p20"));
                    e.evidence = Evidence.OBJECT;
                }).at(100).end();
        assertEquals(Map.of("20 computes", 30L, "20 sleeps", 70L), waited(A));
    }

    /** What each has done until then is known of neither. */
    @Test
    void ofTwoThatHoldWhatTheOtherWaitsForNeitherIsToBlame() {
        waits(Timeline.CPU_0, a, "flock", lock);
        waits(Timeline.CPU_1, b, "flock", lock);
        for (ThreadId waiter : List.of(a, b)) {
            ThreadId holder = waiter == a ? b : a;
            t.at(60).push(EventType.FACT, waiter, e -> {
                e.payload = new Fact.HeldBy(waiter.tid(), 0, holder.tid(), holder.tid(), "", "", true);
                e.waker = new Waker(holder, holder.tid(), "", new Peer(holder.tid(), ""));
                e.evidence = Evidence.OBJECT;
            });
        }
        t.at(100).end();
        assertEquals(List.of("goesOn"), waited(A).keySet().stream().map(end -> end.split(" ")[1]).distinct().toList());
        assertEquals(List.of("goesOn"), waited(B).keySet().stream().map(end -> end.split(" ")[1]).distinct().toList());
    }

    @Test
    void whoIsNotObservedIsOutside() {
        waits(Timeline.CPU_0, a, "read", pipe);
        t.at(80).waking(a, Evidence.OBJECT, new Peer(99, "stranger")).at(100).end();
        assertEquals(Map.of("stranger outside", 80L), waited(A));
    }

    private void expects(Expects expects) {
        t.events.getLast().expects = expects;
    }

    private void bSleepsThenWakesA() {
        t.in(Timeline.CPU_1, b).enter(b, "nanosleep").out(Timeline.CPU_1, b, 'S').at(80).waking(b, Evidence.INTERRUPT, null)
                .in(Timeline.CPU_1, b);
        wakes(a, b, Evidence.OBJECT).at(100).end();
    }

    @Test
    void whoeverSleepsWhileAnAnswerIsAwaitedKeepsThoseWaiting() {
        waits(Timeline.CPU_0, a, "read", Timeline.object(ObjectKind.UNIX, "unix:[1]"));
        expects(Expects.ANSWER);
        bSleepsThenWakesA();
        assertEquals(Map.of("20 sleeps", 80L), waited(A));
    }

    @Test
    void whoeverSleepsBeforeItAsksKeepsNobodyWaiting() {
        waits(Timeline.CPU_0, a, "read", Timeline.object(ObjectKind.UNIX, "unix:[1]"));
        expects(Expects.WORK);
        bSleepsThenWakesA();
        assertEquals(Map.of("20 idle", 80L), waited(A));
    }

    /** As a session that has a lock while its client thinks: its own wait is one for work, but not to those who want the lock. */
    @Test
    void whoHoldsALockAndHasNothingToDoKeepsThoseWaiting() {
        waits(Timeline.CPU_0, a, "flock", lock);
        waits(Timeline.CPU_1, c, "read", Timeline.object(ObjectKind.UNIX, "unix:[1]"));
        expects(Expects.WORK);
        t.in(Timeline.CPU_1, b).enter(b, "nanosleep").out(Timeline.CPU_1, b, 'S').at(80).waking(b, Evidence.INTERRUPT, null)
                .in(Timeline.CPU_1, b);
        wakes(c, b, Evidence.OBJECT).at(85).out(Timeline.CPU_1, b, 'S').in(Timeline.CPU_1, c).at(90);
        wakes(a, c, Evidence.OBJECT).at(100).end();
        assertEquals(Map.of("20 sleeps", 80L, "30 queue", 5L, "30 computes", 5L), merged(waited(A)));
        assertEquals(Map.of("20 idle", 80L), waited(C));
    }

    /** What passed while the CPU was given over counts as the queue here. */
    private static Map<String, Long> merged(Map<String, Long> parts) {
        Map<String, Long> merged = new TreeMap<>();
        parts.forEach((part, ns) -> merged.merge(part.replace("throttled", "queue"), ns, Long::sum));
        return merged;
    }

    @Test
    void aRequestFromOutsideIsWork() {
        waits(Timeline.CPU_0, a, "recvfrom", Timeline.object(ObjectKind.TCP, "tcp 1"));
        expects(Expects.WORK);
        t.at(70).waking(a, Evidence.INTERRUPT, null);
        waits(Timeline.CPU_1, b, "read", Timeline.object(ObjectKind.UNIX, "unix:[1]"));
        expects(Expects.WORK);
        t.at(80).waking(b, Evidence.OBJECT, new Peer(99, "stranger"));
        waits(Timeline.CPU_0, c, "recvfrom", Timeline.object(ObjectKind.TCP, "tcp 2"));
        expects(Expects.ANSWER);
        t.at(95).waking(c, Evidence.INTERRUPT, null).at(100).end();
        assertEquals(Map.of("10 idle", 70L), waited(A));
        assertEquals(Map.of("stranger idle", 10L), waited(B));
        assertEquals(Map.of("nobody outside", 15L), waited(C));
    }

    @Test
    void whoHasWaitedForWorkToTheEndWasIdle() {
        waits(Timeline.CPU_0, a, "accept", Timeline.object(ObjectKind.UNIX, "unix /s"));
        expects(Expects.WORK);
        waits(Timeline.CPU_0, b, "epoll_wait", null);
        waits(Timeline.CPU_0, c, "recvfrom", Timeline.object(ObjectKind.TCP, "tcp 2"));
        expects(Expects.ANSWER);
        t.at(60).end();
        assertEquals(List.of(Map.of("10 idle", 60L), Map.of("20 idle", 60L), Map.of("30 goesOn", 60L)),
                List.of(waited(A), waited(B), waited(C)));
    }

    @Test
    void packetsComeFromOutsideAndTheRestOfInterruptsIsNotKnown() {
        waits(Timeline.CPU_0, a, "recvfrom", Timeline.object(ObjectKind.TCP, "tcp 1"));
        t.at(80).waking(a, Evidence.INTERRUPT, null);
        waits(Timeline.CPU_1, b, "read", pipe).at(90).waking(b, Evidence.INTERRUPT, null).at(100).end();
        assertEquals(Map.of("nobody outside", 80L), waited(A));
        assertEquals(Map.of("20 unknown", 10L), waited(B));
    }

    @Test
    void aWaitThatIsNotOverIsNotUnknown() {
        waits(Timeline.CPU_0, a, "read", pipe).at(60).end();
        assertEquals(Map.of("10 goesOn", 60L), waited(A));
    }

    @Test
    void whoEndsAWaitMayBeOver() {
        waits(Timeline.CPU_0, a, "wait4", Timeline.object(ObjectKind.CHILD, "child 20"));
        t.in(Timeline.CPU_1, b).at(70).exited(b).at(80);
        wakes(a, b, Evidence.OBJECT).at(100).end();
        assertEquals(Map.of("20 computes", 80L), waited(A));
    }

    /** It is at work for whoever asked: what lets it go on is no work of its own. */
    @Test
    void whoOwesAnAnswerDoesNotWaitForWork() {
        waits(Timeline.CPU_0, a, "read", Timeline.object(ObjectKind.SIGNALFD, "signalfd fd 8"));
        expects(Expects.OWING);
        bSleepsThenWakesA();
        assertEquals(Map.of("20 sleeps", 80L), waited(A));
    }

    /** The next request may come while another one is not answered: who serves many is idle until then. */
    @Test
    void untilSomebodyAsksWhoOwesAnAnswerIsFree() {
        waits(Timeline.CPU_0, a, "read", Timeline.object(ObjectKind.TCP, "tcp 1"));
        expects(Expects.OWING);
        bSleepsThenWakesA();
        assertEquals(Map.of("20 idle", 80L), waited(A));
    }

    private static final int D = 40;

    /** D is made at 60 by C, which has slept until 50. */
    private ThreadId makesOneThatWakesA() {
        t.in(Timeline.CPU_1, c).enter(c, "nanosleep").out(Timeline.CPU_1, c, 'S').at(50).waking(c, Evidence.INTERRUPT, null)
                .in(Timeline.CPU_1, c).at(60);
        ThreadId d = t.thread(D, D);
        t.fork(c, d, 0, "d").at(70).switched(Timeline.CPU_1, c, 'R', d).at(90);
        wakes(a, d, Evidence.OBJECT).at(100).end();
        return d;
    }

    @Test
    void untilItIsMadeItIsItsMakersDoing() {
        waits(Timeline.CPU_0, a, "read", pipe);
        makesOneThatWakesA();
        assertEquals(Map.of("30 idle", 50L, "30 computes", 10L, "40 queue", 10L, "40 computes", 20L), merged(waited(A)));
    }

    @Test
    void whoWaitsForWorkIsIdleUntilSomebodyIsThereToBringIt() {
        waits(Timeline.CPU_0, a, "accept", Timeline.object(ObjectKind.UNIX, "unix /s"));
        expects(Expects.WORK);
        makesOneThatWakesA();
        assertEquals(Map.of("40 idle", 60L, "40 queue", 10L, "40 computes", 20L), merged(waited(A)));
    }

    private void waitsUnseen(String call, KernelObject object, Evidence.Interrupt interrupt) {
        waits(Timeline.CPU_0, a, call, object);
        t.at(80).in(Timeline.CPU_0, a).at(81).exit(a, call, interrupt).at(100).end();
    }

    /** The kernel does not tell of all that its timers wake. */
    @Test
    void aPollWhoseTimeHasRunOutIsANapThoughItsEndWasNotSeen() {
        waitsUnseen("epoll_wait", Timeline.object(ObjectKind.POLL, "epoll fd 5"), Evidence.Interrupt.TIMED_OUT);
        assertEquals(Map.of("10 idle", 80L), waited(A));
    }

    @Test
    void aFutexWhoseTimeHasRunOutIsANapToo() {
        waitsUnseen("futex", Timeline.object(ObjectKind.FUTEX, "futex 0x1"), Evidence.Interrupt.TIMED_OUT);
        assertEquals(Map.of("10 idle", 80L), waited(A));
    }

    @Test
    void whatHasFoundSomethingWasWokenByWhoIsNotKnown() {
        waitsUnseen("epoll_wait", Timeline.object(ObjectKind.POLL, "epoll fd 5"), null);
        assertEquals(Map.of("10 unknown", 80L), waited(A));
    }

    /** A thousand turns are more than are kept one by one, and each was like all others. */
    @Test
    void whatIsLongAgoIsKnownByItsParts() {
        waits(Timeline.CPU_0, a, "wait4", Timeline.object(ObjectKind.CHILD, "child 20"));
        for (int i = 0; i < 1000; i++) {
            t.at(100L * i).switched(Timeline.CPU_1, c, 'R', b).at(100L * i + 70).switched(Timeline.CPU_1, b, 'R', c);
        }
        t.at(100_000).switched(Timeline.CPU_1, c, 'R', b);
        wakes(a, b, Evidence.OBJECT).at(100_100).end();
        Map<String, Long> parts = waited(A);
        assertEquals(100_000, parts.values().stream().mapToLong(Long::longValue).sum());
        assertEquals(70_000, parts.get("20 computes"), 700);
        assertEquals(30_000, parts.get("20 queue"), 700);
    }
}
