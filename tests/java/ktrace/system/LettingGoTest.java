package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.facts.NoSource;
import org.junit.jupiter.api.Test;

/** Who ends waits without a call on what is waited for: by ending, by closing, or by something that happens to a file. */
class LettingGoTest {
    private static final int A = 100;
    private static final int A2 = 101;
    private static final int B = 200;
    private static final long WAITERS = 0x80000000L;
    private static final int PRIVATE = 0x80;
    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int WAKE_OP = 5;
    private static final int F_SETLK = 6;
    private static final int F_SETLKW = 7;
    private static final int F_SETLEASE = 1024;
    private static final int LOCK_EX = 2;
    private static final int LOCK_UN = 8;

    private final Timeline line = Timeline.of(A, B);

    private void bothOpenTheFile() {
        line.fd(A, 3, ObjectKind.DISK, "/tmp/lock", 77, Timeline.O_RDWR);
        line.fd(B, 3, ObjectKind.DISK, "/tmp/lock", 77, Timeline.O_RDWR);
    }

    @Test
    void aLockGoesWithTheProcessThatHasIt() {
        bothOpenTheFile();
        line.blocks(A, "flock", 3, LOCK_EX);
        line.exits(B);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    /** Which file it was, nobody has looked up. */
    @Test
    void aLockOfFcntlGoesWithAnyDescriptorOfTheFile() {
        bothOpenTheFile();
        line.blocks(A, "fcntl", 3, F_SETLKW);
        line.call(B, "openat", 4, -100, 0x7000, 0);
        line.enter(B, "close", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.exit(B, "close", 0);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A), "on the way back");
        line.fd(B, 5, ObjectKind.PIPE, "pipe:[1]", 1, Timeline.O_RDWR);
        line.enter(B, "close", 5);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A), "that was no file");
    }

    /** Which file it was, nobody has looked up: but an unlocking wakes nobody else. */
    @Test
    void whoUnlocksLetsGoOfTheLockThatIsWaitedFor() {
        bothOpenTheFile();
        line.call(B, "openat", 4, -100, 0x7000, 0);
        line.blocks(A, "flock", 3, LOCK_EX);
        line.enter(B, "flock", 4, LOCK_UN);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.enter(B, "flock", 4, LOCK_EX);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A), "it locks");
        line.enter(B, "fcntl", 4, F_SETLK);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A), "a lock of another sort");
        line.blocks(A, "fcntl", 3, F_SETLKW);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.fd(B, 5, ObjectKind.DISK, "/tmp/other", 78, Timeline.O_RDWR);
        line.enter(B, "fcntl", 5, F_SETLK);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A), "another file");
    }

    /** The descriptor of the lease was only just opened; the path of the waiter the kernel told. */
    @Test
    void anOpenWaitsForWhoHasALease() {
        Timeline leased = Timeline.of(new NoSource() {
            @Override
            public KernelObject opening(int tgid, int dirFd, long pathAddress) {
                return new KernelObject(ObjectKind.DISK, "/tmp/leased", 78);
            }
        }, A, B);
        leased.call(B, "openat", 4, -100, 0x7000, 0);
        leased.enter(A, "openat", -100, 0x7000, 1);
        leased.switchTo(0, 1);
        assertEquals(ObjectKind.FILELOCK, leased.event.waitsFor);
        assertEquals("/tmp/leased", leased.object());
        leased.enter(B, "fcntl", 4, F_SETLEASE, 2);
        assertEquals("object | p200(200) | - | -", leased.wakes(B, A));
        leased.enter(B, "fcntl", 4, F_SETLKW);
        assertEquals("waker | p200(200) | - | -", leased.wakes(B, A));
    }

    /** Its owner stands in the word, which the waiter expects. */
    @Test
    void aRobustMutexGoesWithTheThreadThatHasIt() {
        line.thread(A2, A);
        line.blocks(A, "futex", 0x7000, WAIT | PRIVATE, WAITERS | A2);
        line.exits(A2);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A2, A));
        line.blocks(A, "futex_wait", 0x7000, WAITERS | A2, -1, PRIVATE);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A2, A));
        line.blocks(A, "futex", 0x7000, WAIT | PRIVATE, 2);
        assertEquals("waker | p100(100) | - | p100(100)", line.wakes(A2, A), "not its mutex");
    }

    @Test
    void aSharedMutexGoesWithTheProcessThatHasIt() {
        line.blocks(A, "futex", 0x7000, WAIT, WAITERS | B);
        line.exits(B);
        assertEquals("object | p200(200) | - | p100(100)", line.wakes(B, A));
        line.blocks(A, "futex", 0x7000, WAIT | PRIVATE, WAITERS | B);
        assertEquals("waker | p200(200) | - | p100(100)", line.wakes(B, A), "no other process can have it");
    }

    @Test
    void ofSeveralFutexesOneWasWoken() {
        line.thread(A2, A);
        assertEquals("futexes", line.blocks(A, "futex_waitv", 0x9000, 2));
        line.enter(A2, "futex", 0x7000, WAKE | PRIVATE, 1);
        assertEquals("object | p100(100) | futex 0x7000 | p100(100)", line.wakes(A2, A));
        line.enter(A2, "futex_wake", 0x7008, -1, 1, PRIVATE);
        assertEquals("object | p100(100) | futex 0x7008 | p100(100)", line.wakes(A2, A));
        line.enter(A2, "futex", 0x7000, WAKE_OP | PRIVATE, 1, 1, 0x7008);
        assertEquals("waker | p100(100) | - | -", line.wakes(A2, A), "at one of two words");
        line.enter(B, "futex", 0x7000, WAKE | PRIVATE, 1);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A), "a word of its own");
        line.enter(B, "futex", 0x7000, WAKE, 1);
        assertEquals("object | p200(200) | futex 0x7000 | -", line.wakes(B, A));
    }

    @Test
    void whatHappensToAFileComesFromACallOnIt() {
        line.fd(A, 3, ObjectKind.INOTIFY, "inotify fd 3", 0, Timeline.O_RDONLY);
        line.blocks(A, "read", 3);
        line.enter(B, "openat", -100, 0x7000, 0x41);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        line.exit(B, "openat", 4);
        line.enter(B, "close", 4);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        line.enter(B, "rename", 0x7000, 0x8000);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        line.enter(B, "kill", A, 10);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }
}
