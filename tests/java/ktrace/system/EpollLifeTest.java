package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.IntConsumer;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.Test;

/** Epoll sets and what they watch go when they are closed, whichever is first, and by whomever. */
class EpollLifeTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int CHILD = 400;
    private static final int ROUNDS = 100_000;
    private static final int ADD = 1;
    private static final int DEL = 2;
    private static final int CLOEXEC = 0x80000;
    private static final int EBADF = 9;
    private static final int EEXIST = 17;

    private final Timeline line = Timeline.of(A, B);

    /** What a child may have, and a set or two of 50 members. */
    private static void storm(IntConsumer round) {
        Census.ofStorm(ROUNDS, round);
    }

    private void create(int tid, int fd) {
        line.call(tid, "epoll_create1", fd, 0);
    }

    private void add(int tid, int set, int fd) {
        line.call(tid, "epoll_ctl", 0, set, ADD, fd, 0x5000);
    }

    private void eventfd(int tid, int fd) {
        line.call(tid, "eventfd2", fd, 0, 0);
    }

    private void close(int tid, int fd) {
        line.call(tid, "close", 0, fd);
    }

    private void child(int tid) {
        line.born(A, tid, 17);
    }

    private void ends(int tid) {
        line.exits(tid);
        line.dies(tid);
    }

    @Test
    void aClosedSetLeavesItsMembers() {
        line.pipe(77, A, 3, B, 4);
        storm(i -> {
            create(A, 9);
            add(A, 9, 3);
            close(A, 9);
        });
    }

    @Test
    void aMemberClosedBeforeItsSetLeavesIt() {
        create(A, 9);
        storm(i -> {
            eventfd(A, 10 + i % 1000);
            add(A, 9, 10 + i % 1000);
            close(A, 10 + i % 1000);
        });
    }

    @Test
    void aSetAndItsMembersCloseTogether() {
        storm(i -> {
            create(A, 9);
            for (int fd = 10; fd < 14; fd++) {
                eventfd(A, fd);
                add(A, 9, fd);
            }
            line.call(A, "close_range", 0, i % 2 == 0 ? 9 : 10, 20);
            line.call(A, "close_range", 0, 9, 20);
        });
    }

    @Test
    void setsOfSetsGoInEitherOrder() {
        line.pipe(77, A, 3, B, 4);
        storm(i -> {
            create(A, 9);
            create(A, 10);
            add(A, 10, 3);
            add(A, 9, 10);
            close(A, 9 + i % 2);
            close(A, 10 - i % 2);
        });
    }

    @Test
    void aDoubledSetGoesWithItsLastDescriptor() {
        line.pipe(77, A, 3, B, 4);
        storm(i -> {
            create(A, 9);
            line.call(A, "dup", 10, 9);
            close(A, 9);
            add(A, 10, 3);
            close(A, 10);
        });
        create(A, 9);
        line.call(A, "dup", 10, 9);
        close(A, 9);
        add(A, 10, 3);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", writesWhileWaiting(10));
    }

    @Test
    void aSetThatAChildInheritedGoesWithTheChild() {
        line.pipe(77, A, 3, B, 4);
        storm(i -> {
            create(A, 9);
            add(A, 9, 3);
            child(CHILD);
            close(A, 9);
            ends(CHILD);
        });
    }

    @Test
    void aSetThatAChildWasGivenToFillGoesWithTheLastOfBoth() {
        line.pipe(77, A, 3, B, 4);
        storm(i -> {
            create(A, 9);
            child(CHILD);
            close(A, 9);
            eventfd(CHILD, 5);
            add(CHILD, 9, 5);
            add(CHILD, 9, 3);
            ends(CHILD);
        });
    }

    @Test
    void execClosesSetsAndMembers() {
        line.pipe(77, A, 3, B, 4);
        storm(i -> {
            child(CHILD);
            line.call(CHILD, "epoll_create1", 9, CLOEXEC);
            line.call(CHILD, "eventfd2", 10, 0, i % 2 == 0 ? CLOEXEC : 0);
            add(CHILD, 9, 3);
            add(CHILD, 9, 10);
            line.enter(CHILD, "execve");
            line.exec(CHILD, CHILD, "x");
            line.exit(CHILD, "execve", 0);
            create(CHILD, 9);
            add(CHILD, 9, 10);
            ends(CHILD);
        });
    }

    @Test
    void aNumberAddedAgainIsOneMember() {
        create(A, 9);
        storm(i -> {
            line.pipe(1000 + i, A, 3, B, 4);
            add(A, 9, 3);
            line.call(A, "epoll_ctl", -EEXIST, 9, ADD, 3, 0x5000);
        });
        assertEquals("object | p200(200) | pipe:[" + (1000 + ROUNDS - 1) + "] | p200(200)", writesWhileWaiting(9));
        line.call(A, "epoll_ctl", 0, 9, DEL, 3);
        assertEquals("waker | p200(200) | - | -", writesWhileWaiting(9));
    }

    @Test
    void nothingIsLeftToDeleteAfterAClose() {
        create(A, 9);
        storm(i -> {
            eventfd(A, 10);
            add(A, 9, 10);
            close(A, 10);
            line.call(A, "epoll_ctl", -EBADF, 9, DEL, 10);
        });
    }

    /** What somebody else has open as well stays in the set, as in the kernel, until the number is added again. */
    @Test
    void whatAChildHoldsStaysAMember() {
        line.pipe(77, A, 3, B, 4);
        create(A, 9);
        add(A, 9, 3);
        child(CHILD);
        close(A, 3);
        line.blocks(A, "epoll_wait", 9);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77] | -", line.wakes(B, A));
        line.exit(B, "write", 1);
        line.exit(A, "epoll_wait", 1);
        ends(CHILD);
        line.pipe(78, A, 3, B, 6);
        add(A, 9, 3);
        assertEquals("waker | p200(200) | - | -", writesWhileWaiting(9));
    }

    /** While a thread waits there the set lives, whoever closes the last number of it. */
    @Test
    void aSetIsKeptByWhoWaitsThere() {
        line.thread(101, A);
        line.pipe(77, A, 3, B, 4);
        create(A, 9);
        add(A, 9, 3);
        line.blocks(A, "epoll_wait", 9);
        close(101, 9);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    @Test
    void ofTwoNumbersOfOneObjectEitherIsDeletedAlone() {
        line.pipe(77, A, 3, B, 4);
        line.call(A, "dup", 5, 3);
        create(A, 9);
        add(A, 9, 3);
        add(A, 9, 5);
        line.call(A, "epoll_ctl", 0, 9, DEL, 3);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", writesWhileWaiting(9));
        line.call(A, "epoll_ctl", 0, 9, DEL, 5);
        assertEquals("waker | p200(200) | - | -", writesWhileWaiting(9));
    }

    @Test
    void setsAreSeenThroughAsDeepAsTheKernelAllows() {
        line.pipe(77, A, 3, B, 4);
        for (int fd = 10; fd < 16; fd++) {
            create(A, fd);
            add(A, fd, fd == 10 ? 3 : fd - 1);
        }
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", writesWhileWaiting(14));
        assertEquals("waker | p200(200) | - | -", writesWhileWaiting(15));
        close(A, 12);
        assertEquals("waker | p200(200) | - | -", writesWhileWaiting(14));
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", writesWhileWaiting(11));
    }

    /** One server's set with many connections, and one object in many sets: each comes and goes as quickly as the first did. */
    @Test
    void membersComeAndGoAsQuicklyInALargeSet() {
        create(A, 9);
        eventfd(A, 10);
        Census.ofGrowth(ROUNDS, i -> {
            // It grows all the time.
            eventfd(A, 20 + i);
            add(A, 9, 20 + i);
            add(A, 9, 10);
            line.call(A, "epoll_ctl", 0, 9, DEL, 10);
        });
    }

    @Test
    void anObjectIsAddedAsQuicklyToManySets() {
        eventfd(A, 9);
        Census.ofGrowth(ROUNDS, i -> {
            create(A, 20 + i);
            add(A, 20 + i, 9);
            create(A, 10);
            add(A, 10, 9);
            line.enter(A, "epoll_wait", 10);
            line.run(B);
            line.enter(B, "getppid");
            line.exit(A, "epoll_wait", 1);
            close(A, 10);
        });
    }

    private String writesWhileWaiting(int set) {
        line.blocks(A, "epoll_wait", set);
        line.enter(B, "write", 4);
        String wake = line.wakes(B, A);
        line.exit(B, "write", 1);
        line.exit(A, "epoll_wait", 1);
        return wake;
    }

    @Test
    void whatWasListedAndNeverToldGoesWithTheSet() {
        storm(i -> {
            line.fd(A, 9, ObjectKind.POLL, "epoll fd 9", 0, 2, 0, 20 + i % 100, 200, 201);
            close(A, 9);
        });
    }
}
