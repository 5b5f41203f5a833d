package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static ktrace.analysis.shard.Timeline.CPU_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.analysis.ProcessSummary;
import ktrace.analysis.StateTimes;
import ktrace.analysis.WaitSummary;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounter;
import org.junit.jupiter.api.Test;

/**
 * Each transition of the state machine, drawn as it was: {@code =} running, {@code r} runnable, {@code .} blocked, {@code ?}
 * unknown. The states of THREAD_A are given as running, runnable, blocked, unknown.
 */
class SchedulingTest {
    private static final int PID = 10;
    private static final Peer OTHER = new Peer(99, "other");
    private final Timeline t = new Timeline();
    private final ThreadId threadA = t.at(0).thread(PID, PID);
    private final ThreadId threadB = t.at(0).thread(20, 20);

    private Replay states(long running, long runnable, long blocked, long unknown) {
        Replay replay = t.play();
        StateTimes s = replay.states(PID);
        assertEquals("%d %d %d %d".formatted(running, runnable, blocked, unknown),
                "%d %d %d %d".formatted(s.runningNs(), s.runnableNs(), s.blockedNs(), s.unknownNs()));
        return replay;
    }

    private static void counted(Replay replay, TraceCounter counter, long times) {
        assertEquals(times, replay.counter(counter), counter.name());
    }

    /** <pre>A ??|=====|rrr|==|</pre> */
    @Test
    void preemptedThreadIsRunnable() {
        t.at(20).in(CPU_0, threadA).at(70).out(CPU_0, threadA, 'R').at(100).in(CPU_0, threadA).at(120).end();
        StateTimes s = states(70, 30, 0, 20).states(PID);
        assertEquals(1, s.switchesInvoluntary());
        assertEquals(0, s.switchesVoluntary());
    }

    /** <pre>A ??|==|....|rr|=|   woken by another, in 10, 30, 70, 90, 100</pre> */
    @Test
    void blockedThreadIsRunnableFromTheWakingOn() {
        t.at(10).in(CPU_0, threadA).at(30).out(CPU_0, threadA, 'S').at(70).waking(threadA, Evidence.WAKER, OTHER)
                .at(90).in(CPU_1, threadA).at(100).end();
        Replay replay = states(30, 20, 40, 10);
        assertEquals(1, replay.states(PID).switchesVoluntary());
        assertEquals(1, replay.waits(PID).getFirst().count());
        counted(replay, TraceCounter.MISSED_WAKEUP, 0);
        counted(replay, TraceCounter.STATE_CORRECTED, 0);
    }

    /** <pre>A ?|====|   wakings at 20 and 30 come too early, the one at 50 too late</pre> */
    @Test
    void onlyABlockedThreadIsWoken() {
        t.at(10).in(CPU_0, threadA).at(20).waking(threadA, Evidence.WAKER, OTHER).at(40).out(CPU_0, threadA, 'R')
                .at(50).waking(threadA, Evidence.WAKER, OTHER).at(60).in(CPU_0, threadA).at(70).end();
        Replay replay = states(40, 20, 0, 10);
        assertEquals(0, replay.waits(PID).size());
    }

    /** The second waking of one wait says nothing any more. */
    @Test
    void theFirstWakingEndsTheWait() {
        t.at(0).in(CPU_0, threadA).at(10).out(CPU_0, threadA, 'S').at(20).waking(threadA, Evidence.OBJECT, OTHER)
                .at(30).waking(threadA, Evidence.WAKER, new Peer(98, "late")).at(40).end();
        Replay replay = states(10, 20, 10, 0);
        assertEquals(Timeline.mainThread(OTHER), replay.waits(PID).getFirst().waker());
    }

    /** An interrupt on the CPU that A is about to leave is not A waking itself. */
    @Test
    void nobodyWakesHimself() {
        t.at(0).in(CPU_0, threadA).at(10).out(CPU_0, threadA, 'S').at(20).waking(threadA, Evidence.WAKER, new Peer(PID, "a"))
                .at(30).end();
        states(10, 0, 20, 0);
    }

    /** <pre>A |=|......|==|   no waking: blocked until it runs, ended by nobody seen</pre> */
    @Test
    void missedWakeupEndsTheWaitAtTheSwitch() {
        t.at(0).in(CPU_0, threadA).at(10).out(CPU_0, threadA, 'S').at(70).in(CPU_0, threadA).at(90).end();
        Replay replay = states(30, 0, 60, 0);
        WaitSummary wait = replay.waits(PID).getFirst();
        assertEquals(Evidence.NONE, wait.evidence());
        assertEquals(1, wait.count());
        assertEquals(60, wait.maxNs());
        counted(replay, TraceCounter.MISSED_WAKEUP, 1);
        counted(replay, TraceCounter.STATE_CORRECTED, 0);
    }

    /** A system call of a blocked thread: neither its waking nor its switch was seen. */
    @Test
    void blockedThreadFoundAtWorkMissedItsWakeup() {
        t.at(0).in(CPU_0, threadA).at(10).out(CPU_0, threadA, 'S').at(50).enter(threadA, "getppid").at(60).end();
        Replay replay = states(20, 0, 40, 0);
        counted(replay, TraceCounter.MISSED_WAKEUP, 1);
        counted(replay, TraceCounter.STATE_CORRECTED, 0);
    }

    @Test
    void runnableThreadFoundAtWorkIsCorrected() {
        t.at(0).in(CPU_0, threadA).at(10).out(CPU_0, threadA, 'R').at(50).enter(threadA, "getppid").at(60).end();
        Replay replay = states(20, 40, 0, 0);
        counted(replay, TraceCounter.STATE_CORRECTED, 1);
    }

    /** <pre>A |==|??????|==|
     * B    |====|         on A's CPU</pre> */
    @Test
    void runningThreadWhoseCpuIsTakenIsUnknown() {
        t.at(0).in(CPU_0, threadA).at(20).in(CPU_0, threadB).at(60).out(CPU_0, threadB, 'R').at(80).in(CPU_0, threadA)
                .at(100).end();
        Replay replay = states(40, 0, 0, 60);
        counted(replay, TraceCounter.STATE_CORRECTED, 1);
    }

    @Test
    void runningThreadWhoseCpuMakesAnothersCallIsUnknown() {
        t.at(0).in(CPU_0, threadA).at(20).enter(threadB, "getppid").at(60).end();
        counted(states(20, 0, 0, 40), TraceCounter.STATE_CORRECTED, 1);
    }

    /** The scheduler moves only what does not run. */
    @Test
    void runningThreadThatIsMovedIsUnknown() {
        t.at(0).in(CPU_0, threadA).at(20).migrate(threadA).at(60).in(CPU_1, threadA).at(100).end();
        Replay replay = states(60, 0, 0, 40);
        assertEquals(1, replay.states(PID).migrations());
        counted(replay, TraceCounter.STATE_CORRECTED, 1);
    }

    @Test
    void runnableThreadIsMovedAsAMatterOfCourse() {
        t.at(0).in(CPU_0, threadA).at(20).out(CPU_0, threadA, 'R').at(30).migrate(threadA).at(60).in(CPU_1, threadA)
                .at(100).end();
        Replay replay = states(60, 40, 0, 0);
        assertEquals(1, replay.states(PID).migrations());
        counted(replay, TraceCounter.STATE_CORRECTED, 0);
    }

    /** <pre>A |==|rrr|=|   born at 0 at the parent's hand, first switched in at 30</pre> */
    @Test
    void newThreadIsRunnableFromItsBirth() {
        t.at(0).fork(threadB, threadA, 0, "child").at(5).wakeupNew(threadA).at(30).in(CPU_0, threadA).at(40).end();
        states(10, 30, 0, 0);
    }

    /** <pre>A |==|....|??????|=|   what is lost puts every thread in doubt until its next event</pre> */
    @Test
    void lossMakesUnknown() {
        t.at(0).in(CPU_0, threadA).in(CPU_1, threadB).at(20).out(CPU_0, threadA, 'S').at(60).lost()
                .at(90).in(CPU_0, threadA).at(100).end();
        Replay replay = states(30, 0, 40, 30);
        WaitSummary wait = replay.waits(PID).getFirst();
        assertEquals(0, wait.count());
        assertEquals(40, wait.totalNs());
        assertEquals(40, replay.states(20).unknownNs());
        counted(replay, TraceCounter.MISSED_WAKEUP, 0);
    }

    /** <pre>A ??|rr|=|   a waking of a thread of which nothing was known</pre> */
    @Test
    void wakingOfAnUnknownThreadMakesItRunnable() {
        t.at(20).waking(threadA, Evidence.WAKER, OTHER).at(50).in(CPU_0, threadA).at(60).end();
        Replay replay = states(10, 30, 0, 20);
        assertEquals(0, replay.waits(PID).size());
    }

    /** The path of an open, and a descriptor that came as a surprise, are looked up when the thread blocks. */
    @Test
    void objectKnownOnlyAtTheSwitchDecidesTheReason() {
        KernelObject fifo = Timeline.object(ObjectKind.FIFO, "/tmp/fifo");
        t.at(0).in(CPU_0, threadA).enter(threadA, "openat").at(10).out(CPU_0, threadA, 'S', fifo);
        t.at(60).waking(threadA, Evidence.OBJECT, OTHER).in(CPU_0, threadA).at(70).exit(threadA, "openat", 3)
                .enter(threadA, "getppid").out(CPU_0, threadA, 'S').at(90).end();
        Replay replay = states(20, 0, 70, 0);
        assertEquals(50, replay.states(PID).ipcNs());
        assertEquals("/tmp/fifo", replay.waits(PID).getFirst().object());
        assertEquals(ObjectKind.FIFO, replay.waits(PID).getFirst().kind());
    }

    /** Its last switch, after its exit, is not part of its life. */
    @Test
    void observationEndsAtTheExit() {
        t.at(0).in(CPU_0, threadA).at(30).exited(threadA).at(40).out(CPU_0, threadA, 'Z').at(90).end();
        Replay replay = states(30, 0, 0, 0);
        assertEquals(30L, replay.process(PID).exitNs());
    }

    /** Its exit was lost, but a thread in state X or Z is never switched in again. */
    @Test
    void deadlySwitchEndsAThreadWhoseExitWasNotSeen() {
        t.at(0).in(CPU_0, threadA).at(30).out(CPU_0, threadA, 'Z').at(90).end();
        assertEquals(30L, states(30, 0, 0, 0).process(PID).exitNs());
    }

    /** A number used again before the end of its former owner was seen. */
    @Test
    void numberUsedAgainEndsItsFormerOwner() {
        t.at(0).in(CPU_0, threadA).at(40);
        t.forget(PID);
        ThreadId again = t.thread(PID, PID);
        t.fork(threadB, again, 0, "again").at(100).end();
        Replay replay = t.play();
        assertEquals(2, replay.end().processes().stream().filter(p -> p.pid() == PID).count());
        ProcessSummary former = replay.process(PID);
        assertEquals(40L, former.exitNs());
        assertEquals(40, former.states().runningNs());
    }

    /** ptrace sees calls and nothing of the scheduler: between two calls a thread may run, or wait, or neither. */
    @Test
    void withoutSchedulerEventsAllIsUnknown() {
        t.at(10).enter(threadA, "read").at(50).exit(threadA, "read", 1).at(60).exited(threadA).at(70).end();
        states(0, 0, 0, 60);
    }

    @Test
    void processEndsWithItsLastThread() {
        ThreadId second = t.at(0).thread(PID, 11);
        t.in(CPU_0, threadA).in(CPU_1, second).at(30).exited(threadA).at(50).exited(second).at(60).end();
        Replay replay = states(80, 0, 0, 0);
        assertEquals(50L, replay.process(PID).exitNs());
        assertEquals(2, replay.process(PID).threads().size());
    }

    @Test
    void commFollowsRenameAndExecAndSwitch() {
        t.at(0).rename(threadA, "sh").at(5).exec(threadA, threadA, "/usr/bin/sort");
        t.switched(CPU_0, null, 'R', threadB).push(EventType.SCHED_SWITCH, null, e -> {
            e.cpu = CPU_1;
            e.otherThread = threadB;
            e.comm0 = 'b';
        }).at(9).end();
        Replay replay = t.play();
        assertEquals("sort", replay.process(PID).comm());
        assertEquals("/usr/bin/sort", replay.process(PID).cmdline());
        assertEquals("b", replay.process(20).comm());
    }

    /** As with -a, when one ends while the others are being told of: its exit is the first that is heard of it. */
    @Test
    void whoIsFirstHeardOfAtItsExitHasAName() {
        t.at(0).push(EventType.START, null, e -> { }).at(3).push(EventType.SCHED_PROCESS_EXIT, threadA, e -> {
            e.cpu = CPU_0;
            e.comm0 = 'b';
        }).at(5).out(CPU_0, threadA, 'X').at(9).end();
        Replay replay = t.play();
        assertEquals("b", replay.process(PID).comm());
        assertEquals(5L, replay.process(PID).exitNs());
    }

    /** The description may come before any thread of the process. */
    @Test
    void cmdlineComesFromTheProcessState() {
        t.at(0).processState(null, PID, "postgres", "postgres -D /data").at(1).threadState(threadA, 'R', null, null).end();
        ProcessSummary process = t.play().process(PID);
        assertEquals("postgres -D /data", process.cmdline());
        assertEquals(7, process.ppid());
    }
}
