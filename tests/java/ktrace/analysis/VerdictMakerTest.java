package ktrace.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.Verdict.Bottleneck;
import ktrace.analysis.Verdict.Confidence;
import ktrace.analysis.Verdict.Part;
import ktrace.analysis.Verdict.Share;
import ktrace.analysis.graph.Graph;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/** What explanations come to. */
class VerdictMakerTest {
    private static final long DURATION = 1000;
    private final ProcessId client = new ProcessId(10, 1, 0, 0);
    private final ProcessId server = new ProcessId(20, 1, 0, 1);
    private final ThreadId worker = new ThreadId(21, server, 0, 0);
    private final ThreadId other = new ThreadId(22, server, 0, 1);
    private final List<Explanation> explanations = new ArrayList<>();
    private final List<Computing> computing = new ArrayList<>();

    private void own(ProcessId process, Cause cause, long ns) {
        explanations.add(new Explanation(process, null, null, cause, true, null, ns, ns));
    }

    private void waited(ThreadId end, Cause cause, long ns, long sureNs) {
        explanations.add(new Explanation(client, end, new Waker(end, end.tid(), "t" + end.tid(), new Peer(20, "server")), cause, false, null, ns,
                sureNs));
    }

    private Verdict make(boolean lost) {
        return new VerdictMaker(new ExplainedSoFar(explanations, Graph.NONE, List.of(), computing), List.of(new ProcessSummary(10, 1, "client", "", 0, null, List.of(), StateTimes.NONE,
                List.of(), List.of()))).make(DURATION, lost);
    }

    private Bottleneck bottleneck() {
        return make(false).bottleneck();
    }

    @Test
    void itIsTheProcessThatOthersWaitedForMost() {
        own(client, Cause.COMPUTES, 900);
        waited(worker, Cause.COMPUTES, 60, 60);
        waited(worker, Cause.QUEUE, 30, 30);
        waited(other, Cause.DISK, 10, 10);
        assertEquals(new Bottleneck(20, "server", 21, "t21",
                List.of(new Part(Cause.COMPUTES, 60), new Part(Cause.QUEUE, 30), new Part(Cause.DISK, 10)), null, "", 100, 1.0,
                Confidence.SURE), bottleneck());
    }

    @Test
    void theGroupIsNamedWhoseQuotaHoldsItBack() {
        explanations.add(new Explanation(server, null, null, Cause.THROTTLED, true, new KernelObject(ObjectKind.OTHER, "/small", 0), 70,
                70));
        waited(worker, Cause.THROTTLED, 60, 60);
        assertEquals("/small", bottleneck().cgroup());
        assertEquals("/small", make(false).why().getFirst().shares().getFirst().cgroup());
    }

    /** It could have run for most of the time that it stood in the queue, or only for a small part of it. */
    @Test
    void theCpusAreNamedThatItIsBoundToWhileOthersIdle() {
        explanations.add(new Explanation(server, null, null, Cause.QUEUE, true, new KernelObject(ObjectKind.OTHER, "CPU 0", 0), 70, 70));
        own(server, Cause.QUEUE, 60);
        waited(worker, Cause.QUEUE, 60, 60);
        assertEquals("CPU 0", bottleneck().affinity());
        own(server, Cause.QUEUE, 20);
        assertEquals("", bottleneck().affinity());
    }

    @Test
    void ofSeveralThreadsAlikeNoneIsNamed() {
        waited(worker, Cause.COMPUTES, 50, 50);
        waited(other, Cause.COMPUTES, 50, 50);
        assertEquals(0, bottleneck().tid());
        assertEquals("", bottleneck().threadComm());
    }

    /** A shell waits for one after the other: none of them is it, and all of them are. */
    @Test
    void severalOfOneNameAreToldOfTogether() {
        for (int pid = 30; pid < 40; pid++) {
            waited(process(pid, "cc1"), Cause.COMPUTES, pid, pid);
        }
        Waker ld = process(50, "ld");
        waited(ld, Cause.DISK, 100, 100);
        assertEquals(new Bottleneck(39, "cc1", 10, 0, "", List.of(new Part(Cause.COMPUTES, 345)), null, "", "", "", 345, 345.0 / 445,
                Confidence.SURE), bottleneck());
        waited(ld, Cause.DISK, 250, 250);
        assertEquals("ld", bottleneck().comm(), "for which others waited longer than for all of those");
        assertEquals(1, bottleneck().processes());
    }

    @Test
    void oneThatIsMostOfAllOfItsNameIsToldOfAlone() {
        waited(process(30, "sh"), Cause.COMPUTES, 300, 300);
        waited(process(31, "sh"), Cause.COMPUTES, 200, 200);
        assertEquals(30, bottleneck().pid());
        assertEquals(List.of(1, 300L), List.of(bottleneck().processes(), bottleneck().ns()));
    }

    private void waited(Waker end, Cause cause, long ns, long sureNs) {
        explanations.add(new Explanation(client, end.thread(), end, cause, false, null, ns, sureNs));
    }

    private static Waker process(int pid, String comm) {
        ThreadId thread = new ThreadId(pid, new ProcessId(pid, 1, 0, pid), 0, pid);
        return new Waker(thread, pid, comm, new Peer(pid, comm));
    }

    @Test
    void thereIsNoneWhereNobodyKeepsOthersWaiting() {
        own(client, Cause.COMPUTES, 900);
        waited(worker, Cause.IDLE, 800, 800);
        waited(worker, Cause.OUTSIDE, 800, 800);
        waited(worker, Cause.COMPUTES, 49, 49);
        assertNull(bottleneck(), "idleness, what comes from outside, and less than a twentieth of the time");
    }

    @Test
    void howSureItIs() {
        waited(worker, Cause.COMPUTES, 100, 96);
        assertEquals(Confidence.SURE, bottleneck().confidence());
        waited(worker, Cause.COMPUTES, 100, 80);
        assertEquals(Confidence.LIKELY, bottleneck().confidence());
        assertEquals(Confidence.WEAK, make(true).bottleneck().confidence());
        waited(worker, Cause.UNKNOWN, 100, 0);
        assertEquals(Confidence.WEAK, bottleneck().confidence());
    }

    @Test
    void sharesAddUpAndTheGreatestComesFirst() {
        own(client, Cause.COMPUTES, 40);
        waited(worker, Cause.COMPUTES, 60, 60);
        explanations.add(new Explanation(client, null, null, Cause.OUTSIDE, false, null, 10, 0));
        explanations.add(new Explanation(null, null, null, Cause.COMPUTES, true, null, 1, 1));
        assertEquals(List.of(new Verdict.Why(10, "client", 0, 110, List.of(new Share(20, "server", 21, Cause.COMPUTES, null, 60),
                new Share(10, "client", 0, Cause.COMPUTES, null, 40), new Share(0, "", 0, Cause.OUTSIDE, null, 10)))), make(false).why());
    }
}
