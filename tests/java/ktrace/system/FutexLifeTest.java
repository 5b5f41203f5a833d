package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.facts.NoSource;
import ktrace.system.objects.SharedFile;
import ktrace.system.objects.TrackedObject;
import org.junit.jupiter.api.Test;

/** A futex is there for those who wait at it, and for a while afterwards; at however many addresses a program waits and wakes. */
class FutexLifeTest {
    private static final int A = 100;
    private static final int A2 = 101;
    private static final int A3 = 102;
    private static final int B = 200;
    private static final int CHILD = 400;
    private static final int ROUNDS = 100_000;
    private static final int PRIVATE = 0x80;
    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int REQUEUE = 3;
    private static final int CMP_REQUEUE = 4;
    private static final int WAKE_OP = 5;
    private static final int LOCK_PI = 6;
    private static final int UNLOCK_PI = 7;
    private static final int WAIT_REQUEUE_PI = 11;
    private static final int CMP_REQUEUE_PI = 12;
    private static final int EAGAIN = 11;
    private static final int EXITS = 0x20;
    private static final int USED_LIMIT = 1 << 12;
    /** So many are remembered of each process. */
    private static final int MAPPINGS = 256;

    /** Files of 1 MiB, mapped shared one after the other from 1 GiB on in A, and from 2 GiB on in B. */
    private static final class Files extends NoSource {
        private static final long GIB = 1L << 30;
        private static final long MIB = 1L << 20;
        final Map<Integer, Integer> asked = new HashMap<>();

        static long at(int tgid, int file) {
            return (tgid == B ? 2 : 1) * GIB + file * MIB;
        }

        @Override
        public MappingSnapshot mapping(int tgid, long address) {
            asked.merge(tgid, 1, Integer::sum);
            long base = at(tgid, 0);
            long file = Math.floorDiv(address - base, MIB);
            return file < 0 || file >= 1000 ? null
                    : new MappingSnapshot(base + file * MIB, base + (file + 1) * MIB, true, 1, 50 + file, 0, "/dev/shm/f" + file);
        }
    }

    private final Files files = new Files();
    private final Timeline line = Timeline.of(files, A, B);

    FutexLifeTest() {
        line.thread(A2, A);
        line.thread(A3, A);
    }

    private static Census storm(IntConsumer round) {
        return Census.ofStorm(ROUNDS, round);
    }

    private static long address(int i) {
        return 0x10_0000L + 8L * i;
    }

    private void calls(int tid, long address, int command, long result) {
        line.call(tid, "futex", result, address, command, 1);
    }

    /** A2 waits, and A wakes it: gives the evidence. */
    private String waitsAndIsWoken(long waitsAt, long wokenAt, int flag) {
        line.blocks(A2, "futex", waitsAt, WAIT | flag, 2);
        line.enter(A, "futex", wokenAt, WAKE | flag, 1);
        String wake = line.wakes(A, A2);
        line.exit(A, "futex", 1);
        line.exit(A2, "futex", 0);
        return wake;
    }

    @Test
    void toWakeWhereNobodyWaitsNeedsNoObject() {
        long before = Census.take().of(TrackedObject.class);
        Census after = storm(i -> {
            calls(A, address(i), WAKE | PRIVATE, 0);
            assertNull(line.event.object);
            calls(A, address(i), WAKE, 0);
            calls(A, address(i), UNLOCK_PI | PRIVATE, 0);
            line.call(A, "futex", 0, address(i), WAKE_OP | PRIVATE, 1, 1, address(i + 1));
            line.call(A, "futex", 0, address(i), CMP_REQUEUE | PRIVATE, 1, 1, address(i + 1));
            line.call(A, "futex_wake", 0, address(i), -1, 1, PRIVATE);
        });
        assertTrue(after.of(TrackedObject.class) <= before);
        assertEquals(0, files.asked.size(), "lookups for addresses that nobody waits at");
    }

    @Test
    void waitsThatFailLeaveNothing() {
        storm(i -> calls(A, address(i), (i % 2 == 0 ? WAIT : LOCK_PI) | PRIVATE, -EAGAIN));
    }

    @Test
    void eachWaitIsConfirmedAtHoweverManyAddresses() {
        Census after = storm(i -> assertEquals("object | p100(100) | - | p100(100)",
                waitsAndIsWoken(address(i), address(i), PRIVATE)));
        assertTrue(after.of(TrackedObject.class) < USED_LIMIT + 100);
    }

    @Test
    void whoWaitsNowIsNotForgotten() {
        line.blocks(A2, "futex", 0x7000, WAIT | PRIVATE, 2);
        for (int i = 0; i < 3 * USED_LIMIT; i++) {
            calls(A3, address(i), WAIT | PRIVATE, -EAGAIN);
        }
        line.enter(A, "futex", 0x7000, WAKE | PRIVATE, 1);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, A2));
    }

    @Test
    void whatIsUsedAgainAndAgainStaysTheSame() {
        waitsAndIsWoken(0x7000, 0x7000, PRIVATE);
        line.enter(A2, "futex", 0x7000, WAIT | PRIVATE, 2);
        KernelObject first = line.event.object;
        line.exit(A2, "futex", -EAGAIN);
        for (int i = 0; i < 3 * USED_LIMIT; i++) {
            calls(A3, address(i), WAIT | PRIVATE, -EAGAIN);
            if (i % 1000 == 0) {
                line.enter(A2, "futex", 0x7000, WAIT | PRIVATE, 2);
                assertSame(first, line.event.object);
                line.exit(A2, "futex", -EAGAIN);
            }
        }
    }

    /**
     * <pre>
     * waker   ├─ futex(F, FUTEX_WAKE) ──wakes──┤
     * waiter       ├─ futex(F, FUTEX_WAIT) ────┤
     * </pre>
     */
    @Test
    void theWakerMayHaveBegunBeforeTheWaiter() {
        line.enter(A, "futex", 0x7000, WAKE | PRIVATE, 1);
        assertNull(line.event.object);
        line.switchTo(0, 0);
        line.blocks(A2, "futex", 0x7000, WAIT | PRIVATE, 2);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, A2));
        line.exit(A, "futex", 1);
        line.enter(A, "futex_wake", 0x8000, -1, 1, PRIVATE);
        line.switchTo(0, 0);
        line.blocks(A3, "futex_wait", 0x8000, 2, -1, PRIVATE);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, A3));
    }

    @Test
    void aSharedWakerMayHaveBegunBeforeTheWaiter() {
        line.enter(B, "futex", Files.at(B, 0), WAKE, 1);
        line.switchTo(0, 0);
        line.blocks(A, "futex", Files.at(A, 0), WAIT, 2);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    /** A condition variable at ever new addresses: who waits at one is sent to the next, and woken there. */
    @Test
    void requeuedWaitersAreFoundAlongAnyChain() {
        storm(i -> {
            line.blocks(A2, "futex", address(i), WAIT | PRIVATE, 2);
            line.call(A, "futex", 1, address(i), (i % 2 == 0 ? REQUEUE : CMP_REQUEUE) | PRIVATE, 0, 1, address(i + 1));
            line.enter(A, "futex", address(i + 1), WAKE | PRIVATE, 1);
            assertEquals("object | p100(100) | futex 0x" + Long.toHexString(address(i + 1)) + " | p100(100)", line.wakes(A, A2));
            line.exit(A, "futex", 1);
            line.exit(A2, "futex", 0);
        });
    }

    @Test
    void whereWaitersWereSentToIsKeptForThem() {
        line.blocks(A2, "futex", 0x7000, WAIT | PRIVATE, 2);
        line.call(A, "futex", 1, 0x7000, CMP_REQUEUE | PRIVATE, 0, 1, 0x8000);
        for (int i = 0; i < 3 * USED_LIMIT; i++) {
            calls(A3, address(i), WAIT | PRIVATE, -EAGAIN);
        }
        line.enter(A, "futex", 0x8000, WAKE | PRIVATE, 1);
        assertEquals("object | p100(100) | futex 0x8000 | p100(100)", line.wakes(A, A2));
        line.exit(A, "futex", 1);
        line.exit(A2, "futex", 0);
        // The next who waits at the first has been sent nowhere.
        assertEquals("waker | p100(100) | - | p100(100)", waitsAndIsWoken(0x7000, 0x8000, PRIVATE));
    }

    @Test
    void twoFutexesThatSendToEachOtherGo() {
        storm(i -> {
            line.blocks(A2, "futex", address(2 * i), WAIT | PRIVATE, 2);
            line.blocks(A3, "futex", address(2 * i + 1), WAIT | PRIVATE, 2);
            line.call(A, "futex", 1, address(2 * i), CMP_REQUEUE | PRIVATE, 0, 1, address(2 * i + 1));
            line.call(A, "futex", 1, address(2 * i + 1), CMP_REQUEUE | PRIVATE, 0, 1, address(2 * i));
            line.call(A, "futex", 1, address(2 * i), CMP_REQUEUE | PRIVATE, 0, 1, address(2 * i));
            line.exit(A2, "futex", 0);
            line.exit(A3, "futex", 0);
        });
    }

    @Test
    void priorityInheritingWaitersAreSentOn() {
        storm(i -> {
            line.blocks(A2, "futex", address(i), WAIT_REQUEUE_PI | PRIVATE, 2, 0, address(i + 1));
            line.call(A, "futex", 1, address(i), CMP_REQUEUE_PI | PRIVATE, 1, 1, address(i + 1));
            line.enter(A, "futex", address(i + 1), UNLOCK_PI | PRIVATE);
            assertEquals("object | p100(100) | futex 0x" + Long.toHexString(address(i + 1)) + " | p100(100)", line.wakes(A, A2));
            line.exit(A, "futex", 0);
            line.exit(A2, "futex", 0);
            line.blocks(A3, "futex", address(i), LOCK_PI | PRIVATE);
            line.enter(A, "futex", address(i), UNLOCK_PI | PRIVATE);
            assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, A3));
            line.exit(A, "futex", 0);
            line.exit(A3, "futex", 0);
        });
    }

    @Test
    void sharedFutexesAreFoundInAnyFileAtAnyAddress() {
        Census after = Census.ofStorm(ROUNDS, 2 * MAPPINGS, i -> {
            // The lookups of a second.
            line.nowNs += 10_000_000;
            int file = i % 1000;
            long offset = i / 1000 % 100 * 8;
            line.blocks(A, "futex", Files.at(A, file) + offset, WAIT, 2);
            line.enter(B, "futex", Files.at(B, file) + offset, WAKE, 1);
            assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
            line.exit(B, "futex", 1);
            line.exit(A, "futex", 0);
            if (i % 3 == 0) {
                line.call(A, "munmap", 0, Files.at(A, file), 0x1000);
            }
        });
        assertTrue(after.of(SharedFile.class) <= 1000);
        assertTrue(after.of(TrackedObject.class) < 3 * USED_LIMIT);
    }

    @Test
    void aFutexInOneFileIsTheSameAfterItIsMappedAnew() {
        line.blocks(A, "futex", Files.at(A, 3), WAIT, 2);
        line.call(B, "mmap", Files.at(B, 3), Files.at(B, 3), 1 << 20);
        line.enter(B, "futex", Files.at(B, 3), WAKE, 1);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.exit(B, "futex", 1);
        line.call(B, "munmap", 0, Files.at(B, 3) + 4096, 4096);
        line.enter(B, "futex", Files.at(B, 3), WAKE, 1);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        assertEquals(2, files.asked.get(B));
        line.exit(B, "futex", 1);
        line.call(B, "munmap", 0, Files.at(B, 4), 4096);
        line.enter(B, "futex", Files.at(B, 3), WAKE, 1);
        assertEquals(2, files.asked.get(B), "another mapping");
    }

    /** While one process waits, what others do who share the futex and end does not take it away. */
    @Test
    void aSharedFutexOutlivesOthersWhoUsedIt() {
        line.enter(A, "futex", Files.at(A, 0), WAIT, 2);
        KernelObject futex = line.event.object;
        line.switchTo(0, 1);
        line.born(B, CHILD, 17);
        line.call(CHILD, "futex", 0, Files.at(B, 0), WAKE, 1);
        line.exits(CHILD);
        line.dies(CHILD);
        line.exec(B, B, "x");
        line.enter(B, "futex", Files.at(B, 0), WAKE, 1);
        assertEquals("object | x(200) | - | x(200)", line.wakes(B, A));
        line.exit(B, "futex", 1);
        line.exit(A, "futex", 0);
        line.enter(A, "futex", Files.at(A, 0), WAIT, 2);
        assertSame(futex.canonical(), line.event.object.canonical());
    }

    @Test
    void processesTakeTheirFutexesWithThem() {
        storm(i -> {
            line.nowNs += 10_000_000;
            line.born(A, CHILD, 17);
            calls(CHILD, address(i), WAIT | PRIVATE, -EAGAIN);
            line.call(CHILD, "futex", -EAGAIN, Files.at(A, i % 100) + i % 4096 * 8, WAIT, 2);
            if (i % 2 == 0) {
                line.exec(CHILD, CHILD, "x");
                calls(CHILD, address(i), WAIT | PRIVATE, -EAGAIN);
            }
            line.exits(CHILD);
            line.dies(CHILD);
        });
        line.enter(A, "getppid");
    }

    /** After exec the same address is another's. */
    @Test
    void execMakesAllAddressesNew() {
        line.enter(B, "futex", 0x7000, WAIT | PRIVATE, 2);
        KernelObject before = line.event.object;
        line.exit(B, "futex", -EAGAIN);
        line.exec(B, B, "x");
        line.enter(B, "futex", 0x7000, WAIT | PRIVATE, 2);
        assertEquals("futex 0x7000 | x(200)", line.object() + " | " + line.peers());
        assertTrue(before != line.event.object);
    }

    @Test
    void threadsThatAreJoinedLeaveNothing() {
        Census.ofStorm(ROUNDS, MAPPINGS, i -> {
            int tid = 1000 + i % 30_000;
            line.born(A, tid, 0x10000);
            line.blocks(A, "futex", address(i), WAIT, tid);
            line.exits(tid);
            assertEquals("object | p100(100) | - | p100(100)", line.wakes(tid, A));
            line.switchTo(0, EXITS);
            line.exit(A, "futex", 0);
        });
    }

    /** All processes together remember no more than so many. */
    @Test
    void manyProcessesRememberNoMoreThanAFew() {
        int processes = 64;
        for (int i = 0; i < processes; i++) {
            line.born(A, 1000 + i, 17);
        }
        Census after = Census.ofStorm(processes * 2 * USED_LIMIT, i ->
                calls(1000 + i % processes, address(i / processes), WAIT | PRIVATE, -EAGAIN));
        assertTrue(after.of(TrackedObject.class) < (1 << 17) + 1000, after.of(TrackedObject.class) + " objects");
    }
}
