package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.analysis.Interrupts;
import ktrace.analysis.ProcessSummary;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** Rows say what the interrupts came of: the results of calls tell of some, the object of the others. */
class InterruptRowsTest {
    private static final int PID = 10;
    private final Timeline t = new Timeline();
    private final ThreadId thread = t.at(0).thread(PID, PID);
    private final KernelObject far = new KernelObject(ObjectKind.TCP, "tcp 10.0.0.1:5000→10.0.0.2:80", 1);
    private long nowNs;

    private void receives(KernelObject socket, Interrupt told) {
        t.at(nowNs).in(CPU_0, thread).enter(thread, "recvfrom", socket).at(nowNs + 10).out(CPU_0, thread, 'S')
                .at(nowNs + 60).waking(thread, Evidence.INTERRUPT, null).at(nowNs + 70).in(CPU_0, thread);
        t.exit(thread, "recvfrom", told);
        nowNs += 100;
    }

    private static List<Interrupts> interrupts(ProcessSummary process) {
        return process.waits().stream().filter(w -> w.evidence() == Evidence.INTERRUPT).map(w -> w.interrupts()).toList();
    }

    @Test
    void ofOneConnectionWhatCameAndWhatDidNot() {
        receives(far, null);
        receives(far, Interrupt.TIMED_OUT);
        receives(far, null);
        receives(far, Interrupt.UNKNOWN);
        t.at(nowNs).end();
        assertEquals(List.of(new Interrupts(1, 0, 0, 2, "10.0.0.2:80")), interrupts(t.play().process(PID)));
    }

    @Test
    void fromThisMachineItIsNotTheNetwork() {
        receives(new KernelObject(ObjectKind.TCP, "tcp 127.0.0.1:5000→127.0.0.1:80", 1), null);
        receives(new KernelObject(ObjectKind.UDP, "udp 10.0.0.1:53", 2), null);
        t.at(nowNs).end();
        assertEquals(List.of(Interrupts.NONE, Interrupts.NONE), interrupts(t.play().process(PID)));
    }

    /** A window has ended between the wake-up and the return. */
    @Test
    void theReturnMayComeInTheNextWindow() {
        t.at(0).in(CPU_0, thread).enter(thread, "recvfrom", far).at(10).out(CPU_0, thread, 'S').at(60)
                .waking(thread, Evidence.INTERRUPT, null).at(65).interval().at(70).in(CPU_0, thread);
        t.exit(thread, "recvfrom", Interrupt.TIMED_OUT).at(100).end();
        Replay replay = t.play();
        assertEquals(List.of(new Interrupts(1, 0, 0, 0, null)), interrupts(replay.process(PID)));
    }

    @Test
    void whatIsJoinedKeepsItsCounts() {
        Interrupts sum = new Interrupts(1, 0, 0, 2, "10.0.0.2:80").plus(new Interrupts(0, 2, 3, 1, "10.0.0.3:80"));
        assertEquals(new Interrupts(1, 2, 3, 3, null), sum);
        assertEquals(Interrupt.UNKNOWN, sum.ofAll(9));
        assertEquals(Interrupt.DISK, new Interrupts(0, 0, 3, 0, null).ofAll(3));
        assertEquals(Interrupt.UNKNOWN, new Interrupts(0, 0, 3, 0, null).ofAll(4));
        assertEquals(Interrupt.UNKNOWN, Interrupts.NONE.ofAll(0));
    }
}
