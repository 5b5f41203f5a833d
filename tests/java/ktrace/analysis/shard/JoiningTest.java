package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.StateTimes;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounter;
import org.junit.jupiter.api.Test;

/** What keeps memory bounded: whatever comes and goes without end is summed up, and nothing of it is lost. */
class JoiningTest {
    private static final int PID = 10;
    private static final Limits LIMITS = new Limits(16, 8, 8, 40, 8, 2);
    private final Timeline t = new Timeline();
    private final ThreadId threadA = t.at(0).thread(PID, PID);
    private long nowNs;

    private Replay played() {
        t.at(nowNs).end();
        return new Replay(t.events, LIMITS, true);
    }

    private void waitOn(ThreadId thread, KernelObject object, long lengthNs) {
        t.at(nowNs).enter(thread, "recvfrom", object).out(CPU_0, thread, 'S').at(nowNs += lengthNs)
                .waking(thread, Evidence.OBJECT, new Peer((int) nowNs, "client")).in(CPU_0, thread)
                .exit(thread, "recvfrom", 1);
    }

    /** A server that waits for each of its clients once, but for one that stays. */
    @Test
    void objectsWithoutEndAreSummedUp() {
        KernelObject stays = Timeline.object(ObjectKind.TCP, "tcp stays");
        t.in(CPU_0, threadA);
        for (int i = 0; i < 1000; i++) {
            waitOn(threadA, i == 5 ? stays : Timeline.object(ObjectKind.TCP, "tcp " + i), i == 5 ? 5000 : 10);
        }
        Replay replay = played();
        List<WaitSummary> waits = replay.waits(PID);
        assertTrue(waits.size() <= LIMITS.waits() + 1, "rows: " + waits.size());
        assertEquals(1000, waits.stream().mapToLong(WaitSummary::count).sum());
        assertEquals(replay.states(PID).blockedNs(), waits.stream().mapToLong(WaitSummary::totalNs).sum());
        WaitSummary others = waits.stream().filter(w -> w.object().equals("(other tcp)")).findFirst().orElseThrow();
        assertEquals(null, others.waker());
        assertEquals(10, others.p50Ns());
        assertTrue(waits.stream().anyMatch(w -> w.object().equals("tcp stays")), "the greatest is kept");
        assertTrue(waits.stream().anyMatch(w -> w.object().equals("tcp 999")), "the newest is kept");
        assertTrue(replay.counter(TraceCounter.ROWS_JOINED) >= 900);
    }

    @Test
    void threadsWithoutEndAreSummedUp() {
        t.in(CPU_0, threadA);
        for (int i = 0; i < 100; i++) {
            ThreadId worker = t.at(nowNs).thread(PID, 1000 + i);
            t.fork(threadA, worker, 0x10000, "worker").switched(CPU_0, threadA, 'R', worker)
                    .at(nowNs += 10).exits(worker).out(CPU_0, worker, 'Z').in(CPU_0, threadA);
        }
        Replay replay = played();
        ProcessSummary process = replay.process(PID);
        assertTrue(process.threads().size() <= LIMITS.endedThreads() + 2, "rows: " + process.threads().size());
        ThreadSummary joined = process.threads().getFirst();
        assertEquals(0, joined.tid());
        assertEquals(1000, process.states().runningNs());
        assertEquals(1000, process.states().runnableNs());
        assertEquals(process.states(), process.threads().stream().map(ThreadSummary::states)
                .reduce(StateTimes.NONE, StateTimes::plus));
        assertEquals(100 - (process.threads().size() - 2), replay.counter(TraceCounter.ROWS_JOINED));
    }

    /** The short-lived processes of a build become one entry for each name. */
    @Test
    void processesWithoutEndAreSummedUpByName() {
        for (int i = 0; i < 100; i++) {
            ThreadId compiler = t.at(nowNs).thread(1000 + i, 1000 + i);
            t.fork(null, compiler, 0, i % 2 == 0 ? "cc1" : "as").in(CPU_0, compiler);
            waitOn(compiler, Timeline.object(ObjectKind.PIPE, "pipe:[" + i + "]"), 10);
            t.at(nowNs += 7).exited(compiler);
            if (i % 30 == 0) {
                t.interval();
            }
        }
        Replay replay = played();
        List<ProcessSummary> joined = replay.end().processes().stream().filter(p -> p.pid() == 0).toList();
        assertEquals(List.of("as", "cc1"), joined.stream().map(ProcessSummary::comm).sorted().toList());
        assertTrue(replay.end().processes().size() <= LIMITS.endedProcesses() + 3);
        long inOneRow = joined.stream().mapToLong(p -> p.syscalls().getFirst().calls()).sum();
        assertEquals(replay.end().processes().size() - 2, 100 - inOneRow);
        assertEquals(inOneRow + " processes that have ended", joined.stream().mapToLong(
                p -> Long.parseLong(p.cmdline().substring(1, p.cmdline().indexOf(' ')))).sum() + " processes that have ended");
        StateTimes all = replay.end().processes().stream().map(ProcessSummary::states).reduce(StateTimes.NONE, StateTimes::plus);
        assertEquals(700, all.runningNs());
        assertEquals(1000, all.ipcNs());
        for (ProcessSummary p : joined) {
            assertTrue(p.startNs() > 0 && p.startNs() < p.exitNs());
            assertEquals(p.states(), p.threads().getFirst().states());
            assertEquals(p.states().blockedNs(), p.waits().stream().mapToLong(WaitSummary::totalNs).sum());
        }
    }

    /** Few threads of each are kept while many are kept of all; what is summed up by name makes room. */
    @Test
    void threadsOfEndedProcessesAreBoundedInAll() {
        for (int pid = 1000; pid < 1600; pid += 100) {
            for (int tid = pid; tid <= pid + 20; tid++) {
                t.at(nowNs).rename(t.thread(pid, tid), "t");
            }
            t.at(nowNs += 10);
            for (int tid = pid; tid <= pid + 20; tid++) {
                int number = tid;
                t.exited(t.events.reversed().stream().map(e -> e.thread).filter(x -> x != null && x.tid() == number).findFirst()
                        .orElseThrow());
            }
        }
        t.at(nowNs).end();
        Replay replay = new Replay(t.events, new Limits(16, 8, 100, 100, 4, 2), true);
        assertEquals(List.of(0, 1000, 1100, 1500), replay.end().processes().stream().map(ProcessSummary::pid).toList());
        assertEquals(List.of(1, 21, 21, 21), replay.end().processes().stream().map(p -> p.threads().size()).toList());
        // Five threads of the fifth process, and three processes.
        assertEquals(5 + 3, replay.counter(TraceCounter.ROWS_JOINED));
    }

    /** Beyond so many names, one for all the others. */
    @Test
    void namesWithoutEndAreSummedUpToo() {
        for (int i = 0; i < 100; i++) {
            ThreadId process = t.at(nowNs).thread(1000 + i, 1000 + i);
            t.fork(null, process, 0, "p" + i).in(CPU_0, process).at(nowNs += 7).exited(process);
        }
        List<ProcessSummary> joined = played().end().processes().stream().filter(p -> p.pid() == 0).toList();
        assertEquals(LIMITS.endedNames() + 1, joined.size());
        assertTrue(joined.stream().anyMatch(p -> p.comm().equals("(other)")));
    }

    /** A million processes one after the other: the shard keeps only so many, whether or not there are intervals. */
    @Test
    void memoryStaysBounded() {
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, nr -> "E", new ktrace.event.TraceCounters(), s -> { },
                new Limits(64, 16, 16, 64, 64, 8));
        long before = usedBytes();
        for (int round = 0; round < 200_000; round++) {
            Timeline one = new Timeline();
            int pid = 2 + round % 30_000;
            ThreadId thread = new ThreadId(pid, new ktrace.event.ProcessId(pid, 1, round * 100L, round), round * 100L, round);
            one.at(round * 100L).fork(null, thread, 0, "short").in(CPU_0, thread).enter(thread, "read")
                    .at(round * 100L + 50).exit(thread, "read", 0).exited(thread);
            one.events.forEach(shard::onEvent);
        }
        long keptBytes = usedBytes() - before;
        assertTrue(keptBytes < 8 << 20, "kept " + keptBytes);
        shard.onEvent(new Timeline().at(1L << 40).end().events.getFirst());
    }

    static long usedBytes() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
