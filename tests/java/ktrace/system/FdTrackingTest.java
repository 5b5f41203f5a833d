package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounter;
import ktrace.facts.NoSource;
import ktrace.facts.Question.Urgency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which object a descriptor means after every call that changes descriptors. */
class FdTrackingTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int CLOEXEC = 0x80000;
    private static final int CLONE_FILES = 0x400;
    private static final int THREAD = 0x10000;

    /** What /proc would say, and how often it was asked. */
    private static final class Proc extends NoSource {
        final Map<Long, FdSnapshot> fds = new HashMap<>();
        final List<String> asked = new ArrayList<>();

        void has(int tgid, int fd, ObjectKind kind, String name, long key, long peerKey) {
            fds.put((long) tgid << 32 | fd, new FdSnapshot(tgid, fd, new KernelObject(kind, name, key), 2, peerKey, List.of()));
        }

        @Override
        public FdSnapshot fd(int tgid, int fd) {
            asked.add(tgid + ":" + fd);
            return fds.get((long) tgid << 32 | fd);
        }

        @Override
        public List<FdSnapshot> fds(int tgid) {
            asked.add(tgid + ":*");
            return fds.values().stream().filter(s -> s.tgid() == tgid).toList();
        }
    }

    private final Proc proc = new Proc();
    private final Timeline line = Timeline.of(proc, A, B);

    private void file(int tgid, int fd, String name, int flags) {
        line.fd(tgid, fd, ObjectKind.DISK, name, name.hashCode(), flags);
    }

    private String reads(int tid, int fd) {
        return line.enter(tid, "read", fd);
    }

    @Test
    void anUnknownNumberIsAskedAboutOnceWhenItIsUsed() {
        proc.has(A, 3, ObjectKind.DISK, "/etc/passwd", 5, 0);
        assertEquals("-", reads(A, 3), "the answer comes behind the call");
        assertEquals("/etc/passwd", reads(A, 3));
        assertEquals("-", reads(A, 4));
        assertEquals("-", reads(A, 4));
        assertEquals(List.of("100:3", "100:4"), proc.asked);
        assertEquals(0, line.count(TraceCounter.UNKNOWN_FD));
        line.blocks(A, "read", 4);
        line.blocks(A, "read", 4);
        assertEquals(1, line.count(TraceCounter.UNKNOWN_FD));
    }

    @Test
    void aNumberUsedAgainIsLookedUpAgain() {
        proc.has(A, 3, ObjectKind.DISK, "/one", 5, 0);
        line.call(A, "openat", 3, -100, 0, 0);
        reads(A, 3);
        assertEquals("/one", reads(A, 3));
        line.call(A, "close", 0, 3);
        proc.has(A, 3, ObjectKind.DISK, "/two", 6, 0);
        line.call(A, "openat", 3, -100, 0, 0);
        reads(A, 3);
        assertEquals("/two", reads(A, 3));
    }

    @Test
    void aFailedCallChangesNothing() {
        file(A, 3, "/one", 0);
        line.call(A, "dup2", -9, 7, 3);
        assertEquals("/one", reads(A, 3));
    }

    @Test
    void duplicatesMeanTheSame() {
        file(A, 3, "/one", 0);
        line.call(A, "dup", 4, 3);
        line.call(A, "dup2", 5, 4, 5);
        line.call(A, "dup3", 6, 5, 6, CLOEXEC);
        line.call(A, "fcntl", 10, 6, 0, 10);
        line.call(A, "fcntl", 11, 6, 1030, 10);
        line.call(A, "close", 0, 3);
        for (int fd : new int[] {4, 5, 6, 10, 11}) {
            assertEquals("/one", reads(A, fd), "fd " + fd);
        }
        line.exec(A, A, "x");
        for (int fd : new int[] {6, 11}) {
            assertEquals("-", reads(A, fd), "fd " + fd);
        }
        for (int fd : new int[] {4, 5, 10}) {
            assertEquals("/one", reads(A, fd), "fd " + fd);
        }
    }

    @Test
    void closeOnExecCanBeSetAndTakenBack() {
        file(A, 3, "/three", 0);
        file(A, 4, "/four", CLOEXEC);
        file(A, 5, "/five", 0);
        file(A, 6, "/six", 0);
        line.call(A, "fcntl", 0, 3, 2, 1);
        line.call(A, "fcntl", 0, 4, 2, 0);
        line.call(A, "ioctl", 0, 5, 0x5451);
        line.call(A, "close_range", 0, 6, 6, 4);
        line.exec(A, A, "x");
        assertEquals("- /four - -", reads(A, 3) + " " + reads(A, 4) + " " + reads(A, 5) + " " + reads(A, 6));
    }

    @Test
    void closeRangeClosesARange() {
        for (int fd = 3; fd < 8; fd++) {
            file(A, fd, "/" + fd, 0);
        }
        line.call(A, "close_range", 0, 4, 6, 0);
        assertEquals("/3 - - - /7", reads(A, 3) + " " + reads(A, 4) + " " + reads(A, 5) + " " + reads(A, 6) + " " + reads(A, 7));
        line.call(A, "close_range", 0, 3, 0xffffffffL, 0);
        assertEquals("- -", reads(A, 3) + " " + reads(A, 7));
    }

    @Test
    void forkCopiesAndCloneFilesShares() {
        file(A, 3, "/three", 0);
        line.born(A, 400, 0);
        line.born(A, 401, CLONE_FILES);
        line.born(A, 402, CLONE_FILES | THREAD);
        line.call(A, "close", 0, 3);
        assertEquals("/three", reads(400, 3));
        assertEquals("- -", reads(401, 3) + " " + reads(402, 3));
        line.call(401, "unshare", 0, CLONE_FILES);
        file(A, 4, "/four", 0);
        assertEquals("-", reads(401, 4));
        assertEquals("/four", reads(402, 4));
    }

    /** The process is gone before /proc could be asked: its numbers are those that the kernel had to give out. */
    @Test
    void pipeNumbersAreTheLowestFreeOnes() {
        file(A, 0, "/in", 0);
        file(A, 1, "/out", 0);
        file(A, 3, "/three", 0);
        line.exec(A, A, "sh");
        line.call(A, "pipe2", 0, 0x7000, 0);
        assertEquals("pipe | sh(100)", line.blocks(A, "read", 2));
        line.born(A, 400, 0);
        line.call(A, "close", 0, 4);
        line.call(400, "dup2", 1, 4, 1);
        line.call(400, "close", 0, 2);
        line.call(400, "close", 0, 4);
        assertEquals("pipe | c400(400)", line.blocks(A, "read", 2));
        line.enter(400, "write", 1);
        assertEquals("object | c400(400) | - | c400(400)", line.wakes(400, A));
        proc.has(400, 1, ObjectKind.PIPE, "pipe:[77]", 77, 0);
        line.nowNs += 2_000_000_000L;
        line.enter(400, "write", 1);
        assertEquals("pipe:[77] | c400(400)", line.blocks(A, "read", 2));
    }

    @Test
    void aChildInheritsACompleteTable() {
        file(A, 0, "/in", 0);
        file(A, 1, "/out", 0);
        line.nowNs += 2_000_000_000L;
        line.born(A, 400, 0);
        line.call(400, "pipe", 0, 0x7000);
        assertEquals("pipe | c400(400)", line.blocks(400, "read", 2));
        assertEquals(false, proc.asked.contains("400:*"));
    }

    @Test
    void anIncompleteTableIsReadAgainWhenAPipeIsMade() {
        proc.has(A, 8, ObjectKind.PIPE, "pipe:[77]", 77, 0);
        line.call(A, "pipe", 0, 0x7000);
        assertEquals(List.of("100:*"), proc.asked);
        assertEquals("pipe:[77]", line.enter(A, "read", 8));
    }

    @Test
    void theEndsOfASocketPairKnowEachOtherThoughOnlyOneCanBeAsked() {
        file(A, 0, "/in", 0);
        line.exec(A, A, "x");
        proc.has(A, 1, ObjectKind.UNIX, "unix:[10]", 10, 11);
        line.call(A, "socketpair", 0, 1, 1, 0, 0x7000);
        line.born(A, 400, 0);
        line.call(A, "close", 0, 2);
        line.call(400, "close", 0, 1);
        assertEquals("unix | x(100)", line.blocks(400, "read", 2));
        assertEquals("unix:[10]", line.enter(A, "write", 1));
        assertEquals("object | x(100) | unix:[11] | x(100)", line.wakes(A, 400));
    }

    @Test
    void connectGivesASocketItsName() {
        line.call(A, "socket", 3, 2, 1, 0);
        line.call(A, "connect", -115, 3, 0x7000, 16);
        proc.has(A, 3, ObjectKind.TCP, "tcp 10.0.0.1:5→10.0.0.2:80", 20, 0);
        assertEquals("tcp 10.0.0.1:5→10.0.0.2:80", line.enter(A, "write", 3));
    }

    @Test
    void anAcceptedSocketIsOfTheKindOfTheOneThatListens() {
        line.fd(A, 3, ObjectKind.UNIX, "unix /run/x", 9, 2, FdSnapshot.LISTENING);
        line.call(A, "accept4", 5, 3, 0, 0, CLOEXEC);
        assertEquals("unix", line.enter(A, "read", 5));
        line.exec(A, A, "x");
        assertEquals("-", line.enter(A, "read", 5));
    }

    /** Both ends are closed before /proc could be asked: but who connected woke who accepts. */
    @Test
    void aShortConnectionIsKnownByWhoMadeIt() {
        line.fd(A, 3, ObjectKind.TCP, "tcp 127.0.0.1:80", 9, 2, FdSnapshot.LISTENING);
        line.call(B, "socket", 7, 2, 1, 0);
        line.blocks(A, "accept", 3);
        line.enter(B, "connect", 7);
        assertEquals("object | p200(200) | - | -", line.wakesIn(0x10, B, B, A));
        line.exit(B, "connect", 0);
        line.exit(A, "accept", 5);
        assertEquals("tcp | p200(200)", line.blocks(A, "read", 5));
        line.enter(B, "sendto", 7);
        assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(0x10, B, B, A));
        line.call(B, "close", 0, 7);
        // The next one was queued while nobody waited: it may be anybody's.
        line.call(A, "accept", 6, 3);
        assertEquals("tcp", line.blocks(A, "read", 6));
    }

    @Test
    void aLookupThatContradictsWhatWasSeenIsOfALaterUseOfTheNumber() {
        line.call(A, "eventfd2", 3, 0, 0);
        proc.has(A, 3, ObjectKind.DISK, "/tmp/x", 9, 0);
        assertEquals("eventfd | p100(100)", line.blocks(A, "read", 3));
        assertEquals(1, line.count(TraceCounter.UNKNOWN_FD));
    }

    @Test
    void afterLossEveryNumberIsLookedUpAgain() {
        file(A, 3, "/one", 0);
        assertEquals("/one", reads(A, 3));
        proc.has(A, 3, ObjectKind.DISK, "/two", 6, 0);
        assertEquals("/one", reads(A, 3));
        line.push(EventType.EVENTS_LOST, 0, 0, null);
        assertEquals("/one", reads(A, 3));
        assertEquals("/two", reads(A, 3));
    }

    /** Plain files are asked about only while there is little to ask; one that somebody waits for always is, and at once. */
    @Test
    void whatSomebodyWaitsForIsUrgent() {
        List<Urgency> asked = new ArrayList<>();
        Timeline quiet = Timeline.of(NoSource.INSTANCE, A, B);
        quiet.asked = asked;
        quiet.call(A, "openat", 3, -100, 0, 0);
        quiet.call(A, "read", 0, 3);
        assertEquals(List.of(Urgency.LATER), asked);
        quiet.call(A, "eventfd2", 4, 0, 0);
        quiet.enter(A, "read", 4);
        assertEquals(List.of(Urgency.LATER, Urgency.SOON), asked);
        quiet.switchTo(0, 1);
        assertEquals(List.of(Urgency.LATER, Urgency.SOON), asked, "answered in vain, and not asked again so soon");
        quiet.call(B, "openat", 3, -100, 0, 0);
        quiet.switchTo(B, 0);
        quiet.enter(B, "pread64", 7);
        quiet.switchTo(0, 2);
        assertEquals(List.of(Urgency.LATER, Urgency.SOON, Urgency.SOON, Urgency.SOON), asked, "of what 7 is, and where it sleeps");
    }

    @Test
    void whoWaitsAtAnUnknownNumberIsToldWhatItIsBeforeItIsDecidedWhyItWaits() {
        line.call(A, "openat", 3, -100, 0, 0);
        line.enter(A, "read", 3);
        proc.has(A, 3, ObjectKind.FIFO, "/run/fifo", 8, 0);
        line.call(A, "openat", 4, -100, 0, 0);
        proc.has(A, 4, ObjectKind.FIFO, "/run/other", 9, 0);
        assertEquals("-", line.blocks(A, "read", 4));
        assertEquals("/run/other", line.object(), "stamped on the switch");
    }

    @Test
    void anEpollSetAtAttachKnowsMembersThatAreToldOfLater() {
        line.fd(A, 4, ObjectKind.POLL, "epoll fd 4", 0, 2, 0, 7);
        line.fd(A, 7, ObjectKind.PIPE, "pipe:[77]", 77, 0);
        line.fd(B, 8, ObjectKind.PIPE, "pipe:[77]", 77, 1);
        line.blocks(A, "epoll_wait", 4);
        line.enter(B, "write", 8);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    @Test
    void theLastProcessToEndClosesItsDescriptors() {
        line.pipe(77, A, 3, B, 4);
        line.exits(B);
        line.dies(B);
        assertEquals("pipe:[77]", line.blocks(A, "read", 3));
    }

    /** As sockets seem to do when numbers are used again and the calls between were not seen. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void twoSocketsThatTurnOutToBeEachOtherAreWhatWasToldLast() {
        line.call(A, "socket", 3, 1, 1, 0);
        line.fd(A, 3, ObjectKind.UNIX, "unix:[1]", 1, 2);
        line.call(A, "connect", 0, 3);
        line.fd(A, 3, ObjectKind.UNIX, "unix:[2]", 2, 2);
        line.call(B, "socket", 4, 1, 1, 0);
        line.fd(B, 4, ObjectKind.UNIX, "unix:[3]", 3, 2);
        line.call(B, "connect", 0, 4);
        line.fd(B, 4, ObjectKind.UNIX, "unix:[1]", 1, 2);
        line.call(A, "connect", 0, 3);
        line.fd(A, 3, ObjectKind.UNIX, "unix:[3]", 3, 2);
        assertEquals("unix:[3]", line.enter(A, "read", 3));
        assertEquals("unix:[1]", line.enter(B, "read", 4));
    }
}
