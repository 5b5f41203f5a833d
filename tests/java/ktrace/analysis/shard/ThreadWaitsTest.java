package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounter;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/**
 * The threads at both ends of a wait.
 *
 * <pre>
 *             0        10           40      50           90      100
 *   worker 11 │ futex ─┤............│ holder wakes
 *   worker 12                               ├............│ holder, then worker 11 wake
 * </pre>
 */
class ThreadWaitsTest {
    private static final int PID = 10;
    private static final Peer JAVA = new Peer(PID, "java");
    private static final Limits LIMITS = new Limits(16, 8, 8, 10, 2, 2);
    private final Timeline t = new Timeline();
    private final ThreadId main = t.at(0).thread(PID, PID);
    private final ThreadId one = t.thread(PID, 11);
    private final ThreadId two = t.thread(PID, 12);
    private final ThreadId holder = t.thread(PID, 13);
    private final Waker byHolder = new Waker(holder, 13, "holder", JAVA);
    private final Waker byOne = new Waker(one, 11, "worker-1", JAVA);
    private final KernelObject lock = Timeline.object(ObjectKind.FUTEX, "futex 0x7f00");
    private long nowNs;

    ThreadWaitsTest() {
        t.rename(main, "java").rename(one, "worker-1").rename(two, "worker-2").rename(holder, "holder");
    }

    private void waits(ThreadId thread, KernelObject object, long lengthNs, Waker waker) {
        t.at(nowNs).in(CPU_0, thread).enter(thread, "futex", object).out(CPU_0, thread, 'S').at(nowNs += lengthNs)
                .waking(thread, Evidence.OBJECT, JAVA, e -> {
                    e.tid = waker.tid();
                    e.waker = waker;
                }).at(nowNs += 10).in(CPU_0, thread).exit(thread, "futex", 0);
    }

    private static ThreadWaits row(int tid, String comm, Waker waker, long count, long totalNs, long p50Ns, long maxNs) {
        return new ThreadWaits(tid, comm, waker, count, totalNs, p50Ns, maxNs, maxNs, false);
    }

    private WaitSummary played(Replay replay) {
        List<WaitSummary> waits = replay.process(PID).waits();
        assertEquals(1, waits.size());
        return waits.getFirst();
    }

    @Test
    void aWaitIsToldByThread() {
        waits(one, lock, 30, byHolder);
        waits(two, lock, 40, byHolder);
        t.interval();
        waits(two, lock, 20, byHolder);
        t.end();
        Replay replay = t.play();
        WaitSummary wait = played(replay);
        assertEquals(byHolder, wait.waker(), "one thread ended them all");
        assertEquals(List.of(3L, 90L, 40L), List.of(wait.count(), wait.totalNs(), wait.maxNs()));
        assertEquals(List.of(row(12, "worker-2", byHolder, 2, 60, 20, 40), row(11, "worker-1", byHolder, 1, 30, 30, 30)),
                wait.threads());
        assertEquals(List.of(row(12, "worker-2", byHolder, 1, 40, 40, 40), row(11, "worker-1", byHolder, 1, 30, 30, 30)),
                Replay.process(replay.intervals.getFirst(), PID).waits().getFirst().threads());
    }

    @Test
    void ofSeveralWakersNoneStandsForAll() {
        waits(two, lock, 40, byHolder);
        waits(two, lock, 30, byOne);
        t.end();
        WaitSummary wait = played(t.play());
        assertEquals(Waker.of(JAVA), wait.waker());
        assertEquals(List.of(row(12, "worker-2", byHolder, 1, 40, 40, 40), row(12, "worker-2", byOne, 1, 30, 30, 30)),
                wait.threads());
    }

    @Test
    void threadsGoByTheirLatestNames() {
        waits(two, lock, 40, byHolder);
        Waker renamed = new Waker(holder, 13, "hog-holder", JAVA);
        t.rename(two, "worker-two");
        waits(two, lock, 30, renamed);
        t.end();
        WaitSummary wait = played(t.play());
        assertEquals(renamed, wait.waker());
        assertEquals(List.of(row(12, "worker-two", renamed, 2, 70, 30, 40)), wait.threads());
    }

    /** The number was given to another thread meanwhile. */
    @Test
    void aNumberUsedAgainIsAnotherThread() {
        waits(two, lock, 40, byHolder);
        waits(two, lock, 30, new Waker(new ThreadId(13, main.process(), nowNs, 99), 13, "new", JAVA));
        t.end();
        assertEquals(List.of("holder", "new"), played(t.play()).threads().stream().map(w -> w.waker().threadComm()).toList());
    }

    @Test
    void aWaitThatGoesOnIsToldByThreadToo() {
        waits(one, lock, 30, byHolder);
        t.at(nowNs).enter(two, "futex", lock).in(CPU_0, two).out(CPU_0, two, 'S').at(nowNs + 50).end();
        List<ThreadWaits> threads = t.play().process(PID).waits().stream().flatMap(w -> w.threads().stream()).toList();
        assertEquals(List.of(new ThreadWaits(12, "worker-2", null, 0, 50, 0, 0, 0, true), row(11, "worker-1", byHolder, 1, 30, 30, 30)),
                threads);
    }

    /** A pool whose threads come and go, all for one lock; one waits long. */
    @Test
    void threadsWithoutEndAreSummedUp() {
        for (int i = 0; i < 1000; i++) {
            ThreadId worker = t.at(nowNs).thread(PID, 100 + i);
            t.rename(worker, "w" + i);
            waits(worker, lock, i == 5 ? 5000 : 10, i % 2 == 0 ? byHolder : byOne);
            t.exited(worker);
        }
        t.at(nowNs).end();
        Replay replay = new Replay(t.events, LIMITS, true);
        WaitSummary wait = played(replay);
        List<ThreadWaits> threads = wait.threads();
        assertTrue(threads.size() <= LIMITS.pairs() + 2, "rows: " + threads.size());
        assertEquals(1000, threads.stream().mapToLong(ThreadWaits::count).sum());
        assertEquals(5000 + 999 * 10, threads.stream().mapToLong(ThreadWaits::totalNs).sum());
        ThreadWaits rest = threads.stream().filter(w -> w.tid() == 0).findFirst().orElseThrow();
        assertEquals(row(0, "(other threads)", Waker.of(JAVA), rest.count(), rest.count() * 10, 10, 10), rest);
        assertTrue(threads.stream().anyMatch(w -> w.comm().equals("w5")), "the greatest is kept");
        assertTrue(threads.stream().anyMatch(w -> w.comm().equals("w999")), "the newest is kept");
        assertTrue(replay.counter(TraceCounter.ROWS_JOINED) >= 1900, "of threads and of their waits");
        assertEquals(5000, wait.maxNs());
        assertEquals(10, wait.p50Ns());
    }

    private Replay endedProcesses(Limits limits) {
        for (int pid = 100; pid < 140; pid += 10) {
            ThreadId leader = t.at(nowNs).thread(pid, pid);
            ThreadId other = t.thread(pid, pid + 1);
            t.rename(leader, "same").rename(other, "other");
            for (int tid = 1; tid <= 10; tid++) {
                waits(leader, lock, 10, new Waker(null, tid, "w", JAVA));
                waits(other, lock, 20, new Waker(null, tid, "w", JAVA));
            }
            t.exited(leader).exited(other);
        }
        t.at(nowNs).end();
        Replay replay = new Replay(t.events, limits, true);
        assertEquals(4 * 300, replay.end().processes().stream().flatMap(p -> p.waits().stream())
                .flatMap(w -> w.threads().stream()).mapToLong(ThreadWaits::totalNs).sum());
        return replay;
    }

    @Test
    void threadsAreNotToldOfProcessesThatAreToldTogether() {
        List<ThreadWaits> joined = endedProcesses(LIMITS).process(0).waits().getFirst().threads();
        assertEquals(1, joined.size());
        assertEquals(0, joined.getFirst().tid());
        assertEquals(Waker.of(JAVA), joined.getFirst().waker());
    }

    @Test
    void endedProcessesKeepFewThreadsApartWhenManyAreKeptOfAll() {
        Replay replay = endedProcesses(new Limits(16, 100, 100, 25, 100, 2));
        assertEquals(List.of(20, 17, 17, 17), replay.end().processes().stream().filter(p -> p.pid() >= 100)
                .map(p -> p.waits().getFirst().threads().size()).toList());
        assertEquals(3 * 4, replay.counter(TraceCounter.ROWS_JOINED));
    }

    /** Five hundred threads, each of which waits for each other one, on locks without end. */
    @Test
    void memoryStaysBounded() {
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, nr -> "E", new ktrace.event.TraceCounters(), s -> { },
                Limits.DEFAULT);
        List<ThreadId> threads = Stream.iterate(1, i -> i + 1).limit(500).map(i -> t.thread(PID, 1000 + i)).toList();
        List<KernelObject> locks = Stream.iterate(1, i -> i + 1).limit(100)
                .map(i -> Timeline.object(ObjectKind.FUTEX, "futex " + i)).toList();
        List<Waker> wakers = threads.stream().map(thread -> new Waker(thread, thread.tid(), "w", JAVA)).toList();
        long before = JoiningTest.usedBytes();
        for (int round = 0; round < 500_000; round++) {
            Timeline line = new Timeline();
            ThreadId waiter = threads.get(round % 500);
            Waker waker = wakers.get((int) (round * 7919L % 499));
            line.at(round * 100L).in(CPU_0, waiter).enter(waiter, "futex", locks.get(round % 100)).out(CPU_0, waiter, 'S')
                    .at(round * 100L + 50).waking(waiter, Evidence.OBJECT, JAVA, e -> {
                        e.tid = waker.tid();
                        e.waker = waker;
                    });
            line.events.forEach(shard::onEvent);
        }
        long keptBytes = JoiningTest.usedBytes() - before;
        assertTrue(keptBytes < 8 << 20, "kept " + keptBytes);
        shard.onEvent(new Timeline().at(1L << 40).end().events.getFirst());
    }
}
