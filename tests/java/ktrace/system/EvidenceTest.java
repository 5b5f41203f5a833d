package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** Each row of the table of evidence: who woke whom, by what, and how sure that is. */
class EvidenceTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int OUTSIDER = 300;
    private static final int THREAD = 0x10000;
    private static final int SOFTIRQ = TraceEvent.FLAG_SOFT_INTERRUPT;
    private static final int FUTEX_PRIVATE = 0x80;

    private final Timeline line = Timeline.of(A, B);

    /**
     * <pre>
     * A  read(3)========|
     * B          write(4)--wakes A--
     * </pre>
     */
    @Test
    void aWriterToThePipeIsConfirmedByThePipe() {
        line.pipe(77, A, 3, B, 4);
        assertEquals("pipe:[77] | p200(200)", line.blocks(A, "read", 3));
        assertEquals("pipe:[77]", line.enter(B, "write", 4));
        assertEquals("p100(100)", line.peers());
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void aReaderOfAFullPipeWakesTheWriter() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(B, "write", 4);
        line.enter(A, "read", 3);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, B));
    }

    @Test
    void aTaskInACallOnSomethingElseIsOnlyTheWaker() {
        line.pipe(77, A, 3, B, 4);
        line.pipe(78, A, 5, B, 6);
        line.blocks(A, "read", 3);
        line.enter(B, "write", 6);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void aTaskThatIsNotObservedIsNamedByTheScheduler() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        line.run(OUTSIDER);
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesIn(0, OUTSIDER, OUTSIDER, A));
    }

    @Test
    void aTimerIsAnInterruptWhomeverItInterrupts() {
        assertEquals("sleep", line.blocks(A, "nanosleep"));
        line.run(B);
        assertEquals("interrupt | - | - | -", line.wakesIn(TraceEvent.FLAG_HARD_INTERRUPT, B, B, A));
    }

    @Test
    void theIdleTaskIsNobody() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        assertEquals("interrupt | - | - | p200(200)", line.wakesIn(0, 0, 0, A));
    }

    @Test
    void aWakerThatNoSwitchPutThereIsCountedAndBelieved() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        line.run(OUTSIDER);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakesIn(0, B, B, A));
        assertEquals(1, line.count(TraceCounter.WAKER_NOT_RUNNING));
        line.enter(B, "write", 4);
        line.run(OUTSIDER);
        assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(0, B, B, A));
        assertEquals(2, line.count(TraceCounter.WAKER_NOT_RUNNING));
        line.push(EventType.EVENTS_LOST, 0, 0, null);
        assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(0, B, B, A));
        assertEquals(2, line.count(TraceCounter.WAKER_NOT_RUNNING), "after a loss nobody is known to run");
    }

    @Test
    void endOfFileComesFromTheCloserOfTheOtherEnd() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        line.enter(B, "close", 4);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
    }

    /** Until 6.6 close lets go of the file after sys_exit. */
    @Test
    void theCloserWakesAlsoOnItsWayBackToUserMode() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        line.call(B, "close", 0, 4);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        line.enter(B, "getppid");
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void whoEndsWhileItHoldsTheOtherEndEndsTheWait() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        line.exits(B);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.dies(B);
        assertEquals("pipe:[77]", line.enter(A, "read", 3));
        assertEquals("-", line.peers());
    }

    @Test
    void execWakesByClosingOnExec() {
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_RDONLY);
        line.fd(B, 4, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_WRONLY | 0x80000);
        line.blocks(A, "read", 3);
        line.enter(B, "execve");
        line.exec(B, B, "cat");
        line.exit(B, "execve", 0);
        assertEquals("object | cat(200) | - | -", line.wakes(B, A));
    }

    @Test
    void aUnixSocketIsConfirmedByItsPeer() {
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, 11);
        line.fd(B, 4, ObjectKind.UNIX, "unix /run/x.sock", 11, Timeline.O_RDWR, 10);
        assertEquals("unix:[10] | p200(200)", line.blocks(A, "recvfrom", 3));
        line.enter(B, "sendmsg", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    /** Loopback TCP delivers in a softirq of the sender's own call. */
    @Test
    void aLoopbackSenderIsConfirmedInSoftInterrupt() {
        line.fd(A, 3, ObjectKind.TCP, "tcp 127.0.0.1:80→127.0.0.1:5001", 10, Timeline.O_RDWR, 11);
        line.fd(B, 4, ObjectKind.TCP, "tcp 127.0.0.1:5001→127.0.0.1:80", 11, Timeline.O_RDWR, 10);
        line.blocks(A, "read", 3);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(SOFTIRQ, B, B, A));
    }

    /** The accepted end has no inode before accept(2): the mirrored addresses tell it. */
    @Test
    void theMirroredAddressesNameTheOtherEnd() {
        line.fd(A, 3, ObjectKind.TCP, "tcp 127.0.0.1:80→127.0.0.1:5001", 10, Timeline.O_RDWR, 0);
        line.fd(B, 4, ObjectKind.TCP, "tcp 127.0.0.1:5001→127.0.0.1:80", 11, Timeline.O_RDWR, 0);
        line.blocks(A, "read", 3);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(SOFTIRQ, B, B, A));
    }

    @Test
    void aSenderToSomebodyElseIsInterruptedByTheNetwork() {
        line.fd(A, 3, ObjectKind.TCP, "tcp 10.0.0.1:80→10.0.0.2:5001", 10, Timeline.O_RDWR, 0);
        line.pipe(77, A, 5, B, 6);
        line.blocks(A, "read", 3);
        line.enter(B, "write", 6);
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.blocks(A, "read", 5);
        line.run(B);
        assertEquals("interrupt | - | - | p200(200)", line.wakesIn(SOFTIRQ, B, B, A));
    }

    @Test
    void aDatagramIsConfirmedByWhereItGoes() {
        line.fd(A, 3, ObjectKind.UDP, "udp 127.0.0.1:53", 10, Timeline.O_RDWR);
        line.fd(A, 4, ObjectKind.UDP, "udp 127.0.0.1:54", 11, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.UDP, "udp 127.0.0.1:5001→127.0.0.1:53", 12, Timeline.O_RDWR);
        line.fd(B, 5, ObjectKind.UDP, "udp 127.0.0.1:5002→127.0.0.1:9", 13, Timeline.O_RDWR);
        line.fd(B, 6, ObjectKind.UDP, "udp 0.0.0.0:5003", 14, Timeline.O_RDWR);
        line.blocks(A, "recvfrom", 3);
        line.enter(B, "write", 5);
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.enter(B, "sendto", 6);
        assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.blocks(A, "poll", 0x7000, 2);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | udp 127.0.0.1:53? | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.enter(B, "sendto", 6);
        assertEquals("interrupt | - | poll? | -", line.wakesIn(SOFTIRQ, B, B, A));
    }

    @Test
    void acceptIsEndedByAConnectionToItsAddress() {
        line.fd(A, 3, ObjectKind.TCP, "tcp 0.0.0.0:80", 10, Timeline.O_RDWR, FdSnapshot.LISTENING);
        line.fd(B, 4, ObjectKind.TCP, "tcp 127.0.0.1:5001→127.0.0.1:80", 11, Timeline.O_RDWR, 0);
        line.fd(B, 5, ObjectKind.TCP, "tcp 127.0.0.1:5002→127.0.0.1:81", 12, Timeline.O_RDWR, 0);
        line.blocks(A, "accept", 3);
        line.enter(B, "connect", 5);
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.enter(B, "connect", 4);
        assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.blocks(A, "poll", 0x7000, 1);
        line.enter(B, "connect", 4);
        assertEquals("object | p200(200) | tcp 0.0.0.0:80? | -", line.wakesIn(SOFTIRQ, B, B, A));
    }

    @Test
    void aFutexIsKnownByProcessAndAddress() {
        line.born(A, 101, THREAD);
        assertEquals("futex 0x7000 | p100(100)", line.blocks(101, "futex", 0x7000, FUTEX_PRIVATE, 2));
        line.enter(B, "futex", 0x7000, FUTEX_PRIVATE | 1, 1);
        assertEquals("waker | p200(200) | - | p100(100)", line.wakes(B, 101));
        line.enter(A, "futex", 0x7000, FUTEX_PRIVATE | 1, 1);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, 101));
    }

    @Test
    void aRequeuedWaiterIsWokenAtTheSecondWord() {
        line.born(A, 101, THREAD);
        line.blocks(101, "futex", 0x7000, FUTEX_PRIVATE, 2);
        line.call(A, "futex", 1, 0x7000, FUTEX_PRIVATE | 4, 1, 1, 0x8000);
        line.enter(A, "futex", 0x8000, FUTEX_PRIVATE | 1, 1);
        assertEquals("object | p100(100) | futex 0x8000 | p100(100)", line.wakes(A, 101));
    }

    /** pthread_join is a shared FUTEX_WAIT on the tid that the kernel clears when the thread ends. */
    @Test
    void aJoinIsEndedByTheThreadThatEnds() {
        line.born(A, 101, THREAD);
        line.born(A, 102, THREAD);
        line.blocks(A, "futex", 0x9000, 0, 101);
        line.exits(102);
        assertEquals("waker | p100(100) | - | p100(100)", line.wakes(102, A));
        line.exits(101);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(101, A));
    }

    @Test
    void aChildsEndEndsTheWaitForIt() {
        line.born(A, 400, 0);
        assertEquals("child | c400(400)", line.blocks(A, "wait4", -1));
        line.enter(B, "kill", A, 10);
        assertEquals("waker | p200(200) | - | c400(400)", line.wakes(B, A));
        line.enter(400, "exit_group");
        line.exits(400);
        assertEquals("object | c400(400) | child 400 | c400(400)", line.wakes(400, A));
    }

    @Test
    void vforkIsEndedByTheChildsExec() {
        line.enter(A, "clone", 0x4000);
        line.born(A, 400, 0x4000 | 0x100);
        line.switchTo(0, 2);
        line.enter(400, "execve");
        line.exec(400, 400, "true");
        assertEquals("object | true(400) | child 400 | true(400)", line.wakes(400, A));
    }

    @Test
    void aSignalIsConfirmedByItsAim() {
        line.blocks(A, "rt_sigtimedwait");
        line.enter(B, "kill", 999, 10);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        line.enter(B, "kill", A, 10);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        line.enter(B, "tgkill", A, A, 10);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void queuesAndSemaphoresAreKnownByTheirIds() {
        assertEquals("queue 0 | p100(100)", line.blocks(A, "msgrcv", 0));
        line.enter(B, "msgsnd", 0);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.blocks(A, "semop", 7);
        line.enter(B, "semop", 8);
        assertEquals("waker | p200(200) | - | p100(100)", line.wakes(B, A));
    }

    @Test
    void aLockIsReleasedByUnlockingOrClosingTheFile() {
        line.fd(A, 3, ObjectKind.DISK, "/var/lock/x", 50, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.DISK, "/var/lock/x", 50, Timeline.O_RDWR);
        line.enter(A, "flock", 3, 2);
        assertEquals(ObjectKind.FILELOCK, line.event.object.kind());
        line.switchTo(0, 1);
        line.enter(B, "flock", 4, 8);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.blocks(A, "fcntl", 3, 7);
        line.enter(B, "close", 4);
        assertEquals("object | p200(200) | - | p100(100)", line.wakes(B, A));
    }

    @Test
    void anEpollSetNamesTheMemberThatWasReady() {
        line.pipe(77, A, 3, B, 4);
        line.pipe(78, A, 5, B, 6);
        line.call(A, "epoll_create1", 9, 0);
        line.call(A, "epoll_ctl", 0, 9, 1, 3);
        assertEquals("epoll fd 9", line.blocks(A, "epoll_wait", 9));
        line.enter(B, "write", 6);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
        line.call(A, "epoll_ctl", 0, 9, 2, 3);
        line.blocks(A, "epoll_wait", 9);
        line.enter(B, "write", 4);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void aPollIsGuessedByWhatTheWaiterHolds() {
        line.pipe(77, A, 3, B, 4);
        assertEquals("poll", line.blocks(A, "poll", 0x7000, 1, -1));
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77]? | p200(200)", line.wakes(B, A));
    }

    @Test
    void aTerminalsTwoSidesAreOneConnection() {
        line.fd(A, 0, ObjectKind.TTY, "/dev/pts/5", 6, Timeline.O_RDWR, 1L << 32 | 6);
        line.fd(B, 4, ObjectKind.TTY, "/dev/ptmx 5", 1L << 32 | 6, Timeline.O_RDWR, 6);
        line.blocks(A, "read", 0);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }
}
