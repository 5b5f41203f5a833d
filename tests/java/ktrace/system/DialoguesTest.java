package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.FdSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent.Expects;
import org.junit.jupiter.api.Test;

/** Who waits for an answer, and who for work. */
class DialoguesTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int EPOLL_CTL_ADD = 1;

    private final Timeline line = Timeline.of(A, B);

    private Expects waits(int tid, String call, long... args) {
        line.blocks(tid, call, args);
        return line.event.expects;
    }

    private void returns(int tid, String call, long result) {
        line.exit(tid, call, result);
    }

    private void connected() {
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, 20);
        line.fd(B, 4, ObjectKind.UNIX, "unix:[20]", 20, Timeline.O_RDWR, 10);
    }

    @Test
    void whoSpokeFirstWaitsForAnAnswerAndTheOtherForWork() {
        connected();
        assertEquals(Expects.UNKNOWN, waits(B, "read", 4));
        line.call(A, "write", 5, 3);
        assertEquals(Expects.ANSWER, waits(A, "read", 3));
        returns(B, "read", 5);
        line.call(B, "write", 7, 4);
        returns(A, "read", 7);
        assertEquals(Expects.WORK, waits(B, "read", 4), "it has answered, and sent last all the same");
        assertEquals(Expects.WORK, waits(A, "read", 3), "nothing is asked since the answer");
        returns(A, "read", -4);
        line.call(A, "write", 5, 3);
        assertEquals(Expects.ANSWER, waits(A, "recvfrom", 3));
    }

    @Test
    void whatFailedOrMovedNothingAsksNothing() {
        connected();
        line.call(A, "write", 5, 3);
        line.call(A, "read", 5, 3);
        line.call(A, "write", -11, 3);
        assertEquals(Expects.WORK, waits(A, "read", 3));
        returns(A, "read", 0);
        assertEquals(Expects.WORK, waits(A, "read", 3));
    }

    @Test
    void aConnectionIsWork() {
        line.fd(A, 3, ObjectKind.UNIX, "unix /s", 10, Timeline.O_RDWR, FdSnapshot.LISTENING);
        assertEquals(Expects.WORK, waits(A, "accept4", 3));
    }

    /** A greeting is no answer: of who has accepted it is known that it answers, whoever speaks first. */
    @Test
    void whoHasAcceptedAnswers() {
        line.fd(A, 3, ObjectKind.UNIX, "unix /s", 10, Timeline.O_RDWR, FdSnapshot.LISTENING);
        line.call(A, "accept4", 5, 3);
        line.call(A, "write", 9, 5);
        assertEquals(Expects.WORK, waits(A, "read", 5));
        line.fd(B, 4, ObjectKind.UNIX, "unix:[20]", 20, Timeline.O_RDWR);
        line.call(B, "connect", 0, 4);
        line.call(B, "read", 9, 4);
        assertEquals(Expects.WORK, waits(B, "read", 4));
        returns(B, "read", -4);
        line.call(B, "write", 9, 4);
        assertEquals(Expects.ANSWER, waits(B, "read", 4));
    }

    /** It was attached to in the middle: its first words may be an answer. */
    @Test
    void thePortOfAServerTellsWhoAnswers() {
        line.fd(A, 3, ObjectKind.TCP, "tcp 127.0.0.1:5432→127.0.0.1:40000", 10, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.TCP, "tcp 127.0.0.1:40000→127.0.0.1:5432", 20, Timeline.O_RDWR);
        line.call(A, "sendto", 5, 3);
        assertEquals(Expects.WORK, waits(A, "recvfrom", 3));
        line.call(B, "recvfrom", 5, 4);
        line.call(B, "sendto", 5, 4);
        assertEquals(Expects.ANSWER, waits(B, "recvfrom", 4));
    }

    @Test
    void whoHasAskedPollsForTheAnswer() {
        connected();
        line.call(A, "epoll_create1", 5);
        line.call(A, "epoll_ctl", 0, 5, EPOLL_CTL_ADD, 3);
        assertEquals(Expects.ANYTHING, waits(A, "epoll_wait", 5));
        returns(A, "epoll_wait", 0);
        line.call(A, "write", 5, 3);
        assertEquals(Expects.ANSWER, waits(A, "epoll_wait", 5));
        returns(A, "epoll_wait", 1);
        line.call(A, "read", 5, 3);
        assertEquals(Expects.ANYTHING, waits(A, "poll", 0, 2));
    }

    /** Who reads is to make room. */
    @Test
    void whoWritesWaitsForOthersToAct() {
        connected();
        line.fd(A, 6, ObjectKind.PIPE, "pipe:[7]", 7, Timeline.O_WRONLY);
        assertEquals(Expects.ANSWER, waits(A, "write", 6));
        returns(A, "write", 1);
        assertEquals(Expects.ANSWER, waits(A, "sendto", 3));
    }

    @Test
    void aPipeTellsNothing() {
        line.fd(A, 6, ObjectKind.PIPE, "pipe:[7]", 7, Timeline.O_RDONLY);
        assertEquals(Expects.UNKNOWN, waits(A, "read", 6));
    }

    // -- two pipes -----------------------------------------------------------------------------------------------------------

    /** A asks through 7, and B, its child, answers through 8. */
    private void coprocess() {
        line.process(B, A, "p200");
        line.pipe(7, B, 0, A, 6);
        line.pipe(8, A, 5, B, 1);
    }

    @Test
    void whoHasWrittenToOnePipeWaitsForAnAnswerFromTheOther() {
        coprocess();
        assertEquals(Expects.UNKNOWN, waits(B, "read", 0), "nobody has said anything");
        assertEquals(Expects.UNKNOWN, waits(A, "read", 5));
        returns(A, "read", -4);
        line.call(A, "write", 5, 6);
        assertEquals(Expects.ANSWER, waits(A, "read", 5), "the first answer");
        returns(B, "read", 5);
        line.call(B, "write", 7, 1);
        returns(A, "read", 7);
        assertEquals(Expects.WORK, waits(B, "read", 0), "it has answered, and sent last all the same");
        assertEquals(Expects.WORK, waits(A, "read", 5), "nothing is asked since the answer");
        returns(A, "read", -4);
        line.call(A, "write", 5, 6);
        assertEquals(Expects.ANSWER, waits(A, "read", 5));
    }

    /** The head of a message, and then the rest of it. */
    @Test
    void anAnswerMayBeTakenInParts() {
        coprocess();
        line.call(A, "write", 5, 6);
        line.call(B, "read", 5, 0);
        line.call(B, "write", 4, 1);
        line.call(B, "write", 9, 1);
        line.call(A, "read", 4, 5);
        line.call(A, "read", 9, 5);
        assertEquals(Expects.WORK, waits(A, "read", 5));
    }

    @Test
    void asLongAsMoreIsToBeDoneMoreAnswersAreAwaited() {
        coprocess();
        line.call(A, "write", 5, 6);
        line.call(A, "write", 5, 6);
        line.call(A, "write", 5, 6);
        line.call(B, "read", 5, 0);
        line.call(B, "write", 7, 1);
        line.call(A, "read", 7, 5);
        assertEquals(Expects.ANSWER, waits(A, "read", 5), "two are not taken yet");
        line.call(B, "read", 10, 0);
        returns(A, "read", -4);
        assertEquals(Expects.ANSWER, waits(A, "read", 5), "they are taken, and not answered");
        line.call(B, "write", 7, 1);
        returns(A, "read", 7);
        assertEquals(Expects.WORK, waits(A, "read", 5));
    }

    /** Attached to in the middle, when the first words that are seen are an answer. */
    @Test
    void aParentAsksItsChildWhoeverIsSeenToSpeakFirst() {
        coprocess();
        line.call(B, "write", 7, 1);
        line.call(A, "read", 7, 5);
        assertEquals(Expects.UNKNOWN, waits(B, "read", 0));
        line.call(A, "write", 5, 6);
        assertEquals(Expects.ANSWER, waits(A, "read", 5));
        returns(B, "read", 5);
        line.call(B, "write", 7, 1);
        returns(A, "read", 7);
        assertEquals(Expects.WORK, waits(B, "read", 0));
        assertEquals(Expects.WORK, waits(A, "read", 5));
    }

    @Test
    void whoPollsForTheAnswerDoesSoToo() {
        coprocess();
        line.call(A, "write", 5, 6);
        line.call(B, "read", 5, 0);
        line.call(B, "write", 7, 1);
        line.call(A, "read", 7, 5);
        assertEquals(Expects.ANYTHING, waits(A, "poll", 0, 2));
        returns(A, "poll", 0);
        line.call(A, "write", 5, 6);
        assertEquals(Expects.ANSWER, waits(A, "poll", 0, 2));
        returns(A, "poll", 1);
        line.call(B, "read", 5, 0);
        line.call(B, "write", 7, 1);
        line.call(A, "read", 7, 5);
        assertEquals(Expects.ANYTHING, waits(A, "poll", 0, 2));
    }

    /** What the one in the middle writes does not come back to who has written to it. */
    @Test
    void aPipelineIsNone() {
        line.pipe(7, B, 0, A, 6);
        line.fd(B, 1, ObjectKind.PIPE, "pipe:[8]", 8, Timeline.O_WRONLY);
        line.fd(A, 5, ObjectKind.PIPE, "pipe:[9]", 9, Timeline.O_RDONLY);
        line.call(A, "write", 5, 6);
        line.call(B, "read", 5, 0);
        line.call(B, "write", 7, 1);
        assertEquals(Expects.UNKNOWN, waits(B, "read", 0));
        assertEquals(Expects.UNKNOWN, waits(A, "read", 5));
    }

    /** One of whose calls nothing is seen may have taken it. */
    @Test
    void ofAnOutsiderItIsNotKnownThatItOwesNothing() {
        coprocess();
        line.fd(300, 0, ObjectKind.PIPE, "pipe:[7]", 7, Timeline.O_RDONLY);
        line.call(A, "write", 5, 6);
        line.call(B, "read", 5, 0);
        line.call(B, "write", 7, 1);
        line.call(A, "read", 7, 5);
        assertEquals(Expects.UNKNOWN, waits(A, "read", 5));
    }

    /** As a session of a database that waits for a row, which its signals tell it of. */
    @Test
    void whoHasTakenARequestOwesAnAnswerUntilItGivesOne() {
        connected();
        line.call(A, "write", 5, 3);
        line.call(B, "read", 5, 4);
        assertEquals(Expects.ANYTHING, waits(B, "poll", 0, 2), "it has never answered, and may be one who need not");
        returns(B, "poll", 0);
        line.call(B, "write", 5, 4);
        assertEquals(Expects.ANYTHING, waits(B, "poll", 0, 2));
        returns(B, "poll", 1);
        line.call(B, "read", 5, 4);
        assertEquals(Expects.OWING, waits(B, "poll", 0, 2));
        returns(B, "poll", 1);
        assertEquals(Expects.OWING, waits(B, "futex", 0x1000, 0, 7));
        returns(B, "futex", 0);
        assertEquals(Expects.WORK, waits(B, "read", 4), "there is more to the request");
        returns(B, "read", 5);
        line.call(B, "write", 5, 4);
        assertEquals(Expects.ANYTHING, waits(B, "poll", 0, 2));
    }
}
