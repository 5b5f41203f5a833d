package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** Locks inside the kernel, which it tells of just before a thread sleeps for one; and works that it does for terminals. */
class KernelLocksTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int KWORKER = 300;
    private static final int UNINTERRUPTIBLE = 2;
    private static final int HARD = TraceEvent.FLAG_HARD_INTERRUPT;
    private static final long LOCK = 0xffff_8880_0000_1000L;
    private static final long WORK = 0xffff_8880_0000_2000L;

    private final Timeline line = Timeline.of(A, B);

    private void tells(EventType type, int tid, long what) {
        line.run(tid);
        line.event.arg0 = what;
        line.event.number = 4;
        line.push(type, tid, tid, null);
    }

    private void sleepsForTheLock() {
        tells(EventType.LOCK_CONTENDED, A, LOCK);
        line.switchTo(0, UNINTERRUPTIBLE);
    }

    @Test
    void twoWritersOfAFileWaitForItsLock() {
        line.fd(A, 3, ObjectKind.DISK, "/tmp/big", 77, Timeline.O_RDWR);
        line.fd(B, 3, ObjectKind.DISK, "/tmp/big", 77, Timeline.O_RDWR);
        line.enter(A, "pwrite64", 3);
        sleepsForTheLock();
        assertEquals(ObjectKind.KERNELLOCK, line.event.waitsFor);
        assertEquals("/tmp/big", line.object());
        line.enter(B, "pwrite64", 3);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        assertEquals(null, line.event.waitsFor);
        line.run(A);
        line.switchTo(0, UNINTERRUPTIBLE);
        assertEquals(ObjectKind.DISK, line.event.waitsFor, "it has the lock");
    }

    @Test
    void aPageFaultAndACallOnMemoryWaitForWhoGivesTheLockFree() {
        line.enter(A, "mmap");
        sleepsForTheLock();
        assertEquals(ObjectKind.KERNELLOCK, line.event.waitsFor);
        line.enter(B, "munmap");
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        line.exit(A, "mmap", 0);
        sleepsForTheLock();
        assertEquals(ObjectKind.KERNELLOCK, line.event.waitsFor);
        assertEquals("-", line.object());
        line.run(KWORKER);
        assertEquals("waker | t300(300) | - | -", line.wakesIn(0, KWORKER, KWORKER, A), "what it does is not known");
    }

    /** It found the lock free before it went to sleep. */
    @Test
    void anInterruptGivesNoLockFree() {
        line.fd(A, 3, ObjectKind.DISK, "/tmp/big", 77, Timeline.O_RDWR);
        line.enter(A, "read", 3);
        sleepsForTheLock();
        assertEquals("interrupt | - | /tmp/big | -", line.wakesIn(HARD, B, B, A));
        assertEquals(ObjectKind.DISK, line.event.waitsFor);
    }

    @Test
    void whoSleepsLaterSleepsForSomethingElse() {
        line.fd(A, 3, ObjectKind.DISK, "/tmp/big", 77, Timeline.O_RDWR);
        line.enter(A, "read", 3);
        tells(EventType.LOCK_CONTENDED, A, LOCK);
        line.nowNs += 100_000;
        line.switchTo(0, UNINTERRUPTIBLE);
        assertEquals(ObjectKind.DISK, line.event.waitsFor);
    }

    @Test
    void theMutexOfAPipeIsThePipe() {
        line.pipe(7, A, 3, B, 4);
        line.enter(B, "write", 4);
        tells(EventType.LOCK_CONTENDED, B, LOCK);
        line.switchTo(0, UNINTERRUPTIBLE);
        assertEquals(ObjectKind.PIPE, line.event.waitsFor);
        line.enter(A, "read", 3);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, B));
    }

    private void terminal() {
        line.fd(A, 3, ObjectKind.TTY, "/dev/pts/5", 6, Timeline.O_RDWR, 1006);
        line.fd(B, 3, ObjectKind.TTY, "/dev/ptmx 5", 1006, Timeline.O_RDWR, 6);
    }

    private void writes(int tid) {
        line.enter(tid, "write", 3);
        tells(EventType.WORK_QUEUED, tid, WORK);
        line.exit(tid, "write", 1);
        tells(EventType.WORK_STARTED, KWORKER, WORK);
    }

    @Test
    void whoReadsATerminalWaitsForWhoWroteAtTheOtherSide() {
        terminal();
        line.blocks(A, "read", 3);
        writes(B);
        assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(0, KWORKER, KWORKER, A));
        line.blocks(B, "read", 3);
        writes(A);
        assertEquals("object | p100(100) | - | p100(100)", line.wakesIn(0, KWORKER, KWORKER, B));
    }

    @Test
    void soDoesWhoWatchesIt() {
        terminal();
        line.call(A, "epoll_create1", 9, 0);
        line.call(A, "epoll_ctl", 0, 9, 1, 3);
        line.blocks(A, "epoll_wait", 9);
        writes(B);
        assertEquals("object | p200(200) | /dev/pts/5 | p200(200)", line.wakesIn(0, KWORKER, KWORKER, A));
    }

    @Test
    void workForAnotherTerminalIsNot() {
        terminal();
        line.fd(B, 4, ObjectKind.TTY, "/dev/ptmx 8", 1009, Timeline.O_RDWR, 9);
        line.blocks(A, "read", 3);
        line.enter(B, "write", 4);
        tells(EventType.WORK_QUEUED, B, WORK);
        tells(EventType.WORK_STARTED, KWORKER, WORK);
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesIn(0, KWORKER, KWORKER, A));
        writes(B);
        tells(EventType.WORK_STARTED, KWORKER, WORK + 64);
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesIn(0, KWORKER, KWORKER, A), "it does something else now");
    }
}
