package ktrace.analysis.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.Computing;
import ktrace.analysis.Computing.Call;
import ktrace.analysis.Computing.Greatest;
import ktrace.analysis.shard.ProcessShard;
import ktrace.analysis.shard.Timeline;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.Waker;
import ktrace.linux.Errno;
import org.junit.jupiter.api.Test;

/** An event loop that computes while others wait for it: timelines, each a few lines. */
class ComputingTest {
    private static final long MS = 1_000_000;
    private static final int LOOP = 10;
    private final Timeline t = new Timeline();
    private final ThreadId loop = t.at(0).thread(LOOP, LOOP);
    private final ThreadId a = t.thread(20, 20);
    private final ThreadId b = t.thread(30, 30);
    private final KernelObject toA = Timeline.object(ObjectKind.TCP, "tcp 10.0.0.1:80→10.0.0.2:5001");
    private final KernelObject toB = Timeline.object(ObjectKind.TCP, "tcp 10.0.0.1:80→10.0.0.3:5002");
    private final KernelObject log = Timeline.object(ObjectKind.DISK, "/var/log/loop");

    private List<Computing> computing() {
        List<Computing> last = new ArrayList<>();
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), soFar -> {
            last.clear();
            last.addAll(soFar.explained().computing());
        }, new Explainer(Timeline.SYSCALLS));
        t.events.forEach(shard::onEvent);
        return last;
    }

    private Greatest greatest() {
        List<Computing> computing = computing();
        assertEquals(List.of(loop), computing.stream().map(Computing::thread).toList());
        return computing.getFirst().greatest();
    }

    /** Waits for an answer from {@code ms} on. */
    private void asks(ThreadId client, long ms) {
        t.at(ms * MS).in(Timeline.CPU_1, client).enter(client, "read", toA);
        t.events.getLast().cpu = Timeline.CPU_1;
        t.out(Timeline.CPU_1, client, 'S');
    }

    private void answers(long ms, KernelObject connection, ThreadId client) {
        t.at(ms * MS).enter(loop, "write", connection).waking(client, Evidence.OBJECT, new Peer(LOOP, "loop"), e -> {
            e.tid = LOOP;
            e.waker = new Waker(loop, LOOP, "loop", new Peer(LOOP, "loop"));
        }).exit(loop, "write", 5);
    }

    private void reads(long ms, KernelObject connection, long result) {
        t.at(ms * MS).enter(loop, "read", connection).exit(loop, "read", result);
    }

    private void isWokenAndReads() {
        t.at(0).in(Timeline.CPU_0, loop).enter(loop, "epoll_wait").exit(loop, "epoll_wait", 1);
        reads(0, toA, 12);
    }

    @Test
    void itComputesBetweenAReadAndItsAnswerWhileTwoWait() {
        asks(a, 0);
        isWokenAndReads();
        asks(b, 30);
        answers(100, toA, a);
        reads(100, toB, 12);
        answers(101, toB, b);
        t.at(110 * MS).end();
        assertEquals(new Greatest(new Call("read", toA.name()), new Call("write", toA.name()), 100 * MS, 100 * MS, 2, 170 * MS), greatest());
        Computing all = computing().getFirst();
        // The second answer took a millisecond, for which b waited.
        assertEquals(List.of(2L, 101 * MS, 171 * MS), List.of((long) all.times(), all.totalNs(), all.totalAwaitedNs()));
    }

    @Test
    void whatItDidNotHaveACpuForIsNoComputing() {
        asks(a, 0);
        isWokenAndReads();
        t.at(40 * MS).out(Timeline.CPU_0, loop, 'R').at(70 * MS).in(Timeline.CPU_0, loop);
        answers(100, toA, a);
        t.at(110 * MS).end();
        assertEquals(70 * MS, greatest().ns());
        assertEquals(100 * MS, greatest().lengthNs());
        assertEquals(100 * MS, greatest().awaitedNs());
    }

    /** It writes its log, takes memory, wakes a thread. */
    @Test
    void whatConcernsNobodyElseIsNoBreak() {
        asks(a, 0);
        isWokenAndReads();
        t.at(40 * MS).enter(loop, "write", log).exit(loop, "write", 80).enter(loop, "madvise").exit(loop, "madvise", 0);
        answers(100, toA, a);
        t.at(110 * MS).end();
        assertEquals(100 * MS, greatest().ns());
    }

    /** It reads until there is nothing left, and begins then. */
    @Test
    void aReadInVainIsNotWhatItWorksOn() {
        asks(a, 0);
        isWokenAndReads();
        reads(1, toB, -11);
        answers(100, toA, a);
        t.at(110 * MS).end();
        assertEquals(new Call("read", toA.name()), greatest().from());
        assertEquals(99 * MS, greatest().ns());
    }

    @Test
    void itMayComputeBeforeItListensAgain() {
        asks(a, 10);
        isWokenAndReads();
        t.at(50 * MS).enter(loop, "epoll_wait").exit(loop, "epoll_wait", 1);
        reads(50, toA, 12);
        answers(50, toA, a);
        t.at(60 * MS).end();
        assertEquals(new Greatest(new Call("read", toA.name()), new Call("epoll_wait", ""), 50 * MS, 50 * MS, 1, 40 * MS), greatest());
    }

    @Test
    void nobodyIsToldOfWhoComputesAlone() {
        isWokenAndReads();
        t.at(100 * MS).enter(loop, "write", toA).exit(loop, "write", 5);
        asks(a, 100);
        answers(100, toA, a);
        t.at(110 * MS).end();
        assertEquals(List.of(), computing());
    }

    @Test
    void onlyAShortTimeIsNone() {
        asks(a, 0);
        isWokenAndReads();
        t.at(MS - 1).enter(loop, "write", toA).exit(loop, "write", 5);
        answers(1, toA, a);
        t.at(110 * MS).end();
        assertEquals(List.of(), computing());
    }

    /** More times than are kept one by one; whom one of the first kept waiting is answered last. */
    @Test
    void ofManyTheWorstIsKept() {
        isWokenAndReads();
        asks(a, 5);
        answers(50, toA, a);
        for (int i = 1; i <= 100; i++) {
            asks(a, 50 + 3 * i);
            reads(50 + 3 * i, toA, 12);
            answers(52 + 3 * i, toA, a);
        }
        t.at(1000 * MS).end();
        assertEquals(45 * MS, greatest().awaitedNs());
        assertEquals(101, computing().getFirst().times());
    }
}
