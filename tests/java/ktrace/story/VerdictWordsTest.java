package ktrace.story;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.Cause;
import ktrace.analysis.Computing;
import ktrace.analysis.Stuck;
import ktrace.analysis.Verdict;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.Waker;
import ktrace.story.computing.ComputingSentence;
import ktrace.story.stuck.StuckSentence;
import org.junit.jupiter.api.Test;

/** Who holds up the others, who is stuck and who computes, in sentences. */
class VerdictWordsTest {
    @Test
    void whoWaitForEachOtherAreToldWithWhatTheyWaitFor() {
        ProcessId a = new ProcessId(12, 1, 0, 0);
        ProcessId b = new ProcessId(13, 1, 0, 1);
        Stuck.Party reads = new Stuck.Party(a, "a", 12, ObjectKind.PIPE, "pipe:[1]", "read");
        Stuck.Party locks = new Stuck.Party(b, "b\u001b", 13, ObjectKind.FILELOCK, "/run/lock", "flock");
        Stuck stuck = new Stuck(List.of(reads, locks), 3200 * Samples.MS);
        assertEquals("stuck for 3.2 s: a(12) waits to read pipe:[1], b\\x1b(13) waits for a lock on /run/lock; each for another of them",
                StuckSentence.of(stuck, Alphabet.UNICODE, 200).toString());
        assertEquals("stuck for 3.2 s: a(12), b\\x1b(13) wait for each other", StuckSentence.of(stuck, Alphabet.UNICODE, 80).toString());
        Stuck.Party second = new Stuck.Party(a, "a", 14, ObjectKind.FUTEX, "futex 0x1", "futex");
        assertEquals("stuck for 1 s: a(12) thread 12 waits to read pipe:[1], a(12) thread 14 waits for futex 0x1; each for another of them",
                StuckSentence.of(new Stuck(List.of(reads, second), Samples.S), Alphabet.UNICODE, 200).toString());
    }

    @Test
    void theHypervisorIsSaidToHaveTheCpu() {
        Verdict.Bottleneck starved = new Verdict.Bottleneck(12, "a", 0, "", List.of(new Verdict.Part(Cause.QUEUE, Samples.S)),
                Verdict.HYPERVISOR, "pipe:[1]", Samples.S, 0.9, Verdict.Confidence.SURE);
        assertEquals("bottleneck: a(12) has no CPU (the hypervisor has it); others waited 1 s for it, 90 % of all waiting",
                new VerdictSentence(starved, Alphabet.UNICODE).whole().toString());
    }

    @Test
    void whoHoldsWhatIsWaitedForIsToldWithWhatItDoes() {
        ProcessId a = new ProcessId(12, 1, 0, 0);
        ProcessId b = new ProcessId(13, 1, 0, 1);
        Waker holdsB = new Waker(null, 13, "b", new Peer(13, "b"));
        Waker keeper = new Waker(new ktrace.event.ThreadId(15, a, 0, 3), 15, "keeper", new Peer(12, "a"));
        Stuck.Party first = new Stuck.Party(a, "a", 12, "a", ObjectKind.FILELOCK, "/x", "flock", holdsB);
        Stuck.Party second = new Stuck.Party(b, "b", 13, "b", ObjectKind.FILELOCK, "/y", "flock", new Waker(null, 12, "a", new Peer(12, "a")));
        assertEquals("deadlock for 3 s: a(12) waits for a lock on /x held by b(13), b(13) waits for a lock on /y held by a(12); each for"
                + " another of them", StuckSentence.of(new Stuck(List.of(first, second), 3 * Samples.S), Alphabet.UNICODE, 200).toString());
        Stuck.Party worker = new Stuck.Party(a, "a", 14, "worker", ObjectKind.FUTEX, "futex 0x1", "futex", keeper);
        Stuck kept = new Stuck(List.of(worker), 3 * Samples.S, new Stuck.End(keeper, Cause.SLEEPS, null));
        assertEquals("stuck for 3 s: worker(14) of a(12) waits for futex 0x1 held by keeper(15), which sleeps",
                StuckSentence.of(kept, Alphabet.UNICODE, 100).toString());
        assertEquals("stuck for 3 s: worker(14) waits for keeper(15), which sleeps", StuckSentence.of(kept, Alphabet.UNICODE, 70).toString());
        Stuck.Party asks = new Stuck.Party(a, "a", 12, "a", ObjectKind.UNIX, "unix:[1]", "read", null, holdsB);
        Stuck asked = new Stuck(List.of(asks), 3 * Samples.S, new Stuck.End(holdsB, Cause.SLEEPS, null));
        assertEquals("stuck for 3 s: a(12) waits to read unix:[1] ← b(13), which sleeps",
                StuckSentence.of(asked, Alphabet.UNICODE, 100).toString());
        assertEquals("stuck for 3 s: a(12) waits for b(13), which sleeps", StuckSentence.of(asked, Alphabet.UNICODE, 50).toString());
        Stuck outside = new Stuck(List.of(first), 3 * Samples.S, new Stuck.End(holdsB, Cause.UNKNOWN, null));
        assertEquals("stuck for 3 s: a(12) waits for a lock on /x held by b(13), which is not observed",
                StuckSentence.of(outside, Alphabet.UNICODE, 100).toString());
        Stuck reads = new Stuck(List.of(worker), 3 * Samples.S, new Stuck.End(keeper, Cause.UNKNOWN,
                new Stuck.Party(a, "a", 15, "keeper", ObjectKind.PIPE, "pipe:[1]", "read", null)));
        assertEquals("stuck for 3 s: worker(14) of a(12) waits for futex 0x1 held by keeper(15), which waits to read pipe:[1]",
                StuckSentence.of(reads, Alphabet.UNICODE, 120).toString());
    }

    @Test
    void theBottleneckIsNamedWithWhatItDoesAndHowSureThatIs() {
        assertEquals("bottleneck: so\\x1brt(812), thread sort-worker(820), has no CPU (yes(77) has it); others waited 4 s for it, 77 % of all waiting",
                new VerdictSentence(Samples.bottleneck(Cause.QUEUE, Verdict.Confidence.SURE), Alphabet.UNICODE).whole().toString());
        assertEquals("perhaps the bottleneck: make(7) waits for the disk or computes; others waited 1 s for it, 50 % of all waiting",
                new VerdictSentence(new Verdict.Bottleneck(7, "make", 7, "make", List.of(new Verdict.Part(Cause.DISK, Samples.S / 2),
                        new Verdict.Part(Cause.COMPUTES, Samples.S / 3), new Verdict.Part(Cause.SLEEPS, Samples.S / 6)), null, "", Samples.S, 0.5, Verdict.Confidence.WEAK),
                        Alphabet.UNICODE).whole().toString());
    }

    @Test
    void theCpusAreNamedThatTheBottleneckIsBoundTo() {
        VerdictSentence sentence = new VerdictSentence(new Verdict.Bottleneck(7, "back", 1, 7, "back", List.of(
                new Verdict.Part(Cause.QUEUE, Samples.S)), new Peer(77, "yes"), "", "CPU 0", "", Samples.S, 0.5, Verdict.Confidence.SURE),
                Alphabet.UNICODE);
        assertEquals("bottleneck: back(7) has no CPU (it may run on CPU 0 alone, and others idle); others waited 1 s for it, 50 % of all"
                + " waiting", sentence.whole().toString());
    }

    /** Its name is given by whoever makes the group. */
    @Test
    void theGroupIsNamedWhoseQuotaHoldsTheBottleneckBack() {
        VerdictSentence sentence = new VerdictSentence(new Verdict.Bottleneck(7, "back", 1, 7, "back", List.of(
                new Verdict.Part(Cause.THROTTLED, Samples.S)), null, "/sm\u001ball", "", "", Samples.S, 0.5, Verdict.Confidence.SURE), Alphabet.UNICODE);
        assertEquals("bottleneck: back(7) is throttled by the quota of cgroup /sm\\x1ball; others waited 1 s for it, 50 % of all waiting",
                sentence.whole().toString());
        assertEquals("bottleneck: back(7) is held back by its cgroup's quota; others waited 1 s, 50 %", sentence.fit(20).toString());
    }

    @Test
    void ofSeveralAlikeItIsToldHowManyTheyAre() {
        VerdictSentence sentence = new VerdictSentence(new Verdict.Bottleneck(7, "cc1", 1400, 0, "", List.of(
                new Verdict.Part(Cause.QUEUE, 3 * Samples.S), new Verdict.Part(Cause.COMPUTES, 2 * Samples.S)), null, "", "", "",
                5 * Samples.S, 0.97, Verdict.Confidence.SURE), Alphabet.UNICODE);
        assertEquals("bottleneck: 1,400 × cc1 have no CPU or compute; others waited 5 s for them, 97 % of all waiting",
                sentence.whole().toString());
        assertEquals("bottleneck: 1,400 × cc1 have no CPU; others waited 5 s, 97 %", sentence.fit(20).toString());
    }

    @Test
    void whoComputesWhileOthersWait() {
        ComputingSentence sentence = new ComputingSentence(Samples.computing(), Alphabet.UNICODE);
        assertEquals("so\\x1brt(812), thread sort-worker(820), computed 541 ms between read and write of tcp"
                + " 10.0.0.1:8080→10.0.0.2:55600, the worst of 12 times; 3 waited meanwhile", sentence.whole().toString());
        assertEquals("so\\x1brt(812), thread sort-worker(820), computed 541 ms between read and write of tcp :8080→:55600,"
                + " the worst of 12 times; 3 waited meanwhile", sentence.fit(141).toString());
        assertEquals("so\\x1brt(812) computed 541 ms between read and write; 3 waited meanwhile", sentence.fit(20).toString());
        Computing once = new Computing(Samples.computing().thread(), "node", "node", 1, 0, 0, new Computing.Greatest(
                new Computing.Call("epoll_wait", ""), new Computing.Call("sendto", "unix:[12]"), Samples.S, 2 * Samples.S, 1, 0));
        assertEquals("node(812), thread node(820), computed 1 s in 2 s between epoll_wait and sendto unix:[12]; 1 waited meanwhile",
                new ComputingSentence(once, Alphabet.UNICODE).whole().toString());
    }

    /** While the trace goes on, it need not be that of the interval that is shown. */
    @Test
    void soFarIsSaidWhileTheTraceGoesOn() {
        VerdictSentence sentence = new VerdictSentence(Samples.bottleneck(Cause.QUEUE, Verdict.Confidence.LIKELY), Alphabet.UNICODE, true);
        assertEquals("likely bottleneck so far: so\\x1brt(812), thread sort-worker(820), has no CPU (yes(77) has it); others waited 4 s for it,"
                + " 77 % of all waiting", sentence.whole().toString());
        assertEquals("likely bottleneck: so\\x1brt(812) has no CPU; others waited 4 s, 77 %", sentence.fit(20).toString());
    }

    /** The share is what a reader looks for: it stays. */
    @Test
    void aBottleneckThatIsToldInFewColumnsKeepsItsShare() {
        VerdictSentence sentence = new VerdictSentence(new Verdict.Bottleneck(4278, "stage1", 4279, "worker", List.of(
                new Verdict.Part(Cause.COMPUTES, 3 * Samples.S), new Verdict.Part(Cause.QUEUE, 2 * Samples.S)), new Peer(77, "java"), "",
                5 * Samples.S, 0.97, Verdict.Confidence.SURE), Alphabet.UNICODE);
        List<String> told = new ArrayList<>();
        for (int columns = sentence.whole().width(); columns > 0; columns--) {
            String fitting = sentence.fit(columns).toString();
            if (told.isEmpty() || !told.getLast().equals(fitting)) {
                told.add(fitting);
            }
        }
        assertEquals(List.of(
                "bottleneck: stage1(4278), thread worker(4279), computes or has no CPU (java(77) has it); others waited 5 s for it, 97 % of all waiting",
                "bottleneck: stage1(4278), thread worker(4279), computes or has no CPU (java(77) has it); others waited 5 s for it, 97 %",
                "bottleneck: stage1(4278), thread worker(4279), computes or has no CPU; others waited 5 s for it, 97 %",
                "bottleneck: stage1(4278), thread worker(4279), computes; others waited 5 s for it, 97 %",
                "bottleneck: stage1(4278) computes; others waited 5 s for it, 97 %",
                "bottleneck: stage1(4278) computes; others waited 5 s, 97 %"), told);
    }
}
