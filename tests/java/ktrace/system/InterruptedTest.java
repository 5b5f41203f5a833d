package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ktrace.event.Evidence.Interrupt;
import ktrace.event.TraceEvent;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;

/** What the result of a call tells of the interrupt that ended the wait in it. */
class InterruptedTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int ERESTARTNOHAND = 514;
    private static final int SIGALRM = 14;

    private final Timeline line = Timeline.of(A, B);

    private Interrupt after(String call, long result, long... args) {
        return after(TraceEvent.FLAG_HARD_INTERRUPT, call, result, args);
    }

    private Interrupt after(int flags, String call, long result, long... args) {
        line.blocks(A, call, args);
        line.wakesIn(flags, B, B, A);
        line.exit(A, call, result);
        return line.event.interrupt;
    }

    @Test
    void aTimeThatIsUpIsNoEvent() {
        assertEquals(Interrupt.TIMED_OUT, after("poll", 0, 0x7000, 2, 50));
        assertEquals(Interrupt.TIMED_OUT, after("epoll_wait", 0, 3));
        assertEquals(Interrupt.TIMED_OUT, after("futex", -Uapi.ETIMEDOUT(), 0x1000));
        assertEquals(Interrupt.TIMED_OUT, after("recvfrom", -Uapi.EAGAIN(), 3));
        assertEquals(Interrupt.TIMED_OUT, after("connect", -Uapi.EINPROGRESS(), 3));
        assertEquals(Interrupt.TIMED_OUT, after("rt_sigtimedwait", -Uapi.EAGAIN()));
        assertEquals(Interrupt.TIMED_OUT, after("io_getevents", 1, 0x5000, 2, 8));
    }

    @Test
    void aSleepThatRunsToItsEndIsATimer() {
        assertEquals(Interrupt.TIMER, after("nanosleep", 0));
        assertEquals(Interrupt.TIMER, after("select", 0, 0));
    }

    /** The object tells. */
    @Test
    void aResultThatSaysNothingOfTime() {
        assertNull(after("poll", 1, 0x7000, 2, 50));
        assertNull(after("recvfrom", 100, 3));
        assertNull(after("futex", 0, 0x1000));
        assertNull(after("io_getevents", 2, 0x5000, 2, 8));
    }

    @Test
    void aSignalIsATimersOnlyOfWhoHasSetOne() {
        assertEquals(Interrupt.UNKNOWN, after("nanosleep", -Uapi.EINTR()));
        assertEquals(Interrupt.UNKNOWN, after("rt_sigtimedwait", SIGALRM));
        line.call(A, "setitimer", 0, 0, 0x7000, 0);
        assertEquals(Interrupt.TIMER, after("recvfrom", -ERESTARTNOHAND, 3));
        assertEquals(Interrupt.TIMER, after("rt_sigtimedwait", SIGALRM));
        assertEquals(Interrupt.UNKNOWN, after("rt_sigtimedwait", 10), "another signal");
        assertEquals(Interrupt.UNKNOWN, after(TraceEvent.FLAG_SOFT_INTERRUPT, "recvfrom", -Uapi.EINTR(), 3), "the network may send one");
    }

    /** Some virtual machines record no wake-up that comes while a CPU idles. */
    @Test
    void aTimeMayBeUpUnseen() {
        line.blocks(A, "poll", 0x7000, 2, 50);
        line.exit(A, "poll", 0);
        assertEquals(Interrupt.TIMED_OUT, line.event.interrupt);
        line.blocks(A, "poll", 0x7000, 2, 50);
        line.exit(A, "poll", 1);
        assertNull(line.event.interrupt);
    }

    @Test
    void whatNoInterruptEndedCameOfNone() {
        line.blocks(A, "poll", 0x7000, 2, 50);
        line.wakes(B, A);
        line.exit(A, "poll", 0);
        assertNull(line.event.interrupt);
        after("poll", 0, 0x7000, 2, 50);
        line.call(A, "poll", 0, 0x7000, 2, 0);
        assertNull(line.event.interrupt, "it did not wait");
    }
}
