package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import ktrace.event.Evidence;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadSnapshot;
import ktrace.facts.NoSource;
import ktrace.facts.ObjectSource.Holder;
import ktrace.facts.Question;
import org.junit.jupiter.api.Test;

/** Who holds what somebody has waited for for long. */
class LongWaitsTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int C = 300;
    private static final long PRIVATE_WAIT = 0x80;
    private static final long S = 1_000_000_000;

    /** As the test has it. */
    private static final class Owners extends NoSource {
        private Holder holder = new Holder(B, B, "p200", "p200", true);
        private int asked;
        private List<Integer> polled = List.of();

        @Override
        public Holder mutexHolder(int tgid, long address, boolean isPrivate, boolean namesOwner) {
            asked++;
            return holder;
        }

        @Override
        public Polled polled(Question.OfPolled question) {
            return new Polled(true, polled);
        }

        @Override
        public Sleeper sleeper(int tgid, int tid) {
            asked++;
            return new Sleeper(reads(tid), "anon_pipe_read");
        }

        @Override
        public Holder lockHolder(int tgid, LockSort sort, int fd) {
            asked++;
            return holder;
        }
    }

    /** A thread of A that reads from descriptor 3, and sleeps. */
    private static ThreadSnapshot reads(int tid) {
        return new ThreadSnapshot(tid, A, "p100", 'S', Timeline.TABLE.number("read"), new long[] {3, 0, 0, 0, 0, 0});
    }

    private static ThreadSnapshot polls(int tid) {
        return new ThreadSnapshot(tid, A, "p100", 'S', Timeline.TABLE.number("poll"), new long[] {0x7000, 2, -1, 0, 0, 0});
    }

    private final Owners owners = new Owners();
    private final Timeline line = Timeline.of(owners, A, B, C);

    /** What the last fact was stamped with after so long: {@code 200 object}. */
    private String heldAfter(long ns) {
        String[] last = {"-"};
        line.nowNs += ns;
        line.facts(fact -> last[0] = fact.thread == null ? "-" : fact.thread.tid() + " ← "
                + (fact.waker == null ? "nobody" : fact.waker.process().comm() + "/" + fact.waker.tid()) + " " + fact.evidence.label());
        line.tracker.passes(line.nowNs);
        line.push(EventType.INTERVAL, 0, -1, null);
        return last[0];
    }

    @Test
    void whoWaitsForAMutexForLongIsAskedAbout() {
        line.blocks(A, "futex", 0x1000, PRIVATE_WAIT, 2);
        assertEquals("-", heldAfter(S / 4));
        assertEquals(0, owners.asked);
        assertEquals("100 ← p200/200 object", heldAfter(S / 2));
    }

    @Test
    void whileItGoesOnItIsAskedAgainNowAndThen() {
        line.blocks(A, "futex", 0x1000, PRIVATE_WAIT, 2);
        for (int i = 0; i < 100; i++) {
            heldAfter(S / 10);
        }
        assertEquals(4, owners.asked);
    }

    @Test
    void aConditionNobodyHolds() {
        line.blocks(A, "futex", 0x1000, PRIVATE_WAIT, 7);
        assertEquals("-", heldAfter(S));
        assertEquals(0, owners.asked);
    }

    @Test
    void whatLendsPriorityNamesItsOwner() {
        line.blocks(A, "futex", 0x1000, 0x80 | 6, 0);
        assertEquals("100 ← p200/200 object", heldAfter(S));
    }

    @Test
    void anAnswerAboutAWaitThatIsOverSaysNothing() {
        line.blocks(A, "futex", 0x1000, PRIVATE_WAIT, 2);
        heldAfter(S);
        line.wakes(B, A);
        line.run(A);
        line.exit(A, "futex", 0);
        assertEquals("-", heldAfter(S));
        line.blocks(A, "futex", 0x2000, PRIVATE_WAIT, 2);
        assertEquals("-", heldAfter(S / 4));
    }

    /** Of a process with one thread it is that one. */
    @Test
    void aLockOfAFileAProcessHolds() {
        line.fd(A, 3, ObjectKind.DISK, "/l", 77, Timeline.O_RDWR);
        owners.holder = new Holder(0, B, "p200", "", true);
        line.blocks(A, "flock", 3, 2);
        assertEquals("100 ← p200/200 object", heldAfter(S));
        line.born(B, 201, 0x10000);
        assertEquals("100 ← p200/0 object", heldAfter(4 * S));
    }

    @Test
    void othersMayLetGoOfItAsWell() {
        line.fd(A, 3, ObjectKind.DISK, "/l", 77, Timeline.O_RDWR);
        owners.holder = new Holder(0, 999, "outside", "", false);
        line.blocks(A, "flock", 3, 2);
        assertEquals("100 ← outside/0 " + Evidence.WAKER.label(), heldAfter(S));
    }

    /** Who has the file open was not known when the wait began. */
    @Test
    void whoHasComeSinceIsAtTheOtherEnd() {
        line.fd(A, 3, ObjectKind.DISK, "/l", 77, Timeline.O_RDWR);
        owners.holder = Holder.NOBODY;
        assertEquals("/l | p100(100)", line.blocks(A, "flock", 3, 2));
        line.fd(B, 4, ObjectKind.DISK, "/l", 77, Timeline.O_RDWR);
        String[] peers = {""};
        line.facts(fact -> peers[0] = fact.thread + " " + fact.peers);
        line.nowNs += S;
        line.tracker.passes(line.nowNs);
        line.push(EventType.INTERVAL, 0, -1, null);
        assertEquals(true, peers[0].contains("p200"), peers[0]);
        assertEquals(false, peers[0].contains("p100"), peers[0]);
    }

    private String peersAfter(long ns) {
        String[] last = {"-"};
        line.nowNs += ns;
        line.facts(fact -> last[0] = fact.thread == null ? "-" : fact.thread.tid() + " "
                + fact.peers.stream().map(Peer::comm).collect(Collectors.joining(" ")) + " " + fact.waitsFor);
        line.tracker.passes(line.nowNs);
        line.push(EventType.INTERVAL, 0, -1, null);
        return last[0];
    }

    /** Threads are told of before what others have open is. */
    @Test
    void whoIsAtTheOtherEndOfAPipeThatWasWaitedForBeforeTheTrace() {
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[9]", 9, Timeline.O_RDONLY);
        line.push(EventType.THREAD_STATE, 101, A, reads(101));
        assertEquals("-", peersAfter(S));
        assertEquals(0, owners.asked, "nobody is known who could be told");
        line.fd(B, 4, ObjectKind.PIPE, "pipe:[9]", 9, Timeline.O_WRONLY);
        assertEquals("101 p200 null", peersAfter(S), "the wait itself goes on as it was");
        for (int i = 0; i < 20; i++) {
            assertEquals("-", peersAfter(S));
        }
        assertEquals(1, owners.asked, "once it is told there is nothing to ask");
    }

    /** What it polls for is asked first, then it is told. */
    @Test
    void whoIsAtTheOtherEndOfTheOneThingThatWasPolledForBeforeTheTrace() {
        line.pipe(9, A, 3, B, 4);
        owners.polled = List.of(3);
        line.push(EventType.THREAD_STATE, 101, A, polls(101));
        assertEquals("-", peersAfter(S));
        assertEquals("101 p200 null", peersAfter(S));
    }

    @Test
    void ofSeveralThatArePolledForItMayBeAny() {
        line.pipe(9, A, 3, B, 4);
        line.pipe(10, A, 5, C, 4);
        owners.polled = List.of(3, 5);
        line.push(EventType.THREAD_STATE, 101, A, polls(101));
        for (int i = 0; i < 4; i++) {
            assertEquals("-", peersAfter(S));
        }
    }

    @Test
    void whoComesToTheOtherEndOfAPipeWhileItIsWaitedFor() {
        line.pipe(9, A, 3, B, 4);
        assertEquals("pipe:[9] | p200(200)", line.blocks(A, "read", 3));
        assertEquals("-", peersAfter(S));
        line.fd(C, 4, ObjectKind.PIPE, "pipe:[9]", 9, Timeline.O_WRONLY);
        assertEquals("100 p200 p300 null", peersAfter(S));
    }

    @Test
    void nobodyIsSaidToHoldItWhoIsNotKnown() {
        owners.holder = Holder.NOBODY;
        line.blocks(A, "futex", 0x1000, PRIVATE_WAIT, 2);
        assertEquals("100 ← nobody none", heldAfter(S));
    }
}
