package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A clock or a network makes one of several things ready: who waits for them is woken in an interrupt, and nobody is the waker. */
class ReadyInInterruptTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int OUTSIDER = 300;
    private static final int HARDIRQ = TraceEvent.FLAG_HARD_INTERRUPT;
    private static final int SET = 9;

    private final Timeline line = Timeline.of(A, B);

    @BeforeEach
    void open() {
        line.pipe(77, A, 3, B, 4);
        line.call(A, "timerfd_create", 5, 1, 0);
        line.fd(A, 6, ObjectKind.TCP, "tcp 10.0.0.1:5001→10.0.0.2:80", 11, Timeline.O_RDWR, 0);
        line.fd(A, 7, ObjectKind.DISK, "/var/log/x", 50, Timeline.O_RDWR);
        line.call(A, "epoll_create1", SET, 0);
    }

    private void watches(int... fds) {
        for (int fd : fds) {
            line.call(A, "epoll_ctl", 0, SET, 1, fd);
        }
    }

    private String interrupted(String call, long... args) {
        line.blocks(A, call, args);
        return line.wakesIn(HARDIRQ, 0, 0, A);
    }

    private String confirmedOnReturn(String call, long result) {
        line.exit(A, call, result);
        return line.event.confirmed == null ? "-" : line.event.confirmed.name();
    }

    private String confirmedBy(String call, long... args) {
        line.enter(A, call, args);
        return line.event.confirmed == null ? "-" : line.object();
    }

    @Test
    void theOnlyMemberThatAnInterruptCanMakeReadyIsIt() {
        watches(3, 5);
        assertEquals("interrupt | - | timerfd fd 5? | -", interrupted("epoll_wait", SET, 0, 8, -1));
        assertEquals("timerfd fd 5", confirmedOnReturn("epoll_wait", 1));
    }

    @Test
    void nothingWasReadyWhenTheTimeWasUpOrASignalCame() {
        watches(3, 5);
        interrupted("epoll_wait", SET, 0, 8, 100);
        assertEquals("-", confirmedOnReturn("epoll_wait", 0));
        assertEquals("-", confirmedBy("read", 5));
        line.exit(A, "read", 8);
        interrupted("epoll_wait", SET, 0, 8, 100);
        assertEquals("-", confirmedOnReturn("epoll_wait", -4));
        assertEquals("-", confirmedBy("read", 5));
    }

    @Test
    void ofSeveralItIsTheOneThatIsReadNext() {
        watches(3, 5, 6);
        assertEquals("interrupt | - | poll? | -", interrupted("epoll_wait", SET, 0, 8, -1));
        assertEquals("-", confirmedOnReturn("epoll_wait", 1));
        assertEquals("timerfd fd 5", confirmedBy("read", 5));
        line.exit(A, "read", 8);
        interrupted("epoll_wait", SET, 0, 8, -1);
        line.exit(A, "epoll_wait", 1);
        assertEquals("-", confirmedBy("getppid"));
        line.exit(A, "getppid", 1);
        assertEquals("tcp 10.0.0.1:5001→10.0.0.2:80", confirmedBy("recvfrom", 6));
    }

    @Test
    void aPipeOrAFileIsNotMadeReadyByAnInterrupt() {
        watches(3, 5, 6);
        interrupted("epoll_wait", SET, 0, 8, -1);
        line.exit(A, "epoll_wait", 1);
        assertEquals("-", confirmedBy("read", 3));
        line.exit(A, "read", 1);
        assertEquals("-", confirmedBy("read", 5));
        line.exit(A, "read", 8);
        interrupted("epoll_wait", SET, 0, 8, -1);
        line.exit(A, "epoll_wait", 1);
        assertEquals("-", confirmedBy("write", 7));
    }

    /** A member that is not known may be anything. */
    @Test
    void withAMemberThatIsNotKnownNothingIsTheOnlyOne() {
        watches(5, 40);
        assertEquals("interrupt | - | poll? | -", interrupted("epoll_wait", SET, 0, 8, -1));
    }

    @Test
    void membersOfASetInTheSetCountAsWell() {
        line.call(A, "epoll_create1", 10, 0);
        line.call(A, "epoll_ctl", 0, 10, 1, 5);
        line.call(A, "epoll_ctl", 0, SET, 1, 10);
        assertEquals("interrupt | - | timerfd fd 5? | -", interrupted("epoll_wait", SET, 0, 8, -1));
        watches(6);
        line.exit(A, "epoll_wait", 1);
        assertEquals("interrupt | - | poll? | -", interrupted("epoll_wait", SET, 0, 8, -1));
    }

    @Test
    void whatIsPolledIsWhatIsReadNext() {
        assertEquals("interrupt | - | poll? | -", interrupted("poll", 0x7000, 1, 5000));
        line.exit(A, "poll", 1);
        assertEquals("tcp 10.0.0.1:5001→10.0.0.2:80", confirmedBy("recvfrom", 6));
        line.exit(A, "recvfrom", 1);
        interrupted("poll", 0x7000, 1, 5000);
        line.exit(A, "poll", 0);
        assertEquals("-", confirmedBy("recvfrom", 6));
    }

    /** Somebody who is not observed sent something. */
    @Test
    void whoIsNotObservedMayHaveMadeAnythingReady() {
        line.blocks(A, "poll", 0x7000, 1, -1);
        line.run(OUTSIDER);
        assertEquals("waker | t300(300) | poll? | -", line.wakesIn(0, OUTSIDER, OUTSIDER, A));
        line.exit(A, "poll", 1);
        assertEquals("pipe:[77]", confirmedBy("read", 3));
    }

    @Test
    void aSleepIsForNothing() {
        assertEquals("interrupt | - | - | -", interrupted("poll", 0, 0, 100));
        line.exit(A, "poll", 0);
        line.enter(A, "read", 5);
        assertNull(line.event.confirmed);
    }
}
