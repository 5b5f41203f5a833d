package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import ktrace.event.Evidence;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of whoever is at the other end of a connection no call is seen: what comes while it runs it has sent, and nobody else. */
class UnseenSenderTest {
    private static final int READER = 100;
    private static final int SENDER = 200;
    private static final int WORKER = 300;
    private static final int BYSTANDER = 400;
    private static final int SOFTIRQ = TraceEvent.FLAG_SOFT_INTERRUPT;
    private static final int HARDIRQ = TraceEvent.FLAG_HARD_INTERRUPT;
    private static final String END = "tcp 127.0.0.1:40000→127.0.0.1:80";
    private static final String OTHER = "tcp 127.0.0.1:40001→127.0.0.1:81";

    private final Timeline line = Timeline.of(READER);

    @BeforeEach
    void connect() {
        line.fd(READER, 3, ObjectKind.TCP, END, 11, Timeline.O_RDWR, 12);
        line.fd(SENDER, 4, ObjectKind.TCP, "tcp 127.0.0.1:80→127.0.0.1:40000", 12, Timeline.O_RDWR, 11);
    }

    private String delivered(int running) {
        return line.wakesIn(SOFTIRQ, running, running, READER);
    }

    @Test
    void whoRunsAndHoldsTheOtherEndHasSent() {
        line.blocks(READER, "read", 3);
        assertEquals("waker | (200) | " + END + "? | (200)", delivered(SENDER));
        assertEquals(SENDER, line.event.waker.tid());
    }

    /** As with SO_RCVTIMEO, whose clock goes off in a softirq, too: what the call returns tells. */
    @Test
    void whoseTimeRanOutJustThenWasSentNothing() {
        line.blocks(READER, "read", 3);
        delivered(SENDER);
        line.exit(READER, "read", -Uapi.EAGAIN());
        assertNull(line.event.confirmed);
        assertEquals(Evidence.Interrupt.TIMED_OUT, line.event.interrupt);
        for (long result : new long[] {8, 0}) {
            line.blocks(READER, "read", 3);
            delivered(SENDER);
            KernelObject guess = line.event.object;
            line.exit(READER, "read", result);
            assertSame(guess, line.event.confirmed);
            assertNull(line.event.interrupt);
        }
    }

    /** Of whom the return was not seen it is not known. */
    @Test
    void theNextCallConfirmsNoSender() {
        line.blocks(READER, "read", 3);
        delivered(SENDER);
        line.enter(READER, "read", 3);
        assertNull(line.event.confirmed);
    }

    @Test
    void whoHoldsNothingOfItHasNot() {
        line.fd(BYSTANDER, 5, ObjectKind.TCP, OTHER, 21, Timeline.O_RDWR, 0);
        line.blocks(READER, "read", 3);
        assertEquals("interrupt | - | - | (200)", delivered(BYSTANDER));
    }

    @Test
    void aClockIsNoSender() {
        line.blocks(READER, "read", 3);
        assertEquals("interrupt | - | - | (200)", line.wakesIn(HARDIRQ, SENDER, SENDER, READER));
    }

    /** Which it was only the next call tells, and with it whether it was theirs. */
    @Test
    void oneOfSeveral() {
        line.fd(READER, 7, ObjectKind.TCP, OTHER, 21, Timeline.O_RDWR, 0);
        line.blocks(READER, "poll", 0x7000, 2, -1);
        assertEquals("interrupt | - | poll? | -", delivered(SENDER));
        line.exit(READER, "poll", 1);
        line.enter(READER, "read", 3);
        assertEquals(SENDER, line.event.waker.tid());
        assertEquals(Evidence.WAKER, line.event.evidence);
        line.exit(READER, "read", 8);
        line.blocks(READER, "poll", 0x7000, 2, -1);
        delivered(SENDER);
        line.exit(READER, "poll", 1);
        line.enter(READER, "read", 7);
        assertNull(line.event.waker, "it was another that had become ready");
    }

    /** Who ran at an earlier waking has nothing to do with this one. */
    @Test
    void whatAClockMakesReadyNobodyHasSent() {
        line.fd(READER, 7, ObjectKind.TCP, OTHER, 21, Timeline.O_RDWR, 0);
        line.blocks(READER, "poll", 0x7000, 2, -1);
        delivered(SENDER);
        line.exit(READER, "poll", 1);
        line.blocks(READER, "poll", 0x7000, 2, -1);
        assertEquals("interrupt | - | poll? | -", line.wakesIn(HARDIRQ, BYSTANDER, BYSTANDER, READER));
        line.exit(READER, "poll", 1);
        line.enter(READER, "read", 3);
        assertNull(line.event.waker);
    }

    /** What the kernel said before it was accepted comes after that was seen. */
    @Test
    void whatIsAcceptedIsInNoQueueAnyMore() {
        line.fd(READER, 3, ObjectKind.TCP, END, 11, Timeline.O_RDWR, FdSnapshot.oneWay(30));
        line.blocks(READER, "read", 3);
        assertEquals("waker | (200) | " + END + "? | (200)", delivered(SENDER));
    }

    /** Whoever may accept it may answer there; once one has, only that one. */
    @Test
    void whatIsToBeAcceptedYetIsTheirsWhoListen() {
        line.fd(READER, 8, ObjectKind.TCP, OTHER, 21, Timeline.O_RDWR, FdSnapshot.oneWay(30));
        for (int tgid : new int[] {SENDER, WORKER}) {
            line.fd(tgid, 9, ObjectKind.TCP, "tcp 127.0.0.1:81", 30, Timeline.O_RDWR, FdSnapshot.LISTENING);
        }
        line.blocks(READER, "read", 8);
        assertEquals("waker | (300) | " + OTHER + "? | (200),(300)", delivered(WORKER));
        line.exit(READER, "read", 8);
        line.fd(WORKER, 10, ObjectKind.TCP, "tcp 127.0.0.1:81→127.0.0.1:40001", 22, Timeline.O_RDWR, 21);
        line.blocks(READER, "read", 8);
        assertEquals("interrupt | - | - | (300)", delivered(SENDER));
        line.exit(READER, "read", 8);
        line.blocks(READER, "read", 8);
        assertEquals("waker | (300) | " + OTHER + "? | (300)", delivered(WORKER));
    }

    @Test
    void itIsTheirsUntilTheyListenNoMore() {
        line.fd(READER, 8, ObjectKind.TCP, OTHER, 21, Timeline.O_RDWR, FdSnapshot.oneWay(30));
        line.blocks(READER, "read", 8);
        assertEquals("interrupt | - | - | -", delivered(WORKER), "nobody is known to listen");
        line.exit(READER, "read", 8);
        // It was accepted before anybody could tell.
        line.fd(READER, 8, ObjectKind.TCP, OTHER, 21, Timeline.O_RDWR, 22);
        line.fd(WORKER, 10, ObjectKind.TCP, "tcp 127.0.0.1:81→127.0.0.1:40001", 22, Timeline.O_RDWR, 21);
        line.blocks(READER, "read", 8);
        assertEquals("waker | (300) | " + OTHER + "? | (300)", delivered(WORKER));
    }
}
