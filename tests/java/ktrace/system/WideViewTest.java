package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.facts.NoSource;
import ktrace.facts.ObjectSource;
import ktrace.system.wide.WideView;
import org.junit.jupiter.api.Test;

/** Who comes into view since others wait for it, and what that changes, and what it does not. */
class WideViewTest {
    private static final int A = 100;
    private static final int SERVER = 300;
    private static final int BACK = 400;
    private static final int OWN = 99_999;
    private static final int CLONE_THREAD = 0x10000;
    private static final long MS = 1_000_000;
    private static final long LAST = TraceEvent.LAST_OF_PROCESS;

    private final Timeline line = Timeline.of(A);
    private final List<Integer> wanted = new ArrayList<>();

    private void widen() {
        line.tracker.onAwaited(wanted::add);
        fact(0, true);
    }

    private void fact(int tgid, boolean isWatched) {
        line.push(EventType.FACT, 0, -1, new Fact.OfWatch(tgid, isWatched));
    }

    /** A waits so long for {@code waker}, of a process of that number. */
    private TraceEvent waits(int waiter, int waker, long ns) {
        line.run(waiter);
        line.switchTo(0, 1);
        line.nowNs += ns;
        line.tgids[waker] = waker;
        line.wakes(waker, waiter);
        return line.event;
    }

    private void watch(int tgid) {
        fact(tgid, true);
        line.tgids[tgid] = tgid;
        line.push(EventType.PROCESS_STATE, tgid, tgid, new ProcessSnapshot(tgid, 1, "p" + tgid, ""));
        line.push(EventType.THREAD_STATE, tgid, tgid, new ThreadSnapshot(tgid, tgid, "p" + tgid, 'S', -1, new long[0], false));
    }

    @Test
    void whoIsWaitedForIsWantedOnce() {
        widen();
        waits(A, SERVER, 2 * MS);
        waits(A, SERVER, 2 * MS);
        assertEquals(List.of(SERVER), wanted);
    }

    @Test
    void whoIsHardlyWaitedForIsNotUntilItAddsUp() {
        widen();
        waits(A, SERVER, MS / 2);
        assertEquals(List.of(), wanted);
        waits(A, SERVER, MS / 2);
        assertEquals(List.of(SERVER), wanted);
    }

    /** --only, and all that was recorded before. */
    @Test
    void nobodyIsWhereTheStreamDoesNotSaySo() {
        line.tracker.onAwaited(wanted::add);
        waits(A, SERVER, 5 * MS);
        assertEquals(List.of(), wanted);
        assertEquals(0, line.count(TraceCounter.NOT_WATCHED));
    }

    @Test
    void theKernelsThreadsAndKtraceItselfAreNot() {
        widen();
        line.push(EventType.FACT, 0, -1, new Fact.OfThread(50, new ProcessSnapshot(50, 2, "kworker/0:1", "")));
        waits(A, 50, 5 * MS);
        waits(A, OWN, 5 * MS);
        waits(A, A, 5 * MS);
        assertEquals(List.of(), wanted);
    }

    @Test
    void whatAnInterruptEndsIsNobodysDoing() {
        widen();
        line.run(A);
        line.switchTo(0, 1);
        line.nowNs += 5 * MS;
        line.wakesIn(TraceEvent.FLAG_HARD_INTERRUPT, SERVER, SERVER, A);
        assertEquals(List.of(), wanted);
    }

    @Test
    void childrenThatAreNotFollowedStayOut() {
        Timeline alone = new Timeline(Targets.processes(OWN, List.of(A)).withoutChildren(), ObjectSource.nothing());
        alone.process(A, 1, "p" + A);
        alone.tracker.onAwaited(wanted::add);
        alone.push(EventType.FACT, 0, -1, new Fact.OfWatch(0, true));
        alone.born(A, 101, 0);
        alone.run(A);
        alone.switchTo(0, 1);
        alone.nowNs += 5 * MS;
        alone.wakes(101, A);
        assertEquals(List.of(), wanted);
    }

    /** A thousand whom one waits for. */
    @Test
    void noMoreAreWatchedThanThereIsRoomFor() {
        widen();
        IntStream.range(0, 1000).forEach(i -> waits(A, 1000 + i, 2 * MS));
        assertEquals(WideView.MOST, wanted.size());
        assertEquals(1000 - WideView.MOST, line.count(TraceCounter.NOT_WATCHED));
        // One cannot be, and one ends.
        fact(1000, false);
        watch(1001);
        line.exits(1001, (int) LAST);
        line.dies(1001);
        IntStream.range(0, 10).forEach(i -> waits(A, 3000 + i, 2 * MS));
        assertEquals(List.of(3000, 3001), wanted.subList(WideView.MOST, wanted.size()));
    }

    @Test
    void itGoesOnBehindThemUpToSomeSteps() {
        widen();
        int waiter = A;
        for (int i = 0; i < WideView.DEPTH; i++) {
            waits(waiter, 500 + i, 2 * MS);
            assertEquals(i + 1, wanted.size());
            watch(500 + i);
            waiter = 500 + i;
        }
        waits(waiter, 600, 2 * MS);
        assertEquals(WideView.DEPTH, wanted.size());
        assertEquals(1, line.count(TraceCounter.NOT_WATCHED));
    }

    @Test
    void itIsKnownByItsStatesFromThenOnAndByNoCalls() {
        widen();
        assertNull(waits(A, SERVER, 2 * MS).waker.thread());
        watch(SERVER);
        long sinceNs = line.nowNs - 3000;
        TraceEvent waking = waits(A, SERVER, 2 * MS);
        assertNotNull(waking.waker.thread());
        assertTrue(waking.waker.thread().process().statesOnly());
        assertTrue(waking.waker.thread().startNs() >= sinceNs, "before that nothing is known of it");
        line.enter(SERVER, "read", 3);
        assertNull(line.event.thread);
        line.exit(SERVER, "read", 1);
        assertNull(line.event.thread);
        line.switchTo(0, 1);
        assertEquals(SERVER, line.event.thread.tid());
        assertEquals(TraceEvent.UNKNOWN_PLACE, line.event.object);
        assertEquals(0, line.count(TraceCounter.IN_FLIGHT_AT_ATTACH));
        assertEquals(0, line.count(TraceCounter.UNMATCHED_EXIT));
    }

    @Test
    void itsThreadsAreWatchedAndItsChildrenAreNot() {
        widen();
        waits(A, SERVER, 2 * MS);
        watch(SERVER);
        line.born(SERVER, 301, CLONE_THREAD);
        assertTrue(line.event.thread.process().statesOnly());
        line.born(SERVER, 310, 0);
        assertNull(line.event.thread);
    }

    /** What the kernel tells of a waker that is not traced proves what it proved before. */
    @Test
    void whatItIsAtIsProvedAsBefore() {
        widen();
        line.pipe(77, A, 3, SERVER, 4);
        waits(A, SERVER, 2 * MS);
        watch(SERVER);
        line.blocks(A, "read", 3);
        assertEquals("object", line.wakesInCall(0, SERVER, "write", 4, 77, 0010600, A).split(" ")[0]);
        assertTrue(line.event.waker.thread().process().statesOnly());
    }

    @Test
    void whatItWaitsInIsToldWithTheSwitch() {
        widen();
        line.pipe(77, SERVER, 3, A, 4);
        waits(A, SERVER, 2 * MS);
        watch(SERVER);
        line.run(SERVER);
        waitsIn("read", 3, 77);
        assertEquals(ObjectKind.PIPE, line.event.waitsFor);
        assertEquals("pipe:[77]", line.event.object.name());
        line.enter(A, "write", 4);
        assertEquals("object", line.wakes(A, SERVER).split(" ")[0]);
        line.run(SERVER);
        waitsIn("clock_nanosleep", 0, 0);
        assertEquals(ObjectKind.SLEEP, line.event.waitsFor);
        line.wakesIn(TraceEvent.FLAG_HARD_INTERRUPT, 0, 0, SERVER);
        assertEquals(Evidence.INTERRUPT, line.event.evidence);
        line.run(SERVER);
        line.switchTo(0, 1);
        assertEquals(TraceEvent.UNKNOWN_PLACE, line.event.object, "what it waited in before is over");
    }

    private void waitsIn(String call, long arg0, long inode) {
        line.switchTo(0, 1, new Waker.InCall(Timeline.TABLE.number(call), arg0, 0, inode, inode == 0 ? 0 : 0010600));
    }

    // -- waits that last ---------------------------------------------------------------------------------------------------

    /** So long passes, and what lasts is told. */
    private void lasts(long ns) {
        line.nowNs += ns;
        line.tracker.passes(line.nowNs);
        line.push(EventType.INTERVAL, 0, -1, null);
    }

    @Test
    void whoeverHoldsWhatHasBeenWaitedForForLongIsWanted() {
        Timeline locked = Timeline.of(new NoSource() {
            @Override
            public Holder lockHolder(int tgid, LockSort sort, int fd) {
                return new Holder(0, SERVER, "p300", "", true);
            }
        }, A);
        locked.tracker.onAwaited(wanted::add);
        locked.push(EventType.FACT, 0, -1, new Fact.OfWatch(0, true));
        locked.fd(A, 3, ObjectKind.DISK, "/l", 77, Timeline.O_RDWR);
        locked.blocks(A, "flock", 3, 2);
        locked.nowNs += 1000 * MS;
        locked.tracker.passes(locked.nowNs);
        locked.push(EventType.INTERVAL, 0, -1, null);
        assertEquals(List.of(SERVER), wanted);
    }

    @Test
    void whoeverIsAtTheOtherEndOfWhatHasBeenWaitedForForLongIsWanted() {
        widen();
        line.pipe(77, A, 3, SERVER, 4);
        line.blocks(A, "read", 3);
        lasts(300 * MS);
        assertEquals(List.of(), wanted);
        lasts(300 * MS);
        assertEquals(List.of(SERVER), wanted);
        lasts(5000 * MS);
        assertEquals(List.of(SERVER), wanted);
    }

    @Test
    void soIsWhoeverThatOneWaitsFor() {
        widen();
        line.pipe(77, A, 3, SERVER, 4);
        line.blocks(A, "read", 3);
        lasts(600 * MS);
        fact(SERVER, true);
        line.tgids[SERVER] = SERVER;
        line.push(EventType.PROCESS_STATE, SERVER, SERVER, new ProcessSnapshot(SERVER, 1, "p300", ""));
        line.pipe(78, SERVER, 5, BACK, 6);
        line.push(EventType.THREAD_STATE, SERVER, SERVER, new ThreadSnapshot(SERVER, SERVER, "p300", 'S',
                Timeline.TABLE.number("read"), new long[] {5, 0, 1, 0, 0, 0}, false));
        assertEquals("pipe:[78]", line.object());
        lasts(300 * MS);
        assertEquals(List.of(SERVER), wanted);
        lasts(300 * MS);
        assertEquals(List.of(SERVER, BACK), wanted);
    }

    /** Nobody has to act: there is nothing to do. */
    @Test
    void whoeverMayBringWorkIsNot() {
        widen();
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, 20);
        line.fd(SERVER, 4, ObjectKind.UNIX, "unix:[20]", 20, Timeline.O_RDWR, 10);
        line.call(A, "read", 5, 3);
        line.call(A, "write", 5, 3);
        line.blocks(A, "read", 3);
        lasts(600 * MS);
        assertEquals(List.of(), wanted);
        line.exit(A, "read", -4);
        line.fd(A, 5, ObjectKind.UNIX, "unix:[11]", 11, Timeline.O_RDWR, 21);
        line.fd(SERVER, 6, ObjectKind.UNIX, "unix:[21]", 21, Timeline.O_RDWR, 11);
        line.call(A, "write", 5, 5);
        line.blocks(A, "read", 5);
        lasts(600 * MS);
        assertEquals(List.of(SERVER), wanted, "this one owes an answer");
    }

    @Test
    void whereManyAreAtTheOtherEndItIsNotKnownWhoWouldHaveToAct() {
        widen();
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_RDONLY);
        IntStream.range(0, 9).forEach(i -> line.fd(SERVER + i, 4, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_WRONLY));
        line.blocks(A, "read", 3);
        lasts(600 * MS);
        assertEquals(List.of(), wanted);
    }

    /** The trace is one of those that were asked for. */
    @Test
    void theTraceEndsWithThoseThatWereAskedFor() {
        AtomicInteger ended = new AtomicInteger();
        line.tracker.onLastExit(ended::incrementAndGet);
        widen();
        waits(A, SERVER, 2 * MS);
        watch(SERVER);
        waits(A, BACK, 2 * MS);
        watch(BACK);
        assertEquals(List.of(A), line.tracker.observed());
        assertEquals(2, line.tracker.watched().size());
        line.exits(SERVER, (int) LAST);
        line.dies(SERVER);
        assertEquals(0, ended.get());
        assertEquals(List.of(BACK), line.tracker.watched());
        line.exits(A, (int) LAST);
        line.dies(A);
        assertEquals(1, ended.get());
        assertFalse(line.tracker.watched().isEmpty());
    }
}
