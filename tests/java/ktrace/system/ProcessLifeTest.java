package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.facts.NoSource;
import ktrace.facts.ObjectSource;
import org.junit.jupiter.api.Test;

/** Processes and threads go, whether or not all of their end was seen. */
class ProcessLifeTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int CHILD = 400;
    private static final int KTRACE = 99_999;
    private static final int ROUNDS = 100_000;
    private static final int OUTSIDERS = 1 << 12;
    private static final int THREAD = 0x10000;
    private static final int CLONE_FILES = 0x400;
    private static final int EXITS = 0x20;
    private static final int WUNTRACED = 2;

    private final Timeline line = Timeline.of(A, B);

    private static Census storm(IntConsumer round) {
        return Census.ofStorm(ROUNDS, round);
    }

    /** Numbers come again after 30,000 others, as they do by default. */
    private static int number(int i) {
        return 1000 + i % 30_000;
    }

    private void ends(int tid) {
        line.exits(tid);
        line.dies(tid);
    }

    private void noScheduler() {
        line.event.number = 1;
        line.push(EventType.START, 0, -1, null);
    }

    /** Ten minutes of a shell that starts a program every 600 µs. */
    @Test
    void aStormOfForksLeavesNothing() {
        line.pipe(77, A, 3, B, 4);
        line.fd(A, 0, ObjectKind.TTY, "/dev/pts/5", 6, Timeline.O_RDWR);
        Census after = Census.ofStorm(1_000_000, i -> {
            line.nowNs += 600_000;
            int child = number(i);
            line.born(A, child, 17);
            line.enter(A, "wait4", child);
            line.switchTo(0, 1);
            line.exec(child, child, "true");
            line.call(child, "close", 0, 3);
            line.enter(child, "exit_group");
            line.exits(child);
            assertEquals("object | true(" + child + ") | - | true(" + child + ")", line.wakes(child, A));
            line.switchTo(0, EXITS);
            line.exit(A, "wait4", child);
        });
        assertTrue(after.of(ProcessEntry.class) < 10, after.of(ProcessEntry.class) + " processes");
        assertTrue(line.nowNs > 600_000_000_000L);
    }

    @Test
    void birthsAndEndsAloneLeaveNothing() {
        Timeline all = new Timeline(Targets.everything(KTRACE), ObjectSource.nothing());
        all.process(A, 1, "sh");
        Census.ofStorm(1_000_000, i -> {
            all.event.otherTid = number(i);
            all.event.number = i % 3 == 0 ? THREAD : 17;
            all.push(EventType.TASK_NEWTASK, A, A, null);
            all.push(EventType.SCHED_PROCESS_EXIT, number(i), i % 3 == 0 ? A : number(i), null);
        });
    }

    /** Each starts the next one and ends: no chain of the dead hangs on to the last. */
    @Test
    void aChainOfProcessesLeavesNothing() {
        int[] last = {A};
        storm(i -> {
            line.born(last[0], number(i), 17);
            ends(last[0]);
            last[0] = number(i);
        });
    }

    @Test
    void aChainOfThreadsThatLetEachOtherOnLeavesNothing() {
        noScheduler();
        line.born(A, 999, THREAD);
        int[] last = {999};
        storm(i -> {
            int tid = number(i);
            line.born(last[0], tid, THREAD);
            line.enter(tid, "futex", 0x7000, 0, last[0]);
            line.push(EventType.SCHED_PROCESS_EXIT, last[0], A, null);
            line.exit(tid, "futex", 0);
            assertEquals("object", line.event.evidence.label());
            last[0] = tid;
        });
    }

    @Test
    void manyLivingChildrenComeAndGoAsQuicklyAsFew() {
        Census.ofGrowth(60_000, i -> {
            line.born(A, 30_000 + i, 17);
            line.born(A, CHILD, 17);
            ends(CHILD);
        });
    }

    /** As a terminal is, or the pipe that a service's workers write their log to. */
    @Test
    void whatManyHoldIsInheritedAsQuickly() {
        line.pipe(77, A, 3, B, 4);
        Census.ofGrowth(60_000, i -> {
            line.born(A, 30_000 + i, 17);
            line.call(30_000 + i, "dup", 9, 3);
            line.call(30_000 + i, "close", 0, 3);
        });
    }

    @Test
    void anEndedChildIsNobodysChild() {
        line.born(A, CHILD, 17);
        line.born(A, CHILD + 1, 17);
        assertEquals("child | c400(400),c401(401)", line.blocks(A, "wait4", -1));
        ends(CHILD);
        assertEquals("child | c401(401)", line.blocks(A, "wait4", -1));
        line.exits(CHILD + 1);
        assertEquals("child", line.blocks(A, "wait4", -1), "it has ended, though it closes files still");
    }

    @Test
    void aChildThatIsToldOfBelongsToTheParentToldLast() {
        line.born(A, CHILD, 17);
        assertEquals("child | c400(400)", line.blocks(A, "wait4", -1));
        line.push(EventType.PROCESS_STATE, CHILD, CHILD, new ProcessSnapshot(CHILD, B, "x", "x"));
        assertEquals("child", line.blocks(A, "wait4", -1));
        assertEquals("child | x(400)", line.blocks(B, "wait4", -1));
        ends(CHILD);
        assertEquals("child", line.blocks(B, "wait4", -1));
    }

    @Test
    void queuesOfTheEndedAreTheirsNoMore() {
        line.call(B, "msgsnd", 0, 7);
        line.call(B, "semop", 0, 8);
        assertEquals("queue 7 | p200(200)", line.blocks(A, "msgrcv", 7));
        ends(B);
        assertEquals("queue 7 | p100(100)", line.blocks(A, "msgrcv", 7));
        assertEquals("semaphores 8 | p100(100)", line.blocks(A, "semop", 8));
    }

    @Test
    void queuesOfAnotherProgramAreItsNoMore() {
        line.call(B, "msgsnd", 0, 7);
        line.exec(B, B, "x");
        assertEquals("queue 7 | p100(100)", line.blocks(A, "msgrcv", 7));
        line.call(B, "msgsnd", 0, 7);
        assertEquals("queue 7 | x(200)", line.blocks(A, "msgrcv", 7));
    }

    /** A child by CLONE_FILES uses under a table that is not its own, which it leaves at exec. */
    @Test
    void whatIsUsedUnderASharedTableIsLetGoOf() {
        storm(i -> {
            line.born(A, CHILD, CLONE_FILES);
            line.call(CHILD, "msgsnd", 0, 7);
            line.call(A, "msgsnd", 0, 7);
            if (i % 2 == 0) {
                line.exec(CHILD, CHILD, "x");
                line.call(CHILD, "msgsnd", 0, 7);
            } else {
                line.call(CHILD, "unshare", 0, CLONE_FILES);
            }
            ends(CHILD);
        });
        assertEquals("queue 7 | p100(100)", line.blocks(A, "msgrcv", 7));
    }

    @Test
    void usersOfOneTableHoldEachForItself() {
        line.born(A, CHILD, CLONE_FILES);
        line.call(CHILD, "msgsnd", 0, 7);
        line.call(A, "msgsnd", 0, 7);
        ends(CHILD);
        assertEquals("queue 7 | p100(100)", line.blocks(B, "msgrcv", 7));
    }

    @Test
    void numbersUsedAgainReplaceWhoseEndWasLost() {
        line.pipe(77, A, 3, B, 4);
        storm(i -> {
            // Two threads each, none of which is seen to end.
            int child = 1000 + 2 * (i % 5000);
            line.born(A, child, 17);
            line.born(child, child + 1, THREAD);
        });
    }

    @Test
    void aNumberTakenByAThreadOfAnotherProcessIsThatProcesses() {
        line.born(A, 101, THREAD);
        line.process(B, 1, "p");
        ends(A);
        // The end of 101, and with it of A, was lost.
        line.push(EventType.THREAD_STATE, 101, B, new ThreadSnapshot(101, B, "x", 'S', -1, new long[0]));
        assertEquals(List.of(B), line.tracker.observed());
        assertEquals(B, line.event.thread.process().tgid());
    }

    @Test
    void whoseLastSwitchWasLostGoesInTheEnd() {
        line.pipe(77, A, 3, B, 4);
        Census.ofStorm(50_000, i -> {
            int child = 40_000 + i;
            line.born(A, child, 17);
            line.exits(child);
        });
    }

    @Test
    void oneSwitchedOutForGoodHasEnded() {
        line.pipe(77, A, 3, B, 4);
        line.born(A, CHILD, 17);
        line.call(A, "close", 0, 3);
        assertEquals("pipe:[77] | c400(400)", line.blocks(B, "write", 4));
        // Its exit was lost.
        line.dies(CHILD);
        assertEquals("pipe:[77]", line.blocks(B, "write", 4));
        assertEquals(List.of(A, B), line.tracker.observed());
    }

    @Test
    void aReapedChildHasEndedThoughItsExitWasLost() {
        line.born(A, CHILD, 17);
        line.born(CHILD, CHILD + 1, THREAD);
        line.born(A, CHILD + 2, 17);
        line.call(A, "wait4", CHILD, -1, 0, 0, 0);
        assertEquals(List.of(A, B, CHILD, CHILD + 2), line.tracker.observed(), "nothing was lost: its end is still to come");
        line.push(EventType.EVENTS_LOST, 0, 0, null);
        line.call(A, "wait4", CHILD + 2, -1, 0, WUNTRACED, 0);
        line.call(B, "wait4", CHILD, -1, 0, 0, 0);
        assertEquals(List.of(A, B, CHILD, CHILD + 2), line.tracker.observed(), "stopped, or another's number");
        line.call(A, "wait4", CHILD, -1, 0, 0, 0);
        assertEquals(List.of(A, B, CHILD + 2), line.tracker.observed());
        ThreadId next = line.push(EventType.SYS_ENTER, CHILD + 1, A, null).thread;
        assertEquals(A, next.process().tgid());
    }

    /** Until the dump comes to its threads a process has none. */
    @Test
    void aProcessToldOfThatEndsBeforeItsThreadsAreTold() {
        AtomicInteger ended = new AtomicInteger();
        Timeline early = new Timeline(Targets.processes(KTRACE, List.of(A)), ObjectSource.nothing());
        early.tracker.onLastExit(ended::incrementAndGet);
        early.push(EventType.PROCESS_STATE, A, A, new ProcessSnapshot(A, 1, "x", "x"));
        early.push(EventType.SCHED_PROCESS_EXIT, A, A, null);
        assertEquals(List.of(), early.tracker.observed());
        assertEquals(1, ended.get());
    }

    /** A short command need not have left its CPU before it ends: that it will, for the last time, is known without. */
    @Test
    void theFirstSwitchOfATraceMayBeTheLastOfItsOnlyThread() {
        AtomicInteger ended = new AtomicInteger();
        Timeline brief = Timeline.of(A);
        brief.tracker.onLastExit(ended::incrementAndGet);
        brief.event.number = 0;
        brief.push(EventType.START, 0, -1, null);
        brief.push(EventType.SCHED_PROCESS_EXIT, A, A, null);
        assertEquals(0, ended.get(), "it closes its files still");
        brief.event.otherTid = 0;
        brief.event.number = EXITS;
        assertEquals(A, brief.push(EventType.SCHED_SWITCH, A, A, null).thread.tid());
        assertEquals(1, ended.get());
    }

    // -- outsiders -----------------------------------------------------------------------------------------------------------

    private String wokenBy(int outsider) {
        line.blocks(A, "read", 3);
        line.run(outsider);
        String wake = line.wakesIn(0, outsider, outsider, A);
        line.exit(A, "read", 1);
        return wake;
    }

    @Test
    void outsidersThatWakeAreForgottenInTheEnd() {
        line.pipe(77, A, 3, B, 4);
        Census after = storm(i -> wokenBy(40_000 + i % 50_000));
        assertTrue(after.of(ProcessEntry.class) < OUTSIDERS + 10);
    }

    @Test
    void anOutsiderThatIsSeenToEndIsForgottenAtOnce() {
        line.pipe(77, A, 3, B, 4);
        Census after = storm(i -> {
            wokenBy(40_000 + i % 50_000);
            line.push(EventType.SCHED_PROCESS_EXIT, 40_000 + i % 50_000, 40_000 + i % 50_000, null);
        });
        assertTrue(after.of(ProcessEntry.class) < 10);
    }

    /** Who holds the other end, by what /proc tells; their closing is not seen. */
    @Test
    void whatOutsidersHoldIsForgottenWithThem() {
        Census after = storm(i -> {
            int outsider = 40_000 + i % 50_000;
            line.fd(A, 3, ObjectKind.UNIX, "unix:[" + (2 * i + 1) + "]", 2 * i + 1, 2, 2 * i + 2);
            line.fd(outsider, 7, ObjectKind.UNIX, "unix:[" + (2 * i + 2) + "]", 2 * i + 2, 2, 2 * i + 1);
            line.call(A, "close", 0, 3);
        });
        assertTrue(after.of(ProcessEntry.class) < OUTSIDERS + 10);
    }

    @Test
    void thoseWhoMatterAreKeptLongest() {
        line.pipe(77, A, 3, 300, 4);
        wokenBy(300);
        for (int i = 0; i < 3 * OUTSIDERS; i++) {
            wokenBy(40_000 + i);
            if (i % 100 == 0) {
                assertEquals("waker | t300(300) | - | t300(300)", wokenBy(300));
            }
        }
        for (int i = 0; i < 2 * OUTSIDERS; i++) {
            wokenBy(40_000 + i);
        }
        assertEquals("waker | t300(300) | - | -", wokenBy(300));
    }

    @Test
    void childrenThatAreNotFollowedGoWhenTheyAreReaped() {
        Timeline alone = new Timeline(Targets.processes(KTRACE, List.of(A)).withoutChildren(), new NoSource());
        alone.process(A, 1, "p100");
        alone.pipe(77, A, 3, A, 4);
        alone.born(A, CHILD, 17);
        assertEquals("pipe:[77] | c400(400)", alone.blocks(A, "read", 3));
        alone.call(A, "wait4", CHILD, -1, 0, 0, 0);
        assertEquals("pipe:[77] | p100(100)", alone.blocks(A, "read", 3));
        Census after = storm(i -> {
            alone.born(A, number(i), 17);
            if (i % 2 == 0) {
                alone.call(A, "wait4", number(i), -1, 0, 0, 0);
            }
        });
        assertTrue(after.of(ProcessEntry.class) < OUTSIDERS + 10);
    }

    @Test
    void anOutsiderThatIsObservedFromNowOnIsNotForgotten() {
        Timeline told = new Timeline(Targets.processes(KTRACE, List.of(A)).withThoseTold(), ObjectSource.nothing());
        told.process(A, 1, "p100");
        told.fd(B, 4, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_WRONLY);
        told.process(B, 1, "p200");
        told.pipe(78, A, 3, A, 4);
        for (int i = 0; i < 2 * OUTSIDERS; i++) {
            told.blocks(A, "read", 3);
            told.run(40_000 + i);
            told.wakesIn(0, 40_000 + i, 40_000 + i, A);
        }
        assertEquals("pipe:[77]", told.enter(B, "write", 4));
        assertEquals(0, told.count(TraceCounter.UNKNOWN_THREAD));
        assertFalse(told.tracker.observed().isEmpty());
        assertNotSame(null, told.event.thread);
    }
}
