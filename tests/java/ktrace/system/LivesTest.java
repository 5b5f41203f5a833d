package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.facts.ObjectSource;
import org.junit.jupiter.api.Test;

/** Who is observed from when to when, and as whom. */
class LivesTest {
    private static final int A = 100;
    private static final int STRANGER = 300;
    private static final int KTRACE = 99_999;
    private static final int THREAD = 0x10000;

    private final Timeline line = Timeline.of(A);

    private ThreadId enters(int tid) {
        line.enter(tid, "getppid");
        return line.event.thread;
    }

    @Test
    void aStrangerIsNotObserved() {
        assertNull(line.push(EventType.SYS_ENTER, STRANGER, STRANGER, null).thread);
        line.switchTo(STRANGER, 0);
        assertNull(line.event.otherThread);
        line.born(STRANGER, 301, 0);
        assertNull(line.event.thread);
        assertNull(line.push(EventType.SYS_ENTER, 301, 301, null).thread);
    }

    @Test
    void threadsAndChildrenAreFollowed() {
        ThreadId main = enters(A);
        line.born(A, 101, THREAD);
        ThreadId second = line.event.thread;
        assertSame(main, line.event.otherThread);
        assertSame(main.process(), second.process());
        assertSame(second, enters(101));
        line.born(101, 400, 0);
        ThreadId child = line.event.thread;
        assertEquals(400, child.process().tgid());
        assertEquals(A, child.process().ppid());
        assertEquals(line.nowNs, child.startNs());
        line.born(400, 500, 0);
        assertEquals(400, line.event.thread.process().ppid());
    }

    @Test
    void withoutFollowingOnlyThreadsAre() {
        Timeline alone = new Timeline(Targets.processes(KTRACE, List.of(A)).withoutChildren(), ObjectSource.nothing());
        alone.process(A, 1, "p100");
        alone.pipe(77, A, 3, A, 4);
        alone.born(A, 101, THREAD);
        assertNotNull(alone.event.thread);
        alone.born(A, 400, 0);
        assertNull(alone.event.thread);
        alone.enter(400, "write", 4);
        assertNull(alone.event.thread);
        // But it is known to hold what it inherited.
        assertEquals("pipe:[77] | c400(400)", alone.blocks(A, "read", 3));
    }

    @Test
    void theWholeSystemIsEverybodyButKtrace() {
        Timeline all = new Timeline(Targets.everything(KTRACE), ObjectSource.nothing());
        assertNotNull(all.push(EventType.SYS_ENTER, STRANGER, STRANGER, null).thread);
        assertNull(all.push(EventType.SYS_ENTER, KTRACE, KTRACE, null).thread);
        assertNull(all.push(EventType.SYS_ENTER, KTRACE + 1, KTRACE, null).thread);
    }

    @Test
    void aThreadWhoseBirthWasNotSeenIsMadeKnownByItsFirstCall() {
        TraceEvent event = line.push(EventType.SYS_ENTER, 105, A, null);
        assertEquals(105, event.thread.tid());
        assertSame(enters(A).process(), event.thread.process());
        line.push(EventType.START, 0, 0, null);
        line.nowNs += 2_000_000_000L;
        line.push(EventType.SYS_ENTER, 106, A, null);
        assertEquals(1, line.count(TraceCounter.UNKNOWN_THREAD));
    }

    /** Of one that computes that may be all that happens before /proc has told of it. */
    @Test
    void aThreadIsHeardOfWhenItLeavesItsCpu() {
        TraceEvent event = line.push(EventType.SCHED_SWITCH, 105, A, null);
        assertEquals(105, event.thread.tid());
        assertSame(enters(A).process(), event.thread.process());
        assertNull(line.push(EventType.SCHED_SWITCH, STRANGER, STRANGER, null).thread);
        line.event.number = 0x20;
        assertNull(line.push(EventType.SCHED_SWITCH, 106, A, null).thread, "it is over");
    }

    @Test
    void aNumberUsedAgainIsAnother() {
        line.born(A, 400, 0);
        ThreadId first = line.event.thread;
        line.exits(400);
        assertSame(first, line.event.thread);
        line.dies(400);
        line.born(A, 400, 0);
        assertNotSame(first, line.event.thread);
        assertNotSame(first.process(), line.event.thread.process());
        // Even when its end was not seen.
        ThreadId second = line.event.thread;
        line.born(A, 400, 0);
        assertNotSame(second, line.event.thread);
    }

    /**
     * <pre>
     * 100 main      =======X (the kernel ends it)
     * 101 worker    ==execve==+
     * 100                     =====  (the worker, under the leader's number)
     * </pre>
     */
    @Test
    void execByAnotherThreadThanTheLeaderGoesOnUnderTheLeadersNumber() {
        line.born(A, 101, THREAD);
        ThreadId worker = line.event.thread;
        ThreadId leader = enters(A);
        line.enter(101, "execve");
        line.exits(A);
        line.dies(A);
        line.exec(A, 101, "new");
        ThreadId successor = line.event.thread;
        assertEquals(A, successor.tid());
        assertNotSame(leader, successor);
        assertSame(worker, line.event.otherThread);
        assertSame(worker.process(), successor.process());
        line.exit(A, "execve", 0);
        assertSame(successor, line.event.thread);
        line.switchTo(101, 0);
        assertNull(line.event.otherThread);
    }

    @Test
    void theEndOfTheLastTargetIsTold() {
        AtomicInteger ended = new AtomicInteger();
        line.tracker.onLastExit(ended::incrementAndGet);
        line.born(A, 101, THREAD);
        line.born(A, 400, 0);
        line.exits(A);
        line.dies(A);
        line.exits(400);
        line.dies(400);
        assertEquals(0, ended.get());
        line.exits(101);
        // It gives back its memory and closes its files.
        assertEquals(0, ended.get());
        line.dies(101);
        assertEquals(1, ended.get());
    }

    /**
     * Its threads were there before, and none of them has been told of yet.
     *
     * <pre>
     * 100 main      ==========================
     * 101              +====X
     * 102                  +====X
     * </pre>
     */
    @Test
    void aServerGoesOnWhenTheThreadsEndThatCameWhileItIsAttachedTo() {
        for (int last : new int[] {0, TraceEvent.OTHERS_LIVE}) {
            Timeline server = new Timeline(Targets.processes(KTRACE, List.of(A)), ObjectSource.nothing());
            AtomicInteger ended = new AtomicInteger();
            server.tracker.onLastExit(ended::incrementAndGet);
            server.tracker.confirmExitsBy(tgid -> true);
            server.push(EventType.PROCESS_STATE, A, A, new ProcessSnapshot(A, 1, "server", "server"));
            server.tgids[A] = A;
            server.born(A, 101, THREAD);
            ThreadId first = server.event.thread;
            server.exits(101, last);
            server.dies(101);
            server.push(EventType.INTERVAL, 0, 0, null);
            server.born(A, 102, THREAD);
            assertSame(first.process(), server.event.thread.process());
            server.exits(102, last);
            server.dies(102);
            server.thread(A, A);
            assertSame(first.process(), server.event.thread.process());
            assertEquals(List.of(A), server.tracker.observed());
            assertEquals(0, ended.get());
            server.exits(A, last == 0 ? 0 : TraceEvent.LAST_OF_PROCESS);
            server.tracker.confirmExitsBy(tgid -> false);
            server.dies(A);
            assertEquals(1, ended.get());
        }
    }

    @Test
    void theLastKnownThreadIsNotTheLastWhenTheKernelSaysSo() {
        AtomicInteger ended = new AtomicInteger();
        line.tracker.onLastExit(ended::incrementAndGet);
        ThreadId leader = enters(A);
        line.exits(A, TraceEvent.OTHERS_LIVE);
        line.dies(A);
        assertEquals(0, ended.get());
        assertSame(leader.process(), line.push(EventType.SYS_ENTER, 105, A, null).thread.process());
        line.exits(105, TraceEvent.LAST_OF_PROCESS);
        line.dies(105);
        assertEquals(1, ended.get());
    }

    /** What the kernel does not say is asked: first when the last that is known has ended, then at each interval. */
    @Test
    void theTraceGoesOnWhileATargetIsAlive() {
        AtomicInteger ended = new AtomicInteger();
        line.tracker.onLastExit(ended::incrementAndGet);
        line.tracker.confirmExitsBy(tgid -> tgid == A);
        line.exits(A);
        line.dies(A);
        line.push(EventType.INTERVAL, 0, 0, null);
        assertEquals(0, ended.get());
        line.tracker.confirmExitsBy(tgid -> false);
        line.push(EventType.INTERVAL, 0, 0, null);
        assertEquals(1, ended.get());
    }

    /** A command that ends at once does so while ktrace still reads what its program is called. */
    @Test
    void whatProcToldBeforeDoesNotBringATargetBack() {
        AtomicInteger ended = new AtomicInteger();
        line.tracker.onLastExit(ended::incrementAndGet);
        line.born(A, 400, 0);
        line.exits(A);
        line.dies(A);
        line.process(A, 1, "p100");
        assertEquals(List.of(400), line.tracker.observed());
        line.exits(400);
        line.dies(400);
        assertEquals(1, ended.get());
    }

    /** Before the rest has been told of, a short program may come and go. */
    @Test
    void theWholeSystemHasNoLastTarget() {
        Timeline system = new Timeline(Targets.everything(KTRACE), ObjectSource.nothing());
        AtomicInteger ended = new AtomicInteger();
        system.tracker.onLastExit(ended::incrementAndGet);
        system.process(A, 1, "short");
        assertEquals(List.of(A), system.tracker.observed());
        system.exits(A);
        system.tracker.confirmExitsBy(tgid -> false);
        system.process(STRANGER, 1, "other");
        system.push(EventType.EVENTS_LOST, 0, 0, null);
        system.push(EventType.INTERVAL, 0, 0, null);
        assertEquals(0, ended.get());
    }

    @Test
    void aThreadInACallAtAttachIsStampedWithItsObject() {
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_RDONLY);
        TraceEvent event = line.push(EventType.THREAD_STATE, 107, A,
                new ThreadSnapshot(107, A, "p100", 'S', Timeline.TABLE.number("read"), new long[] {3, 0, 0, 0, 0, 0}));
        assertEquals("pipe:[77]", event.object.name());
        // Once it was heard of, /proc tells nothing new.
        event = line.push(EventType.THREAD_STATE, 107, A,
                new ThreadSnapshot(107, A, "p100", 'S', Timeline.TABLE.number("pause"), new long[6]));
        assertNull(event.object);
    }

    @Test
    void aRenamedProcessIsCalledByItsNewName() {
        line.process(200, 1, "old");
        line.born(A, 400, 0);
        assertEquals("child | c400(400)", line.blocks(A, "wait4", -1));
        line.exec(400, 400, "a-name-of-15-ch");
        assertEquals("child | a-name-of-15-ch(400)", line.blocks(A, "wait4", -1));
    }

    /** In a pid namespace the numbers in calls are not those of events: the first fork that returns tells. */
    @Test
    void aChildIsCalledByTheNumberThatAllSee() {
        line.process(2, 0, "kthreadd");
        line.enter(A, "clone", 0);
        line.born(A, 400, 0);
        line.exit(A, "clone", 2);
        assertEquals("child 400 [2] | c400(400)", line.blocks(A, "wait4", 2));
        assertEquals("child | c400(400)", line.blocks(A, "wait4", 3), "nobody's number that is known");
        line.enter(400, "vfork");
        line.born(400, 500, 0x4000);
        line.exit(400, "vfork", 7);
        assertEquals("child 500 [7] | c500(500)", line.blocks(400, "waitid", 1, 7));
        line.exits(500);
        line.dies(500);
        line.exit(400, "waitid", 0);
        assertEquals("child", line.blocks(400, "wait4", 7), "it has ended");
    }

    @Test
    void aChildThatWasThereBeforeIsToldOfWithBothNumbers() {
        line.push(EventType.PROCESS_STATE, A, A, new ProcessSnapshot(A, 1, "init", "init", 50, true));
        line.push(EventType.PROCESS_STATE, 400, 400, new ProcessSnapshot(400, A, "c400", "c400", 2, true));
        assertEquals("child", line.blocks(A, "wait4", 2), "it is not observed");
        line.born(A, 401, 0);
        line.push(EventType.PROCESS_STATE, 401, 401, new ProcessSnapshot(401, A, "c401", "c401", 3, true));
        assertEquals("child 401 [3] | c401(401)", line.blocks(A, "wait4", 3));
    }

    @Test
    void outsideOfNamespacesANumberIsANumber() {
        line.enter(A, "clone", 0);
        line.born(A, 400, 0);
        line.exit(A, "clone", 400);
        assertEquals("child 400 | c400(400)", line.blocks(A, "wait4", 400));
        assertEquals("child 2", line.blocks(A, "wait4", 2));
    }
}
