package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.facts.NoSource;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.TrackedObject;
import org.junit.jupiter.api.Test;

/** What descriptors refer to goes with the last of them, and whatever referred to it lets go of it. */
class ObjectLifeTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int CHILD = 400;
    private static final int ROUNDS = 100_000;
    private static final int ADD = 1;
    private static final int LOCK_EX = 2;
    private static final int SOFTIRQ = 0x10;
    private static final int FIFOS_REMEMBERED = 256;

    /** What /proc would say of a number, and of a path. */
    private static final class Proc extends NoSource {
        final Map<Long, FdSnapshot> fds = new HashMap<>();
        KernelObject opening;

        void has(int tgid, int fd, ObjectKind kind, String name, long key, long peerKey) {
            fds.put((long) tgid << 32 | fd, new FdSnapshot(tgid, fd, new KernelObject(kind, name, key), 2, peerKey, List.of()));
        }

        @Override
        public FdSnapshot fd(int tgid, int fd) {
            return fds.get((long) tgid << 32 | fd);
        }

        @Override
        public KernelObject opening(int tgid, int dirFd, long pathAddress) {
            return opening;
        }
    }

    private final Proc proc = new Proc();
    private final Timeline line = Timeline.of(proc, A, B);

    /** With as many lookups as there may be. */
    private Census storm(IntConsumer round) {
        return Census.ofStorm(ROUNDS, i -> {
            line.nowNs += 100_000_000;
            round.accept(i);
        });
    }

    private void completeTables() {
        for (int tgid : new int[] {A, B}) {
            line.fd(tgid, 0, ObjectKind.TTY, "/dev/pts/5", 6, 2);
            line.exec(tgid, tgid, "p" + tgid);
        }
    }

    private void close(int tid, int fd) {
        line.call(tid, "close", 0, fd);
    }

    private void ends(int tid) {
        line.exits(tid);
        line.dies(tid);
    }

    @Test
    void pipesGo() {
        completeTables();
        storm(i -> {
            line.call(A, "pipe2", 0, 0x7000, 0);
            if (i % 2 == 0) {
                proc.has(A, 1, ObjectKind.PIPE, "pipe:[" + (1000 + i) + "]", 1000 + i, 0);
                line.call(A, "read", 1, 1);
            }
            line.born(A, CHILD, 17);
            close(A, 1);
            close(CHILD, 2);
            line.blocks(CHILD, "read", 1);
            close(A, 2);
            ends(CHILD);
        });
    }

    @Test
    void socketPairsGoWhoeverIsLookedUpFirst() {
        completeTables();
        storm(i -> {
            long inode = 10_000 + 2L * i;
            line.call(A, "socketpair", 0, 1, 1, 0, 0x7000);
            line.born(A, CHILD, 17);
            close(A, 2);
            close(CHILD, 1);
            proc.has(A, 1, ObjectKind.UNIX, "unix:[" + inode + "]", inode, inode + 1);
            proc.has(CHILD, 2, ObjectKind.UNIX, "unix:[" + (inode + 1) + "]", inode + 1, inode);
            if (i % 3 != 0) {
                line.call(A, "write", 1, 1);
            }
            if (i % 3 != 1) {
                line.call(CHILD, "read", 1, 2);
            }
            if (i % 2 == 0) {
                close(A, 1);
                ends(CHILD);
            } else {
                ends(CHILD);
                close(A, 1);
            }
        });
    }

    @Test
    void connectionsGoThoughNobodyCouldLookAtThem() {
        line.fd(A, 3, ObjectKind.TCP, "tcp 127.0.0.1:80", 9, 2, FdSnapshot.LISTENING);
        storm(i -> {
            line.call(B, "socket", 7, 2, 1, 0);
            line.blocks(A, "accept", 3);
            line.enter(B, "connect", 7);
            assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
            line.exit(B, "connect", 0);
            if (i % 2 == 0) {
                close(B, 7);
            }
            // Or it is never accepted.
            line.exit(A, "accept", i % 5 == 0 ? -11 : 5);
            close(A, 5);
            close(B, 7);
        });
    }

    @Test
    void connectionsThatWereLookedUpGo() {
        storm(i -> {
            line.fd(A, 3, ObjectKind.TCP, "tcp 127.0.0.1:80→127.0.0.1:" + i, 2L * i + 1, 2, i % 2 == 0 ? 2L * i + 2 : 0);
            line.fd(B, 4, ObjectKind.TCP, "tcp 127.0.0.1:" + i + "→127.0.0.1:80", 2L * i + 2, 2, 0);
            line.blocks(A, "read", 3);
            line.enter(B, "write", 4);
            assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(SOFTIRQ, B, B, A));
            close(i % 3 == 0 ? A : B, i % 3 == 0 ? 3 : 4);
            line.call(A, "close_range", 0, 3, 4);
            line.call(B, "close_range", 0, 3, 4);
        });
    }

    /** The end that is another machine's process's, or nobody's that is observed: it stands here for as long as this end does. */
    @Test
    void otherEndsThatNobodyHoldsGoWithTheirs() {
        storm(i -> {
            line.fd(A, 3, ObjectKind.UNIX, "unix:[" + (2 * i + 1) + "]", 2L * i + 1, 2, 2L * i + 2);
            assertEquals("unix:[" + (2 * i + 1) + "]", line.blocks(A, "read", 3));
            close(A, 3);
        });
    }

    /** It is found by its number when somebody turns out to hold it. */
    @Test
    void anOtherEndIsFoundAsLongAsThisOneLives() {
        line.fd(A, 3, ObjectKind.UNIX, "unix:[11]", 11, 2, 12);
        for (int i = 0; i < 100; i++) {
            line.call(A, "read", 1, 3);
        }
        line.fd(B, 4, ObjectKind.UNIX, "unix /run/x", 12, 2, 11);
        assertEquals("unix:[11] | p200(200)", line.blocks(A, "read", 3));
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void socketsThatAreConnectedAgainAndAgainStayOne() {
        line.call(A, "socket", 3, 2, 2, 0);
        storm(i -> {
            line.call(A, "connect", 0, 3, 0x7000, 16);
            proc.has(A, 3, ObjectKind.UDP, "udp 127.0.0.1:5000→127.0.0.1:" + i, 77, i % 2 == 0 ? 1000 + i : 0);
            line.call(A, "sendto", 1, 3);
        });
        Census.ofStorm(ROUNDS, i -> line.call(A, "getppid", 1));
    }

    /** The kernel gave the number of a descriptor out again while nobody looked: it is another object under another inode. */
    @Test
    void anObjectFoundUnderAnotherKeyIsNotFoundUnderTheFirst() {
        line.fd(A, 3, ObjectKind.UNIX, "unix:[11]", 11, 2, 0);
        line.call(A, "connect", 0, 3, 0x7000, 16);
        proc.has(A, 3, ObjectKind.UNIX, "unix:[13]", 13, 0);
        line.call(A, "read", 1, 3);
        line.fd(B, 4, ObjectKind.UNIX, "unix:[11]", 11, 2, 0);
        assertEquals("unix:[13]", line.enter(A, "read", 3));
        assertEquals("unix:[11]", line.enter(B, "write", 4));
    }

    @Test
    void fifosOpenedByAnybodyGo() {
        Census after = storm(i -> {
            proc.opening = new KernelObject(ObjectKind.FIFO, "/run/f" + i, 1000 + i);
            line.blocks(A, "openat", -100, 0x5000, 0);
            line.enter(B, "getppid");
            line.wakes(B, A);
            line.exit(A, "openat", 3);
            if (i % 2 == 0) {
                proc.has(A, 3, ObjectKind.FIFO, "/run/f" + i, 1000 + i, 0);
                line.call(A, "read", 0, 3);
            }
            close(A, 3);
        });
        assertTrue(after.of(TrackedObject.class) < FIFOS_REMEMBERED + 50, after.of(TrackedObject.class) + " objects");
    }

    /** To whoever reads what was waited for it is one FIFO, however often it is opened. */
    @Test
    void aFifoOpenedAgainIsTheSame() {
        KernelObject first = null;
        for (int i = 0; i < 10; i++) {
            proc.opening = new KernelObject(ObjectKind.FIFO, "/run/fifo", 8);
            line.blocks(A, "openat", -100, 0x5000, 0);
            KernelObject now = line.event.object;
            assertEquals("/run/fifo", now.name());
            line.exit(A, "openat", 3);
            close(A, 3);
            first = first == null ? now : first;
            assertSame(first, now);
        }
    }

    @Test
    void whoOpensAFifoIsLetOnByWhoOpensItsOtherEnd() {
        proc.opening = new KernelObject(ObjectKind.FIFO, "/run/fifo", 8);
        line.blocks(A, "openat", -100, 0x5000, 0);
        line.enter(B, "openat", -100, 0x5000, 1);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
    }

    /** As it left its sets when the last closed it. */
    @Test
    void aFifoThatIsRememberedIsNoMember() {
        line.fd(A, 3, ObjectKind.FIFO, "/run/fifo", 8, 0);
        line.call(A, "epoll_create1", 9, 0);
        line.call(A, "epoll_ctl", 0, 9, ADD, 3, 0x5000);
        close(A, 3);
        line.fd(B, 4, ObjectKind.FIFO, "/run/fifo", 8, 1);
        line.blocks(A, "epoll_wait", 9);
        line.enter(B, "write", 4);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void locksGoWithTheirFiles() {
        storm(i -> {
            line.fd(A, 3, ObjectKind.DISK, "/tmp/" + i, 1000 + i, 2);
            line.fd(B, 4, ObjectKind.DISK, "/tmp/" + i, 1000 + i, 2);
            line.blocks(A, "flock", 3, LOCK_EX);
            line.enter(B, "flock", 4, 8);
            assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
            line.exit(B, "flock", 0);
            close(B, 4);
            close(A, 3);
        });
    }

    /** Numbers beyond what a table keeps, told of by /proc. */
    @Test
    void whatNoTableKeepsIsNotKept() {
        storm(i -> line.fd(A, FdTable.LIMIT + i, ObjectKind.PIPE, "pipe:[" + i + "]", 1000 + i, 0));
    }

    @Test
    void queuesGoWhenTheyAreRemovedOrNotUsed() {
        storm(i -> {
            line.call(A, "msgsnd", 0, i);
            line.blocks(B, "msgrcv", i);
            line.enter(A, "msgctl", i, 0);
            assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, B));
            line.exit(A, "msgctl", 0);
            line.exit(B, "msgrcv", -43);
            line.call(A, "semctl", 0, i, 0, 0);
        });
        Census after = storm(i -> line.call(A, i % 2 == 0 ? "msgsnd" : "semop", 0, i));
        assertTrue(after.of(TrackedObject.class) < 5000);
    }

    /** The number may be another queue's after it was removed. */
    @Test
    void aRemovedQueueIsNoOnesAndItsNumberAnothers() {
        line.enter(B, "msgrcv", 7);
        KernelObject first = line.event.object;
        line.switchTo(0, 1);
        line.call(A, "msgctl", 0, 7, 0);
        line.exit(B, "msgrcv", -43);
        line.enter(A, "msgrcv", 7);
        assertNotSame(first, line.event.object);
        assertEquals("queue 7 | p100(100)", line.object() + " | " + line.peers());
    }

    @Test
    void whatIsHeldByATerminalsTwoSidesGoes() {
        storm(i -> {
            line.fd(A, 3, ObjectKind.TTY, "/dev/pts/" + i, 10 + i, 2, 1L << 32 | 10 + i);
            line.fd(B, 4, ObjectKind.TTY, "/dev/ptmx " + i, 1L << 32 | 10 + i, 2, 10 + i);
            close(i % 2 == 0 ? A : B, i % 2 == 0 ? 3 : 4);
            close(i % 2 == 0 ? B : A, i % 2 == 0 ? 4 : 3);
        });
    }

    @Test
    void childrensEndsThatAreWaitedForGo() {
        storm(i -> {
            line.call(A, "pidfd_open", 5, 5000 + i, 0);
            line.call(A, "wait4", -10, 5000 + i, 0, 0, 0);
            line.call(A, "epoll_create1", 9, 0);
            line.call(A, "epoll_ctl", 0, 9, ADD, 5, 0x5000);
            close(A, 5);
            close(A, 9);
        });
    }

    /** Memory is as large as what is open, not as what once was. */
    @Test
    void aTableForksAsQuicklyAfterAHighNumberWasClosed() {
        line.pipe(77, A, 3, B, 4);
        Census.ofGrowth(20_000, i -> {
            if (i == 5000 * 3) {
                line.call(A, "dup2", 900_000, 3, 900_000);
                close(A, 900_000);
            }
            line.born(A, CHILD, 17);
            ends(CHILD);
        });
    }

    @Test
    void whereNoSchedulerIsSeenWhatEndedIsLetGoOf() {
        line.event.number = 1;
        line.push(EventType.START, 0, -1, null);
        storm(i -> {
            line.pipe(1000 + i, A, 3, B, 4);
            line.enter(A, "read", 3);
            line.call(B, "write", 1, 4);
            line.exit(A, "read", 1);
            line.born(A, CHILD, 17);
            line.enter(A, "wait4", CHILD, 0, 0);
            line.enter(CHILD, "write", 4);
            line.push(EventType.SCHED_PROCESS_EXIT, CHILD, CHILD, null);
            line.exit(A, "wait4", CHILD);
        });
    }
}
