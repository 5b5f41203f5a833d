package ktrace.analysis.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ktrace.analysis.Stuck;
import ktrace.analysis.shard.ProcessShard;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.Waker;
import ktrace.linux.Errno;
import org.junit.jupiter.api.Test;

/** Who stands still for good, and who only seems to. */
class StandstillTest {
    private static final long S = 1_000_000_000;
    private final Timeline t = new Timeline();
    private final ThreadId a = t.at(0).thread(10, 10);
    private final ThreadId b = t.thread(20, 20);
    private final ThreadId c = t.thread(30, 30);
    private final KernelObject one = Timeline.object(ObjectKind.PIPE, "pipe:[1]");
    private final KernelObject two = Timeline.object(ObjectKind.PIPE, "pipe:[2]");

    private void waits(ThreadId thread, String call, KernelObject object, int... peers) {
        t.in(Timeline.CPU_0, thread).enter(thread, call, object).out(Timeline.CPU_0, thread, 'S');
        t.events.getLast().peers = Arrays.stream(peers).mapToObj(pid -> new Peer(pid, "p" + pid)).toList();
    }

    private void locks(ThreadId thread, long timeout, int... peers) {
        waitsAtWord(thread, 0x80, 2, timeout, peers);
    }

    private void waitsAtWord(ThreadId thread, long command, long word, long timeout, int... peers) {
        t.in(Timeline.CPU_0, thread).enter(thread, "futex", Timeline.object(ObjectKind.FUTEX, "futex 0x1"), 0x1000, command, word);
        t.events.getLast().arg3 = timeout;
        t.out(Timeline.CPU_0, thread, 'S');
        t.events.getLast().peers = Arrays.stream(peers).mapToObj(pid -> new Peer(pid, "p" + pid)).toList();
    }

    /** {@code "10/10 20/20"}: process and thread. */
    private List<String> stuckAfter(long ns) {
        return stuck(ns).stream().map(stuck -> String.join(" ", stuck.parties().stream()
                .map(party -> party.process().tgid() + "/" + party.tid()).toList())).toList();
    }

    private List<Stuck> stuck(long ns) {
        List<Stuck> last = new ArrayList<>();
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), soFar -> {
            last.clear();
            last.addAll(soFar.explained().stuck());
        }, new Explainer(Timeline.SYSCALLS));
        t.at(ns).end().events.forEach(shard::onEvent);
        return last;
    }

    @Test
    void twoThatWaitForEachOtherAreStuckAndWhoWaitsForThemIsNot() {
        waits(a, "read", one, 20);
        waits(b, "write", two, 10);
        waits(c, "wait4", Timeline.object(ObjectKind.CHILD, "child 10"), 10);
        assertEquals(List.of("10/10 20/20"), stuckAfter(2 * S));
    }

    @Test
    void whoHasNotWaitedForLongMayGoOn() {
        waits(a, "read", one, 20);
        t.at(3 * S / 2);
        waits(b, "read", two, 10);
        assertEquals(List.of(), stuckAfter(2 * S));
    }

    @Test
    void oneWhoSleepsOrRunsOrIsNotObservedCanAct() {
        waits(a, "read", one, 20, 30);
        waits(b, "read", two, 10);
        waits(c, "nanosleep", null);
        assertEquals(List.of(), stuckAfter(2 * S));
    }

    @Test
    void oneWhoIsNotKnownCanAct() {
        waits(a, "read", one, 20);
        waits(b, "read", two, 10, 77);
        assertEquals(List.of(), stuckAfter(2 * S));
    }

    @Test
    void aThreadAtWorkCanActForItsProcess() {
        waits(a, "read", one, 20);
        waits(b, "read", two, 10);
        t.in(Timeline.CPU_1, t.thread(20, 21));
        assertEquals(List.of(), stuckAfter(2 * S));
    }

    @Test
    void whoHasBeenWokenIsNotStuck() {
        waits(a, "read", one, 20);
        waits(b, "read", two, 10);
        t.at(S).waking(b, Evidence.OBJECT, new Peer(10, "p10"));
        assertEquals(List.of(), stuckAfter(3 * S));
    }

    @Test
    void threadsThatAllWaitForLocksOfTheirProcessAreStuck() {
        locks(a, 0, 10);
        locks(t.thread(10, 11), 0, 10);
        assertEquals(List.of("10/10 10/11"), stuckAfter(2 * S));
    }

    /** pthread_join(3) waits at a word that is not said to be private, and that has the number of the thread. */
    @Test
    void whoWaitsForTheEndOfThoseIsStuckToo() {
        waitsAtWord(a, 0, 11, 0, 10);
        locks(t.thread(10, 11), 0, 10);
        assertEquals(List.of("10/10 10/11"), stuckAfter(2 * S));
    }

    /** Whoever has it has made no call for it. */
    @Test
    void whoHasALockThatProcessesShareIsNotKnown() {
        waitsAtWord(a, 0, 2, 0, 10);
        waitsAtWord(b, 0, 2, 0, 20);
        assertEquals(List.of(), stuckAfter(2 * S));
    }

    @Test
    void aWaitForALockThatEndsByItselfIsNone() {
        locks(a, 0, 10);
        locks(t.thread(10, 11), 0x7fff, 10);
        assertEquals(List.of(), stuckAfter(2 * S));
    }

    // -- who holds it is known -----------------------------------------------------------------------------------------------

    private void held(ThreadId waiter, ThreadId holder, int pid, boolean isSole) {
        t.push(EventType.FACT, waiter, e -> {
            Peer process = new Peer(pid, "p" + pid);
            int tid = holder == null ? 0 : holder.tid();
            e.payload = new Fact.HeldBy(waiter.tid(), 0, tid, pid, "p" + pid, "", isSole);
            e.waker = new Waker(holder, tid, "", process);
            e.evidence = isSole ? Evidence.OBJECT : Evidence.WAKER;
        });
    }

    private void held(ThreadId waiter, ThreadId holder) {
        held(waiter, holder, holder.process().tgid(), true);
    }

    private String toldAfter(long ns) {
        return String.join("; ", stuck(ns).stream().map(stuck -> (stuck.isDeadlock() ? "deadlock " : stuck.end() == null ? "stuck " : "kept ")
                + String.join(" ", stuck.parties().stream().map(party -> String.valueOf(party.tid())).toList())
                + (stuck.end() == null ? "" : " by " + stuck.end().who().tid() + " " + stuck.end().does().label())).toList());
    }

    /** When the waits began, which may have been before the trace, nobody was known at the other ends. */
    @Test
    void whoIsAtTheOtherEndMayBecomeKnownLater() {
        waits(a, "read", one);
        waits(b, "read", two);
        assertEquals(List.of(), stuckAfter(S));
        peersAre(a, 20);
        assertEquals(List.of(), stuckAfter(S));
        peersAre(b, 10);
        assertEquals(List.of("10/10 20/20"), stuckAfter(2 * S));
    }

    private void peersAre(ThreadId waiter, int... peers) {
        t.push(EventType.FACT, waiter, e -> {
            e.payload = new Fact.OfSleep(new ThreadSnapshot(waiter.tid(), waiter.process().tgid(), "p", 'S', 0, new long[6]), "", 0);
            e.peers = Arrays.stream(peers).mapToObj(pid -> new Peer(pid, "p" + pid)).toList();
        });
    }

    @Test
    void someThreadsOfAProcessMayBeStuckWhileOthersWork() {
        ThreadId second = t.thread(10, 11);
        locks(a, 0, 10);
        locks(second, 0, 10);
        t.in(Timeline.CPU_1, t.thread(10, 12));
        held(a, second);
        held(second, a);
        assertEquals("deadlock 10 11", toldAfter(2 * S));
    }

    @Test
    void oneMayWaitForWhatItHoldsItself() {
        locks(a, 0, 10);
        t.in(Timeline.CPU_1, t.thread(10, 12));
        held(a, a);
        assertEquals("deadlock 10", toldAfter(2 * S));
    }

    @Test
    void processesMayBeByAMutexThatTheyShare() {
        waitsAtWord(a, 0, 2, 0, 10);
        waitsAtWord(b, 0, 2, 0, 20);
        held(a, b);
        held(b, a);
        assertEquals("deadlock 10 20", toldAfter(2 * S));
    }

    /** It was said before the holder began to wait: that one may have let go of it since. */
    @Test
    void whatWasSaidBeforeTheHolderWaitedProvesNothing() {
        ThreadId second = t.thread(10, 11);
        locks(a, 0, 10);
        held(a, second);
        t.at(S / 10);
        locks(second, 0, 10);
        held(second, a);
        t.in(Timeline.CPU_1, t.thread(10, 12));
        assertEquals(false, toldAfter(2 * S).contains("deadlock"));
    }

    @Test
    void whoWaitsForOneWhoSleepsIsToldTogetherWithIt() {
        ThreadId second = t.thread(10, 11);
        ThreadId third = t.thread(10, 12);
        locks(a, 0, 10);
        locks(second, 0, 10);
        waits(third, "nanosleep", null);
        held(a, second);
        held(second, third);
        assertEquals("kept 10 11 by 12 sleeps", toldAfter(2 * S));
    }

    @Test
    void whoIsNotObservedMayHoldIt() {
        locks(a, 0, 10);
        held(a, null, 77, true);
        assertEquals("kept 10 by 0 unknown", toldAfter(2 * S));
    }

    @Test
    void whatOthersMayLetGoOfAsWellIsNotTold() {
        locks(a, 0, 10);
        t.in(Timeline.CPU_1, t.thread(10, 12));
        held(a, b, 20, false);
        assertEquals("", toldAfter(2 * S));
    }

    /** That is told in the first. */
    @Test
    void whoWaitsForThoseWhoAreStuckIsNotToldAgain() {
        ThreadId second = t.thread(10, 11);
        ThreadId third = t.thread(10, 12);
        locks(a, 0, 10);
        locks(second, 0, 10);
        locks(third, 0, 10);
        held(a, second);
        held(second, a);
        held(third, a);
        assertEquals("deadlock 10 11", toldAfter(2 * S));
    }

    // -- an answer that is owed ----------------------------------------------------------------------------------------------

    private void asks(ThreadId thread, Expects expects, String call, KernelObject object, int... peers) {
        waits(thread, call, object, peers);
        t.events.getLast().expects = expects;
    }

    @Test
    void whoWaitsForAnAnswerIsToldWithWhoDoesNothingForIt() {
        asks(a, Expects.ANSWER, "read", one, 20);
        waits(b, "read", two, 30);
        waits(c, "nanosleep", null);
        List<Stuck> stuck = stuck(2 * S);
        assertEquals("kept 10 20 by 30 sleeps", toldAfter(2 * S));
        assertEquals(List.of(20, 30), stuck.getFirst().parties().stream().map(party -> party.from().tid()).toList());
    }

    @Test
    void whoIsAtWorkOnTheAnswerIsNotTold() {
        asks(a, Expects.ANSWER, "read", one, 20);
        t.in(Timeline.CPU_1, b);
        assertEquals("", toldAfter(2 * S));
    }

    @Test
    void whoHasJustBegunToSleepMayGoOn() {
        asks(a, Expects.ANSWER, "read", one, 20);
        t.at(3 * S / 2);
        waits(b, "nanosleep", null);
        assertEquals("", toldAfter(2 * S));
    }

    @Test
    void nobodyIsToldWhoIsOwedNothing() {
        waits(a, "read", one, 20);
        asks(b, Expects.WORK, "read", two, 30);
        waits(c, "nanosleep", null);
        assertEquals("", toldAfter(2 * S));
    }

    @Test
    void whoMayPollForSomethingElseIsNotStuck() {
        asks(a, Expects.ANSWER, "read", one, 20);
        waits(b, "epoll_wait", Timeline.object(ObjectKind.POLL, "epoll:[1]"), 10);
        assertEquals("", toldAfter(2 * S));
    }

    /** Which of its threads is to answer is not known. */
    @Test
    void ofAProcessWithSeveralThreadsNothingIsTold() {
        asks(a, Expects.ANSWER, "read", one, 20);
        waits(b, "nanosleep", null);
        waits(t.thread(20, 21), "nanosleep", null);
        assertEquals("", toldAfter(2 * S));
    }

    @Test
    void theAnswerMayHangOnALock() {
        asks(a, Expects.ANSWER, "read", one, 20);
        waits(b, "flock", Timeline.object(ObjectKind.FILELOCK, "/x"), 30);
        waits(c, "nanosleep", null);
        held(b, c);
        assertEquals("kept 10 20 by 30 sleeps", toldAfter(2 * S));
    }

    @Test
    void twoThatWaitForWorkOfEachOtherAreIdle() {
        asks(a, Expects.WORK, "read", one, 20);
        asks(b, Expects.WORK, "read", two, 10);
        assertEquals(List.of(), stuckAfter(2 * S));
    }

    @Test
    void oneThatWaitsForAnAnswerOfOneThatWaitsForItIsStuck() {
        asks(a, Expects.ANSWER, "read", one, 20);
        asks(b, Expects.WORK, "read", two, 10);
        assertEquals(List.of("10/10 20/20"), stuckAfter(2 * S));
    }
}
