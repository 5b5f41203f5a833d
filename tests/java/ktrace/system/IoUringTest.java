package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.Test;

/**
 * What is waited for at a ring of io_uring, and who ends that, by what the kernel tells of the requests.
 *
 * <pre>
 *   A  io_uring_enter(5): submit, file 3, wait ════════╡
 *   B                             write(4): ready, wakes A
 * </pre>
 */
class IoUringTest extends PlayedIoUring {
    @Test
    void aReadWaitsForThePipe() {
        assertEquals("pipe | pipe:[77] | p200(200)", enters(ONE, READ, 3));
        line.enter(B, "write", 4);
        ready(B, ONE);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        completes(A, RING, ONE, 0);
        line.exit(A, "io_uring_enter", 1);
        line.enter(A, "io_uring_enter", 5, 0, 1, 1);
        assertEquals("io_uring | [io_uring] fd 5 | p100(100)", waits());
    }

    @Test
    void aWriteWaitsForTheReader() {
        line.pipe(78, B, 6, A, 7);
        assertEquals("pipe | pipe:[78] | p200(200)", enters(ONE, WRITE, 7));
        line.enter(B, "read", 6);
        ready(B, ONE);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void ofSeveralItIsTheOneThatWasMadeReady() {
        line.pipe(78, A, 6, B, 7);
        line.enter(A, "io_uring_enter", 5, 2, 1, 1);
        submits(A, ONE, READ, 6);
        submits(A, TWO, READ, 3);
        assertEquals("io_uring | [io_uring] fd 5 | p100(100)", waits());
        line.enter(B, "write", 4);
        ready(B, TWO);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    /** A limit on the time is not what is waited for as long as there is something else. */
    @Test
    void aTimeoutAloneIsASleep() {
        assertEquals("sleep | sleep | -", enters(ONE, TIMEOUT, -1));
        assertEquals("interrupt | - | - | -", line.wakesIn(HARDIRQ, 0, 0, A));
        line.exit(A, "io_uring_enter", 1);
        line.enter(A, "io_uring_enter", 5, 1, 1, 1);
        submits(A, TWO, READ, 3);
        assertEquals("pipe | pipe:[77] | p200(200)", waits());
    }

    @Test
    void aFutexIsTheWordThatIsWoken() {
        assertEquals("futex | futex | -", enters(ONE, FUTEX_WAIT, -1));
        line.enter(B, "futex", 0x4000, 1 | 0x80, 1);
        assertEquals("object | p200(200) | futex 0x4000 | -", line.wakes(B, A));
    }

    @Test
    void whoWakesForSomethingElseIsOnlyTheWaker() {
        enters(ONE, READ, 3);
        line.enter(B, "write", 9);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    /** Who made one request ready wakes for that one alone. */
    @Test
    void whatWasReadiedInACallBeforeEndsNoLaterWait() {
        enters(ONE, READ, 3);
        line.enter(B, "write", 4);
        ready(B, ONE);
        line.wakes(B, A);
        completes(A, RING, ONE, MORE);
        blocks();
        line.exit(B, "write", 1);
        line.enter(B, "kill", A, 10);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void aThreadForTheQueueHandsOnWhoMadeItReady() {
        line.born(A, WORKER, THREAD);
        submits(WORKER, ONE, READ, 3);
        line.enter(A, "io_uring_enter", 5, 1, 1, 1);
        assertEquals("pipe | pipe:[77] | p200(200)", waits());
        line.enter(B, "write", 4);
        ready(B, ONE);
        line.wakes(B, WORKER);
        completes(WORKER, RING, ONE, 0);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(WORKER, A));
    }

    /** What it is on is known only when the worker begins it: A has waited for that since it began to wait. */
    @Test
    void aThreadForTheWorkTellsWhatItIsOn() {
        line.born(A, WORKER, THREAD);
        line.fd(A, 8, ObjectKind.DISK, "/file", 9, 2);
        assertEquals("io_uring | [io_uring] fd 5 | p100(100)", enters(ONE, WRITE, -1));
        tells(EventType.RING_FILE, WORKER, RING, ONE, 8);
        assertEquals("disk | /file", line.event.waitsFor + " | " + line.object());
        assertEquals(A, line.event.thread.tid());
        completes(WORKER, RING, ONE, 0);
        assertEquals("object | p100(100) | - | -", line.wakes(WORKER, A));
    }

    @Test
    void aSyncIsForDiskWhateverItIsOn() {
        line.fd(A, 8, ObjectKind.DISK, "/file", 9, 2);
        assertEquals("disk | /file | -", enters(ONE, FSYNC, 8));
        tells(EventType.RING_FILE, WORKER, RING, ONE, 8);
        assertNull(line.event.waitsFor);
    }

    @Test
    void aSetThatWatchesTheRing() {
        line.call(A, "epoll_create1", 6, 0);
        line.call(A, "epoll_ctl", 0, 6, 1, 5);
        line.enter(A, "io_uring_enter", 5, 1, 0, 0);
        submits(A, ONE, READ, 3);
        line.exit(A, "io_uring_enter", 1);
        line.enter(A, "epoll_wait", 6);
        line.switchTo(0, 1);
        line.enter(B, "write", 4);
        ready(B, ONE);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    /** The ring raises it only when it was told to: else its reader is woken for the ring, and waits for another. */
    @Test
    void theEventFdOfTheRing() {
        line.call(A, "eventfd2", 6, 0, 0);
        line.enter(A, "io_uring_enter", 5, 1, 0, 0);
        submits(A, ONE, READ, 3);
        line.exit(A, "io_uring_enter", 1);
        line.enter(A, "read", 6);
        line.switchTo(0, 1);
        line.enter(B, "write", 4);
        ready(B, ONE);
        assertEquals("waker | p200(200) | - | p100(100)", line.wakes(B, A));
        line.exit(A, "read", -512);
        line.call(A, "io_uring_register", 0, 5, 4, 0x7000, 1);
        line.enter(A, "read", 6);
        line.switchTo(0, 1);
        line.run(B);
        ready(B, ONE);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    @Test
    void aMessageToTheRing() {
        int child = 300;
        line.born(A, child, 0);
        line.fd(child, 9, ObjectKind.IO_URING, "[io_uring] fd 9", 0, 2);
        line.enter(A, "io_uring_enter", 5, 0, 1, 1);
        waits();
        line.enter(child, "io_uring_enter", 9, 1, 1, 1);
        tells(EventType.RING_SUBMIT, child, OTHER_RING, TWO, MSG_RING);
        tells(EventType.RING_FILE, child, OTHER_RING, TWO, 5);
        completes(child, RING, 0, 0);
        assertEquals("object | c300(300) | - | c300(300)", line.wakes(child, A));
    }

    @Test
    void aConnectionArrivesInTheInterruptOfWhoConnects() {
        line.fd(A, 8, ObjectKind.TCP, "tcp 127.0.0.1:80", 10, 2);
        line.fd(B, 9, ObjectKind.TCP, "tcp", 0, 2);
        line.call(A, "listen", 0, 8, 5);
        assertEquals("tcp | tcp 127.0.0.1:80 | -", enters(ONE, ACCEPT, 8));
        line.enter(B, "connect", 9);
        line.event.contextFlags = SOFTIRQ;
        ready(B, ONE);
        assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
    }

    /** What the network brings is nobody's doing here, but it is known for what. */
    @Test
    void aDeliveryFromElsewhereIsAnInterrupt() {
        line.fd(A, 8, ObjectKind.TCP, "tcp 10.0.0.1:80→10.0.0.2:5001", 10, 2);
        line.enter(A, "io_uring_enter", 5, 2, 1, 1);
        submits(A, ONE, READ, 3);
        submits(A, TWO, READ, 8);
        waits();
        line.enter(B, "getppid");
        line.event.contextFlags = SOFTIRQ;
        ready(B, TWO);
        assertEquals("interrupt | - | tcp 10.0.0.1:80→10.0.0.2:5001 | -", line.wakesIn(SOFTIRQ, B, B, A));
    }

    @Test
    void afterALossItIsNotKnownWhatIsUnderWay() {
        enters(ONE, READ, 3);
        line.event.number = 1;
        line.push(EventType.EVENTS_LOST, 0, 0, null);
        line.enter(B, "write", 4);
        ready(B, ONE);
        assertEquals("waker | p200(200)", line.wakes(B, A).substring(0, 17));
    }

    /** Where the kernel tells nothing of requests, a wait is for the ring. */
    @Test
    void withoutTheKernelsWordItIsTheRing() {
        Timeline older = Timeline.of(A, B);
        older.call(A, "io_uring_setup", 5, 8, 0x7000);
        older.enter(A, "io_uring_enter", 5, 1, 1, 1);
        older.switchTo(0, 1);
        assertEquals("io_uring | [io_uring] fd 5", older.event.waitsFor + " | " + older.object());
        older.enter(B, "write", 4);
        assertEquals("waker | p200(200) | - | p100(100)", older.wakes(B, A));
        older.exit(A, "io_uring_enter", 1);
        older.enter(A, "io_uring_enter", 5, 1, 0, 0);
        older.switchTo(0, 1);
        assertEquals(ObjectKind.OTHER, older.event.waitsFor);
    }

    /** By ptrace no scheduler is seen either: the call that waits is the wait. */
    @Test
    void withoutTheSchedulerTheCallThatWaitsIsForTheRing() {
        Timeline calls = Timeline.of(A, B);
        calls.event.number = 1;
        calls.push(EventType.START, 0, 0, null);
        calls.call(A, "io_uring_setup", 5, 8, 0x7000);
        calls.enter(A, "io_uring_enter", 5, 1, 1, 1);
        assertEquals("io_uring | [io_uring] fd 5", calls.event.waitsFor + " | " + calls.object());
        calls.exit(A, "io_uring_enter", 1);
        calls.enter(A, "io_uring_enter", 5, 1, 0, 0);
        assertNull(calls.event.waitsFor);
    }

    /** Rings come and go, with requests under way, and so do processes: nothing of them is left. */
    @Test
    void whatIsClosedIsForgotten() {
        Census.ofStorm(4000, i -> {
            int child = 1000 + i % 50;
            line.born(A, child, 0);
            line.enter(child, "io_uring_setup", 8, 0x7000);
            tells(EventType.RING_CREATE, child, OTHER_RING + i, 0, 6);
            line.exit(child, "io_uring_setup", 6);
            line.enter(child, "io_uring_enter", 6, 1, 0, 0);
            tells(EventType.RING_SUBMIT, child, OTHER_RING + i, TWO + i, READ);
            tells(EventType.RING_FILE, child, OTHER_RING + i, TWO + i, 3);
            line.exit(child, "io_uring_enter", 1);
            if (i % 2 == 0) {
                line.call(child, "close", 0, 6);
            }
            line.exits(child);
            line.dies(child);
        });
    }
}
