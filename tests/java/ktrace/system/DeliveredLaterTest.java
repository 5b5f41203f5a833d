package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one end of a connection has sent, a busy machine brings to the other later, in an interrupt on top of a thread of its own. */
class DeliveredLaterTest {
    private static final int READER = 100;
    private static final int SENDER = 200;
    private static final int HELPER = 201;
    private static final int KSOFTIRQD = 16;
    private static final int SOFTIRQ = TraceEvent.FLAG_SOFT_INTERRUPT;
    private static final int HARDIRQ = TraceEvent.FLAG_HARD_INTERRUPT;
    private static final String END = "tcp 127.0.0.1:80→127.0.0.1:5001";

    private final Timeline line = Timeline.of(READER, SENDER);

    @BeforeEach
    void connect() {
        line.fd(READER, 3, ObjectKind.TCP, END, 11, Timeline.O_RDWR, 12);
        line.fd(SENDER, 4, ObjectKind.TCP, "tcp 127.0.0.1:5001→127.0.0.1:80", 12, Timeline.O_RDWR, 11);
        line.thread(HELPER, SENDER);
    }

    private String delivered() {
        return line.wakesIn(SOFTIRQ, KSOFTIRQD, KSOFTIRQD, READER);
    }

    @Test
    void whoAloneHasSentEndsTheWait() {
        line.blocks(READER, "read", 3);
        line.call(SENDER, "write", 8, 4);
        assertEquals("object | p200(200) | - | p200(200)", delivered());
    }

    @Test
    void whatWasSentBeforeTheLastReadWasReadByThat() {
        line.call(SENDER, "write", 8, 4);
        line.call(READER, "read", 8, 3);
        line.blocks(READER, "read", 3);
        assertEquals("interrupt | - | - | p200(200)", delivered(), "a time-out, say");
        line.call(SENDER, "write", 8, 4);
        assertEquals("object | p200(200) | - | p200(200)", delivered());
    }

    @Test
    void ofTwoWhoHaveSentNobodyKnowsWhoseItIs() {
        line.blocks(READER, "read", 3);
        line.call(SENDER, "write", 8, 4);
        line.call(HELPER, "write", 8, 4);
        assertEquals("interrupt | - | - | p200(200)", delivered());
        line.exit(READER, "read", 8);
        line.call(READER, "read", 8, 3);
        line.blocks(READER, "read", 3);
        line.call(HELPER, "write", 8, 4);
        assertEquals("object | p200(200) | - | p200(200)", delivered());
        assertEquals(HELPER, line.event.waker.tid());
    }

    /** What sends for a thread is as good as the thread. */
    @Test
    void whoSendsAFileHasSent() {
        line.blocks(READER, "read", 3);
        line.fd(SENDER, 5, ObjectKind.DISK, "/tmp/f", 50, Timeline.O_RDONLY);
        line.call(SENDER, "write", 8, 4);
        line.call(HELPER, "sendfile", 8, 4, 5, 0, 8);
        assertEquals("interrupt | - | - | p200(200)", delivered(), "or who has written");
    }

    @Test
    void whatARingSendsMayBeAnybodys() {
        line.blocks(READER, "read", 3);
        line.call(SENDER, "write", 8, 4);
        line.run(HELPER);
        line.event.arg0 = 0xffff888000001000L;
        line.event.arg1 = 0xffff888000003000L;
        line.event.number = 4;
        line.push(EventType.RING_FILE, HELPER, SENDER, null);
        assertEquals("interrupt | - | - | p200(200)", delivered());
    }

    @Test
    void amongWhatWasLostMayBeAnotherWhoSent() {
        line.blocks(READER, "read", 3);
        line.call(SENDER, "write", 8, 4);
        line.push(EventType.EVENTS_LOST, 0, -1, null);
        assertEquals("interrupt | - | - | p200(200)", delivered());
        line.exit(READER, "read", 8);
        line.call(READER, "read", 8, 3);
        line.blocks(READER, "read", 3);
        line.call(SENDER, "write", 8, 4);
        assertEquals("object | p200(200) | - | p200(200)", delivered());
    }

    @Test
    void aClockIsNoSender() {
        line.blocks(READER, "read", 3);
        line.call(SENDER, "write", 8, 4);
        assertEquals("interrupt | - | - | p200(200)", line.wakesIn(HARDIRQ, KSOFTIRQD, KSOFTIRQD, READER));
    }

    @Test
    void whoReadsMakesRoomForWhoWrites() {
        line.blocks(SENDER, "write", 4);
        line.enter(READER, "read", 3);
        assertEquals("object | p100(100) | - | p100(100)", line.wakesIn(SOFTIRQ, KSOFTIRQD, KSOFTIRQD, SENDER));
    }

    @Test
    void theOnlyMemberOfASet() {
        line.call(READER, "epoll_create1", 9, 0);
        line.call(READER, "epoll_ctl", 0, 9, 1, 3);
        line.blocks(READER, "epoll_wait", 9, 0, 8, -1);
        line.call(SENDER, "write", 8, 4);
        assertEquals("object | p200(200) | " + END + "? | -", delivered());
        line.exit(READER, "epoll_wait", 1);
        assertEquals(END, line.event.confirmed.name());
    }

    /** Which it was only the next call tells. */
    @Test
    void oneOfSeveral() {
        line.blocks(READER, "poll", 0x7000, 2, -1);
        line.call(SENDER, "write", 8, 4);
        assertEquals("interrupt | - | poll? | -", delivered());
        line.exit(READER, "poll", 1);
        line.enter(READER, "read", 3);
        assertEquals(SENDER, line.event.waker.tid());
        assertEquals(Evidence.OBJECT, line.event.evidence);
    }
}
