package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** Waits that a signal ends: by whom it was sent, and what for. */
class SignalledTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int SIGUSR1 = 10;

    private final Timeline line = Timeline.of(A, B);

    @Test
    void aSleepIsEndedByASignal() {
        line.blocks(A, "clock_nanosleep", 0, 0);
        line.enter(B, "kill", A, SIGUSR1);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        line.blocks(A, "nanosleep");
        line.enter(B, "write", 3);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        line.blocks(A, "nanosleep");
        assertEquals("interrupt | - | - | -", line.wakesIn(TraceEvent.FLAG_HARD_INTERRUPT, B, B, A));
    }

    @Test
    void aSleepIsEndedByTheEndOfAChild() {
        line.born(A, 400, 0);
        line.blocks(A, "nanosleep");
        line.enter(400, "exit_group");
        line.exits(400);
        assertEquals("object | c400(400) | - | -", line.wakes(400, A));
    }

    @Test
    void aChildThatEndsTellsASignalfd() {
        line.fd(A, 3, ObjectKind.SIGNALFD, "signalfd fd 3", 0, Timeline.O_RDWR);
        line.born(A, 400, 0);
        line.blocks(A, "read", 3);
        line.enter(400, "exit_group");
        line.exits(400);
        assertEquals("object | c400(400) | - | -", line.wakes(400, A));
        line.blocks(A, "read", 3);
        line.born(B, 401, 0);
        line.exits(401);
        assertEquals("waker | c401(401) | - | -", line.wakes(401, A), "it is another's child");
    }

    /** Who polls both may be woken by the pipe, and then by the signal: the pipe is closed before. */
    @Test
    void aPollerIsToldByTheSignalfdIfNothingElseIsLetGo() {
        line.fd(A, 3, ObjectKind.SIGNALFD, "signalfd fd 3", 0, Timeline.O_RDWR);
        line.born(A, 400, 0);
        line.blocks(A, "poll", 0x7000, 1);
        line.enter(400, "exit_group");
        line.exits(400);
        assertEquals("object | c400(400) | signalfd fd 3? | -", line.wakes(400, A));
        line.born(A, 401, 0);
        line.pipe(77, A, 4, 401, 5);
        line.blocks(A, "poll", 0x7000, 2);
        line.enter(401, "exit_group");
        line.exits(401);
        assertEquals("object | c401(401) | pipe:[77]? | c401(401)", line.wakes(401, A));
    }

    @Test
    void aMessageIsToldBySignalToWhoAskedForThat() {
        line.fd(A, 3, ObjectKind.MQUEUE, "/q", 9, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.MQUEUE, "/q", 9, Timeline.O_RDWR);
        line.blocks(A, "rt_sigtimedwait");
        line.enter(B, "mq_timedsend", 4);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A), "it has not asked");
        line.call(A, "mq_notify", 0, 3, 0x7000);
        line.blocks(A, "rt_sigtimedwait");
        line.enter(B, "mq_timedsend", 4);
        assertEquals("object | p200(200) | /q | p200(200)", line.wakes(B, A));
        line.call(A, "mq_notify", 0, 3, 0);
        line.blocks(A, "rt_sigtimedwait");
        line.enter(B, "mq_timedsend", 4);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A), "it has taken that back");
    }
}
