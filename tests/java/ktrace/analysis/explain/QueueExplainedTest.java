package ktrace.analysis.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ktrace.analysis.Cause;
import ktrace.analysis.Explanation;
import ktrace.analysis.shard.Timeline;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** What the time in the queue for a CPU is explained by. */
class QueueExplainedTest {
    private static final int A = 10;
    private static final int B = 20;
    private static final int STRANGER = 88;
    private final Timeline t = new Timeline();
    private final ThreadId a = t.at(0).thread(A, A);
    private final ThreadId b = t.thread(B, B);

    /** Own time in the queue by who had the CPU. */
    private Map<String, Long> queued(int pid) {
        Map<String, Long> parts = new TreeMap<>();
        for (Explanation e : ExplainingTest.explanations(t.events)) {
            if (e.own() && e.cause() == Cause.QUEUE && e.waiter().tgid() == pid) {
                parts.merge(e.waker() == null ? "nobody known" : e.waker().comm() + "(" + e.waker().pid() + ")", e.ns(), Long::sum);
            }
        }
        return parts;
    }

    /** That is a part of the queue, and the rest is explained as ever. */
    @Test
    void whoIsBoundToABusyCpuIsSoWhileOthersIdle() {
        KernelObject cpu = new KernelObject(ObjectKind.OTHER, "CPU 0", 0);
        t.in(Timeline.CPU_0, a).at(10).switched(Timeline.CPU_0, a, 'R', b).at(60).push(EventType.SCHED_SWITCH, b, e -> {
            e.cpu = Timeline.CPU_0;
            e.tid = B;
            e.number = 0x100;
            e.otherThread = a;
            e.otherTid = A;
            e.pinnedTo = cpu;
            e.idleElsewhereNs = 30;
        }).at(90).end();
        List<Explanation> own = ExplainingTest.explanations(t.events).stream().filter(e -> e.own() && e.waiter().tgid() == A).toList();
        assertEquals(30, own.stream().filter(e -> e.object() == cpu && e.cause() == Cause.QUEUE).mapToLong(Explanation::ns).sum());
        assertEquals(50, own.stream().filter(e -> e.cause() == Cause.QUEUE).mapToLong(Explanation::ns).sum());
        assertEquals(90, own.stream().mapToLong(Explanation::ns).sum());
    }

    /** Whoever was on the CPU did not get on either; the rest is theirs. */
    @Test
    void whatTheHypervisorTookIsNobodysOnThisMachine() {
        t.in(Timeline.CPU_0, a).at(10).switched(Timeline.CPU_0, a, 'R', b).at(60).push(EventType.SCHED_SWITCH, b, e -> {
            e.cpu = Timeline.CPU_0;
            e.tid = B;
            e.number = 0x100;
            e.arg0 = Comm.pack("p", 0);
            e.otherThread = a;
            e.otherTid = A;
            e.stolenNs = 30;
        }).at(90).end();
        assertEquals(Map.of("the hypervisor(0)", 30L, "p(20)", 20L), queued(A));
    }

    /** {@code prev} leaves its CPU to {@code next}, either of which may be null: a thread of {@code yes} that is not observed. */
    private Timeline turns(ThreadId prev, ThreadId next) {
        return t.push(EventType.SCHED_SWITCH, prev, e -> {
            e.cpu = Timeline.CPU_0;
            e.tid = prev == null ? STRANGER : prev.tid();
            e.tgid = prev == null ? STRANGER - 1 : prev.process().tgid();
            e.number = 0x100;
            e.arg0 = Comm.pack(prev == null ? "yes" : "p", 0);
            e.arg1 = 0;
            e.otherThread = next;
            e.otherTid = next == null ? STRANGER : next.tid();
            e.comm0 = 0;
        });
    }

    @Test
    void whoHadTheCpuWhileAThreadWasReadyIsTold() {
        t.in(Timeline.CPU_0, a).at(10);
        turns(a, b).at(40);
        turns(b, null).at(60);
        turns(null, a).at(90).end();
        assertEquals(Map.of("p(20)", 30L, "yes(87)", 20L), queued(A));
    }

    /** As where only switches are told that concern a thread: between these others may have come and gone. */
    @Test
    void whoWasThereLastDidNotHaveTheCpuAllTheTime() {
        t.in(Timeline.CPU_0, a).at(10);
        turns(a, b).at(80);
        turns(null, a).at(90).end();
        assertEquals(Map.of("nobody known", 70L), queued(A));
    }

    @Test
    void whoHasRunSinceEventsWereLostIsNotKnown() {
        t.in(Timeline.CPU_0, a).at(10).switched(Timeline.CPU_0, a, 'R', b).at(20).lost().at(30).in(Timeline.CPU_0, a).at(35)
                .switched(Timeline.CPU_0, a, 'R', b).at(40).switched(Timeline.CPU_0, b, 'R', a).at(90).end();
        assertEquals(Map.of("(20)", 5L, "nobody known", 10L), queued(A));
    }
}
