package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is said to have ended a wait for something else than data, where no scheduler is seen. */
class ReleasesTest {
    private static final int A = 100;
    private static final int A2 = 101;
    private static final int A3 = 102;
    private static final int B = 200;
    private static final int CHILD = 300;
    private static final int FUTEX_WAIT_PRIVATE = 128;
    private static final int FUTEX_WAKE_PRIVATE = 129;
    private static final int F_SETLK = 6;
    private static final int F_SETLKW = 7;
    private static final int LOCK_EX = 2;
    private static final int LOCK_UN = 8;
    private static final int EPOLL_CTL_ADD = 1;
    private static final String NOBODY = "none | -";
    private final Timeline line = Timeline.of(A, B);

    @BeforeEach
    void noSchedulerIsSeen() {
        line.event.number = 1;
        line.push(EventType.START, 0, -1, null);
        line.thread(A2, A);
        line.thread(A3, A);
        line.born(A, CHILD, 17);
    }

    @Test
    void whoWokeTheFutexLastLetTheWaiterOn() {
        line.enter(A, "futex", 0x1000, FUTEX_WAIT_PRIVATE, 1);
        line.call(A2, "futex", 1, 0x2000, FUTEX_WAKE_PRIVATE, 1);
        assertEquals(NOBODY, leaves(A, "futex", 0), "another futex");
        line.enter(A, "futex", 0x1000, FUTEX_WAIT_PRIVATE, 1);
        line.enter(A2, "futex", 0x1000, FUTEX_WAKE_PRIVATE, 1);
        assertEquals("object | p100(100)", leaves(A, "futex", 0), "though the waker has not returned");
    }

    @Test
    void aWakeThatWokeNobodyLetsNobodyOn() {
        line.enter(A, "futex", 0x1000, FUTEX_WAIT_PRIVATE, 1);
        line.call(A2, "futex", 0, 0x1000, FUTEX_WAKE_PRIVATE, 1);
        assertEquals(NOBODY, leaves(A, "futex", 0));
    }

    @Test
    void whomASignalToAGroupReachedIsNotKnown() {
        line.enter(A, "pause");
        line.call(B, "kill", 0, 0, 10);
        assertEquals(NOBODY, leaves(A, "pause", -514));
    }

    @Test
    void theChildOfAnotherEndsNoWait() {
        line.born(B, 400, 17);
        line.enter(A, "waitid", 0, 0);
        line.enter(400, "exit_group", 0);
        line.push(EventType.SCHED_PROCESS_EXIT, 400, 400, null);
        assertEquals(NOBODY, leaves(A, "waitid", 0));
    }

    @Test
    void whoWaitsItselfLetsNobodyOn() {
        line.enter(A, "futex", 0x1000, FUTEX_WAIT_PRIVATE, 1);
        line.enter(A2, "futex", 0x1000, FUTEX_WAIT_PRIVATE, 1);
        assertEquals(NOBODY, leaves(A, "futex", 0));
    }

    @Test
    void aWakeBeforeTheWaitSaysNothing() {
        line.call(A2, "futex", 0, 0x1000, FUTEX_WAKE_PRIVATE, 1);
        line.enter(A, "futex", 0x1000, FUTEX_WAIT_PRIVATE, 1);
        assertEquals(NOBODY, leaves(A, "futex", 0));
    }

    @Test
    void aWaitThatItsTimeEndedWasEndedByNobody() {
        line.enter(A, "futex", 0x1000, FUTEX_WAIT_PRIVATE, 1);
        line.call(A2, "futex", 1, 0x1000, FUTEX_WAKE_PRIVATE, 1);
        assertEquals(NOBODY, leaves(A, "futex", -110));
        line.pipe(77, A, 3, B, 4);
        line.enter(A, "poll", 0x5000, 1, 10);
        line.call(B, "write", 1, 4);
        assertEquals(NOBODY, leaves(A, "poll", 0));
    }

    @Test
    void aCallThatFailedLetsNobodyOn() {
        line.enter(A, "pause");
        line.call(B, "kill", -1, A, 10);
        assertEquals(NOBODY, leaves(A, "pause", -4));
        line.enter(A, "pause");
        line.call(B, "kill", 0, A, 10);
        assertEquals("object | p200(200)", leaves(A, "pause", -514));
    }

    @Test
    void aSignalEndsAWaitForThatSignalOnly() {
        line.enter(A, "rt_sigtimedwait", 0x5000, 0, 0, 8);
        line.call(B, "kill", 0, A, 0);
        assertEquals(NOBODY, leaves(A, "rt_sigtimedwait", 10), "0 is no signal");
        line.enter(A, "rt_sigtimedwait", 0x5000, 0, 0, 8);
        line.call(B, "kill", 0, A, 12);
        assertEquals(NOBODY, leaves(A, "rt_sigtimedwait", 10), "another came");
        line.enter(A, "rt_sigtimedwait", 0x5000, 0, 0, 8);
        line.call(B, "tgkill", 0, A, A, 10);
        assertEquals("object | p200(200)", leaves(A, "rt_sigtimedwait", 10));
    }

    @Test
    void theChildThatTheResultNamesEndedTheWait() {
        line.born(A, CHILD + 1, 17);
        line.enter(A, "wait4", -1, 0, 0, 0);
        line.push(EventType.SCHED_PROCESS_EXIT, CHILD, CHILD, null);
        assertEquals("object | c300(300)", leaves(A, "wait4", CHILD));
        line.enter(A, "wait4", -1, 0, 0, 0);
        line.push(EventType.SCHED_PROCESS_EXIT, CHILD + 1, CHILD + 1, null);
        assertEquals(NOBODY, leaves(A, "wait4", 999), "not that one");
    }

    /** The look-up of a descriptor may take longer than the event of the call waits for it. */
    @Test
    void whatTheCallIsOnMayBecomeKnownWhileItWaits() {
        line.enter(A, "flock", 3, LOCK_EX);
        assertNull(line.event.object);
        line.fd(A, 3, ObjectKind.DISK, "/tmp/lock", 77, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.DISK, "/tmp/lock", 77, Timeline.O_RDWR);
        line.call(B, "flock", 0, 4, LOCK_UN);
        assertEquals("object | p200(200)", leaves(A, "flock", 0));
        assertEquals("/tmp/lock", line.event.object.name());
        line.enter(A2, "flock", 5, LOCK_EX);
        line.fd(A, 5, ObjectKind.DISK, "/tmp/lock2", 78, Timeline.O_RDWR);
        assertEquals(NOBODY, leaves(A2, "flock", -4));
        assertEquals("/tmp/lock2", line.event.object.name(), "though nobody ended it");
    }

    @Test
    void anUnlockLetsOnWhoWaitsForTheLock() {
        line.fd(A, 3, ObjectKind.DISK, "/tmp/lock", 9, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.DISK, "/tmp/lock", 9, Timeline.O_RDWR);
        line.call(B, "flock", 0, 4, LOCK_EX);
        line.enter(A, "flock", 3, LOCK_EX);
        line.call(B, "flock", 0, 4, LOCK_UN);
        assertEquals("object | p200(200)", leaves(A, "flock", 0));
        line.enter(A, "fcntl", 3, F_SETLKW, 0x5000);
        line.enter(B, "fcntl", 4, F_SETLKW, 0x6000);
        assertEquals(NOBODY, leaves(A, "fcntl", 0), "it waits as well, for all that is known");
        line.exit(B, "fcntl", 0);
        line.enter(A, "fcntl", 3, F_SETLKW, 0x5000);
        line.call(B, "fcntl", 0, 4, F_SETLK, 0x6000);
        assertEquals("object | p200(200)", leaves(A, "fcntl", 0));
    }

    @Test
    void whoWroteToAMemberEndedTheWaitForTheSet() {
        line.pipe(77, A, 3, B, 4);
        line.pipe(78, A, 5, B, 6);
        line.fd(A, 7, ObjectKind.POLL, "epoll", 12, Timeline.O_RDWR);
        line.call(A, "epoll_ctl", 0, 7, EPOLL_CTL_ADD, 3, 0x5000);
        line.enter(A, "epoll_wait", 7, 0x5000, 1, -1);
        line.call(B, "write", 1, 6);
        assertEquals(NOBODY, leaves(A, "epoll_wait", 1), "no member");
        line.enter(A, "epoll_wait", 7, 0x5000, 1, -1);
        line.call(B, "write", 1, 4);
        assertEquals("object | p200(200) | pipe:[77]", stamps(A, "epoll_wait", 1, 3));
    }

    @Test
    void aPollIsGuessedAtAndConfirmedByTheNextCall() {
        line.pipe(77, A, 3, B, 4);
        line.enter(A, "poll", 0x5000, 1, -1);
        line.call(B, "write", 1, 4);
        line.exit(A, "poll", 1);
        assertEquals("object | p200(200) | pipe:[77]?", parts(3));
        line.enter(A, "read", 3);
        assertEquals("pipe:[77]", line.event.confirmed.name());
    }

    private String leaves(int tid, String syscall, long result) {
        return stamps(tid, syscall, result, 2);
    }

    private String stamps(int tid, String syscall, long result, int parts) {
        line.exit(tid, syscall, result);
        return parts(parts);
    }

    private String parts(int parts) {
        return String.join(" | ", Arrays.copyOf(line.wake().split(" \\| "), parts));
    }
}
