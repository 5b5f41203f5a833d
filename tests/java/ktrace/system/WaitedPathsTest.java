package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.facts.FuseKeys;
import ktrace.facts.NoSource;
import org.junit.jupiter.api.Test;

/** What a thread waits for at a path that the kernel has told as it began to wait. */
class WaitedPathsTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int CURRENT = -100;
    private static final int SLEEPS = 1;
    private static final int SLEEPS_FOR_STORAGE = 2;
    private static final long ADDRESS = 0x7000;
    private static final int DEVICE = 39;
    private static final KernelObject LEASED = new KernelObject(ObjectKind.DISK, "/data/leased", 77);

    private final List<String> asked = new ArrayList<>();
    private KernelObject found;
    private final Timeline line = Timeline.of(new NoSource() {
        @Override
        public KernelObject atPath(int tgid, int dirFd, String path) {
            asked.add(dirFd + " " + path);
            return found;
        }

        @Override
        public KernelObject opening(int tgid, int dirFd, long pathAddress) {
            asked.add("by address");
            return null;
        }
    }, A, B);

    private void waitsAt(String call, int state, int dirFd, long address, String path) {
        line.enter(A, call, dirFd, address, 0);
        line.push(EventType.FACT, A, A, new Fact.AtPath(A, ADDRESS, path));
        line.switchTo(0, state);
    }

    private void opens(String path) {
        waitsAt("openat", SLEEPS, CURRENT, ADDRESS, path);
    }

    private void returns() {
        line.wakes(B, A);
        line.exit(A, "openat", 3);
    }

    private void later(long ns) {
        line.nowNs += ns;
    }

    @Test
    void whatItLeadsToIsAskedByItsText() {
        found = LEASED;
        opens("leased");
        assertEquals("/data/leased", line.object());
        assertEquals(ObjectKind.FILELOCK, line.event.waitsFor);
        assertEquals(List.of("-100 leased"), asked);
    }

    /** The answer came after the wait. */
    @Test
    void itLeadsWhereItHasLedBefore() {
        opens("/data/leased");
        assertEquals("-", line.object());
        returns();
        line.push(EventType.FACT, 0, -1, new Fact.OfPath(A, CURRENT, "/data/leased", LEASED));
        opens("/data/leased");
        assertEquals("/data/leased", line.object());
        assertEquals(ObjectKind.FILELOCK, line.event.waitsFor);
        returns();
        waitsAt("newfstatat", SLEEPS_FOR_STORAGE, 5, ADDRESS, "/data/leased");
        assertEquals("/data/leased", line.object(), "from whatever directory");
        assertEquals(List.of("-100 /data/leased"), asked, "and is not asked again");
    }

    /** Something else may stand there. */
    @Test
    void butOnlyForAWhile() {
        opens("/data/leased");
        line.push(EventType.FACT, 0, -1, new Fact.OfPath(A, CURRENT, "/data/leased", LEASED));
        returns();
        asked.clear();
        later(2_000_000_000L);
        found = new KernelObject(ObjectKind.FIFO, "/data/leased", 78);
        opens("/data/leased");
        assertEquals(List.of("-100 /data/leased"), asked);
        assertEquals("/data/leased", line.object());
        assertEquals(ObjectKind.FIFO, line.event.waitsFor, "the answer has come in time");
        returns();
        later(6_000_000_000L);
        found = null;
        opens("/data/leased");
        assertEquals("-", line.object());
    }

    @Test
    void anotherDirectoryIsAnotherPath() {
        opens("leased");
        line.push(EventType.FACT, 0, -1, new Fact.OfPath(A, CURRENT, "leased", LEASED));
        returns();
        line.call(A, "chdir", 0, 0x8000);
        opens("leased");
        assertEquals("-", line.object());
        line.push(EventType.FACT, 0, -1, new Fact.OfPath(A, CURRENT, "leased", LEASED));
        returns();
        waitsAt("openat", SLEEPS, 5, ADDRESS, "leased");
        assertEquals("-", line.object());
        line.push(EventType.FACT, 0, -1, new Fact.OfPath(A, 5, "leased", LEASED));
        returns();
        waitsAt("openat", SLEEPS, 5, ADDRESS, "leased");
        assertEquals("-", line.object(), "the number may be another directory's by now");
    }

    /** An answer that came late says nothing of another path in the same place. */
    @Test
    void anAnswerIsForItsPathAlone() {
        opens("/data/other");
        line.push(EventType.FACT, 0, -1, new Fact.OfPath(A, CURRENT, "/data/leased", LEASED));
        line.wakes(B, A);
        line.switchTo(0, SLEEPS);
        assertEquals("-", line.object());
    }

    /** Of two paths the kernel tells the first. */
    @Test
    void aPathThatIsNotTheCallsOwnIsPassedOver() {
        waitsAt("openat", SLEEPS, CURRENT, ADDRESS + 8, "/data/leased");
        assertEquals(List.of("by address"), asked);
    }

    /** Who answers tells which mount it is, and the kernel has told the path. */
    @Test
    void aFileThatIsServedIsNamedWithoutAnAnswer() {
        line.fd(B, 4, ObjectKind.FUSE, "fuse /mnt", FuseKeys.ofServer(DEVICE), Timeline.O_RDWR);
        waitsAt("newfstatat", SLEEPS_FOR_STORAGE, CURRENT, ADDRESS, "/mnt/f");
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | /mnt/f | p200(200)", line.wakes(B, A));
        assertEquals(FuseKeys.ofFile(DEVICE, "/mnt/f"), line.event.object.key());
        line.exit(A, "newfstatat", 0);
        waitsAt("newfstatat", SLEEPS_FOR_STORAGE, CURRENT, ADDRESS, "f");
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | fuse /mnt | p200(200)", line.wakes(B, A), "from which directory is not known");
    }
}
