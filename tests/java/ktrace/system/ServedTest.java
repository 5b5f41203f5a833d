package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.facts.FuseKeys;
import ktrace.facts.NoSource;
import org.junit.jupiter.api.Test;

/** What another process has to serve or allow: the answer tells what was waited for, whatever the call was on. */
class ServedTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int C = 300;
    private static final int DEVICE = 39;
    private static final long SERVER = FuseKeys.ofServer(DEVICE);
    private static final String FILE = "/mnt/f";
    private static final long UFFDIO_COPY = 0xc028aa03L;
    private static final int UNINTERRUPTIBLE = 2;

    private Timeline line = Timeline.of(A, B);

    private void mount() {
        line.fd(B, 4, ObjectKind.FUSE, "fuse /mnt", SERVER, Timeline.O_RDWR);
        line.fd(A, 3, ObjectKind.FUSE, FILE, FuseKeys.ofFile(DEVICE, FILE), Timeline.O_RDWR);
    }

    @Test
    void aReadOfAFileWaitsForWhoServesTheMount() {
        mount();
        assertEquals(FILE + " | p200(200)", line.blocks(A, "read", 3));
        assertEquals(ObjectKind.FUSE, line.event.waitsFor);
        line.enter(B, "writev", 4);
        assertEquals("object | p200(200) | " + FILE + " | p200(200)", line.wakes(B, A));
        assertEquals(ObjectKind.FUSE, line.event.waitsFor);
    }

    @Test
    void theServerMayAnswerBySplice() {
        mount();
        line.pipe(7, B, 5, B, 6);
        line.blocks(A, "pread64", 3);
        line.enter(B, "splice", 5, 0, 4);
        assertEquals("object | p200(200) | " + FILE + " | p200(200)", line.wakes(B, A));
    }

    @Test
    void whoServesAnotherMountIsOnlyTheWaker() {
        mount();
        line.fd(B, 5, ObjectKind.PIPE, "pipe:[7]", 7, Timeline.O_RDWR);
        line.blocks(A, "read", 3);
        line.enter(B, "write", 5);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void aServerFoundLaterIsThePeerOfAllFilesOfItsMount() {
        line = Timeline.of(A);
        line.fd(A, 3, ObjectKind.FUSE, FILE, FuseKeys.ofFile(DEVICE, FILE), Timeline.O_RDWR);
        line.fd(A, 4, ObjectKind.FUSE, "/mnt/g", FuseKeys.ofFile(DEVICE, "/mnt/g"), Timeline.O_RDWR);
        line.fd(A, 5, ObjectKind.FUSE, "/other/h", FuseKeys.ofFile(40, "/other/h"), Timeline.O_RDWR);
        assertEquals(FILE, line.blocks(A, "read", 3));
        line.fd(C, 4, ObjectKind.FUSE, "fuse /mnt", SERVER, Timeline.O_RDWR);
        assertEquals(FILE + " | (300)", line.blocks(A, "read", 3));
        assertEquals("/mnt/g | (300)", line.blocks(A, "read", 4));
        assertEquals("/other/h", line.blocks(A, "read", 5));
    }

    @Test
    void aServerWaitsForWhoUsesItsFiles() {
        mount();
        assertEquals("fuse /mnt", line.blocks(B, "read", 4));
        assertEquals(ObjectKind.FUSE, line.event.waitsFor);
        line.enter(A, "read", 3);
        assertEquals("object | p100(100) | - | -", line.wakes(A, B));
    }

    /** The path of a call lies in memory; when it is not known, the mount is. */
    @Test
    void aCallOnAPathWaitsForWhoAnswers() {
        mount();
        line.blocks(A, "newfstatat", -100, 0x7000);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | fuse /mnt | p200(200)", line.wakes(B, A));
        assertEquals(ObjectKind.FUSE, line.event.waitsFor);
    }

    @Test
    void aPathIsAskedForWhenTheCallSleepsInterruptibly() {
        line = Timeline.of(new NoSource() {
            @Override
            public KernelObject opening(int tgid, int dirFd, long pathAddress) {
                return new KernelObject(ObjectKind.FUSE, FILE + dirFd, FuseKeys.ofFile(DEVICE, FILE));
            }
        }, A, B);
        line.fd(B, 4, ObjectKind.FUSE, "fuse /mnt", SERVER, Timeline.O_RDWR);
        for (String call : new String[] {"openat", "newfstatat", "unlinkat"}) {
            line.enter(A, call, 5, 0x7000);
            line.switchTo(0, 1);
            assertEquals(FILE + 5, line.object(), call);
            assertEquals(ObjectKind.FUSE, line.event.waitsFor, call);
            assertEquals("p200(200)", line.peers(), call);
        }
        line.enter(A, "stat", 0x7000);
        line.switchTo(0, UNINTERRUPTIBLE);
        assertEquals(ObjectKind.DISK, line.event.waitsFor, "storage is not asked about");
        assertEquals("-", line.object());
    }

    @Test
    void aPageOfAFileIsWaitedForOutsideAllCalls() {
        mount();
        line.call(A, "getppid", 1);
        line.run(A);
        line.switchTo(0, 1);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | fuse /mnt | p200(200)", line.wakes(B, A));
        assertEquals(ObjectKind.FUSE, line.event.waitsFor);
    }

    @Test
    void leaveToOpenIsGivenByWhoAnswersForFanotify() {
        line.call(B, "fanotify_init", 7, 0, 0);
        line.fd(A, 3, ObjectKind.DISK, "/etc/passwd", 77, Timeline.O_RDONLY);
        line.enter(A, "pread64", 3);
        line.switchTo(0, UNINTERRUPTIBLE);
        assertEquals(ObjectKind.DISK, line.event.waitsFor);
        line.enter(B, "write", 7);
        assertEquals("object | p200(200) | /etc/passwd | p200(200)", line.wakes(B, A));
        assertEquals(ObjectKind.FANOTIFY, line.event.waitsFor);
        line.enter(A, "openat", -100, 0x7000, 0);
        line.switchTo(0, UNINTERRUPTIBLE);
        line.enter(B, "close", 7);
        assertEquals("object | p200(200) | fanotify fd 7 | -", line.wakes(B, A));
    }

    @Test
    void aPageIsFilledByWhoResolvesUserfaults() {
        line.call(B, "userfaultfd", 7, 0);
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[8]", 8, Timeline.O_RDONLY);
        line.blocks(A, "read", 3);
        line.enter(B, "ioctl", 7, UFFDIO_COPY);
        assertEquals("object | p200(200) | userfaultfd fd 7 | p200(200)", line.wakes(B, A));
        assertEquals(ObjectKind.USERFAULT, line.event.waitsFor);
        line.exit(A, "read", 1);
        line.switchTo(0, 1);
        line.enter(B, "ioctl", 7, UFFDIO_COPY);
        assertEquals("object | p200(200) | userfaultfd fd 7 | p200(200)", line.wakes(B, A));
        line.enter(B, "ioctl", 7, 0x5421);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        assertEquals(null, line.event.waitsFor);
    }

    /** The answer came while the thread waited: what it is about is known when it is woken. */
    @Test
    void whatIsLearntDuringAWaitIsWhatWasWaitedFor() {
        line.blocks(A, "read", 3);
        assertEquals(ObjectKind.OTHER, line.event.waitsFor);
        line.pipe(8, A, 3, B, 4);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[8] | p200(200)", line.wakes(B, A));
        assertEquals(ObjectKind.PIPE, line.event.waitsFor);
        line.exit(A, "read", 1);
        line.blocks(A, "read", 3);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        assertEquals(null, line.event.waitsFor, "as it had seemed");
    }
}
