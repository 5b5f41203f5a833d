package ktrace.analysis.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import ktrace.analysis.explain.Explainer;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.linux.Errno;
import org.junit.jupiter.api.Test;

/** In steady state an event allocates nothing. */
class AllocationTest {
    private static final int ROUNDS = 20_000;
    /** A method that is compiled meanwhile may leave some bytes behind, once. */
    private static final int TIMES = 3;

    /** Every kind of event that comes often, over and over, on two threads. */
    private static List<TraceEvent> round() {
        Timeline t = new Timeline();
        Peer other = new Peer(99, "other");
        KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[1]");
        KernelObject socket = Timeline.object(ObjectKind.UNIX, "socket:[1]");
        ThreadId threadA = t.at(0).thread(10, 10);
        ThreadId threadB = t.thread(20, 20);
        t.in(Timeline.CPU_0, threadA).in(Timeline.CPU_1, threadB)
                .at(10).enter(threadA, "getppid").at(11).exit(threadA, "getppid", 1)
                .at(12).enter(threadA, "read", pipe).at(13).out(Timeline.CPU_0, threadA, 'S')
                .at(30).waking(threadA, Evidence.OBJECT, other, e -> e.peers = List.of(other)).migrate(threadA)
                .at(31).in(Timeline.CPU_0, threadA).at(40).exit(threadA, "read", -11)
                .at(41).enter(threadB, "poll", null, 1, 1).at(42).out(Timeline.CPU_1, threadB, 'S')
                .at(50).wakingByGuess(threadB, other, socket).at(51).in(Timeline.CPU_1, threadB).exit(threadB, "poll", 1)
                .at(52).enter(threadB, "recvfrom", socket).exit(threadB, "recvfrom", 10)
                .at(60).out(Timeline.CPU_0, threadA, 'R').out(Timeline.CPU_1, threadB, 'D')
                .at(70);
        t.waking(threadB, Evidence.INTERRUPT, null);
        // Both threads of a process wait for the same pipe, and each is woken by two threads.
        ThreadId threadC = t.thread(10, 11);
        for (ThreadId thread : List.of(threadA, threadC)) {
            for (int waker = 201; waker < 203; waker++) {
                Waker by = new Waker(null, waker, "w", other);
                t.in(Timeline.CPU_0, thread).enter(thread, "read", pipe).out(Timeline.CPU_0, thread, 'S').at(80)
                        .waking(thread, Evidence.OBJECT, other, e -> e.waker = by);
            }
        }
        return t.events;
    }

    @Test
    void nothingIsAllocatedPerEvent() {
        nothingIsAllocatedBy(new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), s -> { }));
    }

    @Test
    void norWhereWaitsAreExplained() {
        nothingIsAllocatedBy(new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), s -> { },
                new Explainer(Timeline.SYSCALLS)));
    }

    private static void nothingIsAllocatedBy(ProcessShard shard) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        TraceEvent[] round = round().toArray(TraceEvent[]::new);
        long startNs = play(shard, round, 0);
        long self = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TIMES && least > 0; i++) {
            long before = threads.getThreadAllocatedBytes(self);
            long between = threads.getThreadAllocatedBytes(self);
            startNs = play(shard, round, startNs);
            long after = threads.getThreadAllocatedBytes(self);
            least = Math.min(least, after - between - (between - before));
        }
        assertEquals(0, least);
    }

    private static long play(ProcessShard shard, TraceEvent[] round, long startNs) {
        long roundNs = startNs;
        for (int i = 0; i < ROUNDS; i++) {
            for (TraceEvent event : round) {
                long timeNs = event.timeNs;
                event.timeNs += roundNs;
                long enteredNs = event.enteredNs;
                if (enteredNs != TraceEvent.UNKNOWN_NS) {
                    event.enteredNs += roundNs;
                }
                shard.onEvent(event);
                event.timeNs = timeNs;
                event.enteredNs = enteredNs;
            }
            roundNs += 100;
        }
        return roundNs;
    }
}
