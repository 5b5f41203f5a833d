package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** What poll(2) waits for, where its set was read from the waiter's memory. */
class PolledSetTest {
    private static final int A = 100;
    private static final int B = 200;

    private final Timeline line = Timeline.of(A, B);

    PolledSetTest() {
        line.pipe(77, A, 3, B, 4);
        line.pipe(88, A, 5, B, 6);
        line.fd(A, 7, ObjectKind.TCP, "tcp 10.0.0.1:5000→10.0.0.2:80", 9, Timeline.O_RDWR);
    }

    /** It polls, and was asked about since {@code sinceNs}. */
    private void polls(long sinceNs, boolean isAll, Integer... fds) {
        line.push(EventType.FACT, 0, -1, new Fact.Polled(A, sinceNs, isAll, List.of(fds)));
    }

    private long blocks() {
        line.blocks(A, "poll", 0x7000, 2, -1);
        return line.nowNs;
    }

    @Test
    void ofAMemberItIsNoGuess() {
        polls(blocks(), true, 3, 5);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    @Test
    void ofWhatIsNoMemberThereIsNone() {
        polls(blocks(), true, 5);
        line.enter(B, "write", 4);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    /** Of very many only the first are read. */
    @Test
    void whatWasNotReadMayBeAMember() {
        polls(blocks(), false, 5);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77]? | p200(200)", line.wakes(B, A));
    }

    /** What its descriptor is has not been learnt. */
    @Test
    void anUnknownMemberMayBeIt() {
        polls(blocks(), true, 5, 99);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77]? | p200(200)", line.wakes(B, A));
    }

    /** As programs in the kernel tell it, before the thread is switched out. */
    @Test
    void whatIsToldWithTheSwitchIsKnownFromThere() {
        line.enter(A, "poll", 0x7000, 2, -1);
        polls(Fact.Polled.NOW, true, 3, 5);
        line.switchTo(0, 1);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    @Test
    void aDatagramToTheOnlyMemberOfItsAddressIsNoGuess() {
        line.fd(A, 8, ObjectKind.UDP, "udp 127.0.0.1:53", 10, Timeline.O_RDWR);
        line.fd(A, 9, ObjectKind.UDP, "udp 127.0.0.1:54", 11, Timeline.O_RDWR);
        line.fd(B, 8, ObjectKind.UDP, "udp 127.0.0.1:5000", 12, Timeline.O_RDWR);
        polls(blocks(), true, 8, 5);
        line.enter(B, "sendto", 8);
        assertEquals("object | p200(200) | udp 127.0.0.1:53 | -", line.wakesIn(TraceEvent.FLAG_SOFT_INTERRUPT, B, B, A));
    }

    @Test
    void withoutAnAnswerItIsAGuess() {
        blocks();
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77]? | p200(200)", line.wakes(B, A));
    }

    @Test
    void anAnswerAboutASleepThatIsOverSaysNothing() {
        long beforeNs = blocks();
        line.wakes(B, A);
        line.exit(A, "poll", 0);
        blocks();
        polls(beforeNs, true, 5);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77]? | p200(200)", line.wakes(B, A));
    }

    /** Nothing else that is polled can be made ready by an interrupt; whether it was, or the time is up, the return tells. */
    @Test
    void anInterruptEndsTheOneThatItCan() {
        polls(blocks(), true, 3, 7);
        assertEquals("interrupt | - | tcp 10.0.0.1:5000→10.0.0.2:80? | -",
                line.wakesIn(TraceEvent.FLAG_SOFT_INTERRUPT, B, B, A));
        line.exit(A, "poll", 1);
        assertEquals("tcp 10.0.0.1:5000→10.0.0.2:80", line.event.confirmed.name());
    }

    @Test
    void aSetThatIsNotKnownWhollyLeavesItOpen() {
        polls(blocks(), false, 7);
        assertEquals("interrupt | - | poll? | -", line.wakesIn(TraceEvent.FLAG_SOFT_INTERRUPT, B, B, A));
        line.exit(A, "poll", 1);
        polls(blocks(), true, 7, 99);
        assertEquals("interrupt | - | poll? | -", line.wakesIn(TraceEvent.FLAG_SOFT_INTERRUPT, B, B, A));
    }

    @Test
    void theSetIsThatOfTheCall() {
        polls(blocks(), true, 5);
        line.wakes(B, A);
        line.exit(A, "poll", 0);
        blocks();
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77]? | p200(200)", line.wakes(B, A));
    }
}
