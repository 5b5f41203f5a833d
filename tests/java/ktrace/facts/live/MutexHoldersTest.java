package ktrace.facts.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ktrace.facts.ObjectSource.Holder;
import ktrace.linux.Processes;
import org.junit.jupiter.api.Test;

/** Who holds mutexes, read from this very process. */
class MutexHoldersTest {
    private static final int WAITERS = 0x80000000;
    private static final int OWNER_DIED = 0x40000000;
    private static final int NO_THREAD = 0x3ffffff0;
    private final int tgid = (int) ProcessHandle.current().pid();
    private final int tid = Processes.gettid();
    private final MutexHolders holders = new MutexHolders(new ProcFs("/proc"));

    private Holder of(boolean namesOwner, int... words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mutex = arena.allocateFrom(ValueLayout.JAVA_INT, words);
            return holders.holder(tgid, mutex.address(), true, namesOwner);
        }
    }

    private void assertOwn(Holder found) {
        assertEquals(tid, found.tid());
        assertEquals(tgid, found.tgid());
        assertEquals(true, found.isSole());
    }

    @Test
    void aMutexOfGlibcHasItsOwnerTwoWordsFurther() {
        assertOwn(of(false, 2, 1, tid));
        assertEquals(Holder.NOBODY, of(false, 2, 1, 0));
    }

    /** What lies there may be anything. */
    @Test
    void theNumberOfNoThreadIsNone() {
        assertEquals(Holder.NOBODY, of(false, 2, 1, NO_THREAD));
        assertEquals(Holder.NOBODY, of(false, 2, 1, -1));
        assertEquals(Holder.NOBODY, of(false, 2, 1, 1));
    }

    @Test
    void whatIsNotTakenNobodyHolds() {
        assertEquals(Holder.NOBODY, of(false, 0, 0, tid));
        assertEquals(Holder.NOBODY, of(false, 7, 0, tid));
    }

    @Test
    void aWordMayNameItsOwner() {
        assertOwn(of(true, tid | WAITERS, 0, 0));
        assertOwn(of(false, tid | WAITERS, 0, 0));
        assertOwn(of(true, tid, 0, 0));
        assertEquals(Holder.NOBODY, of(true, WAITERS | OWNER_DIED, 0, tid));
        assertEquals(Holder.NOBODY, of(true, NO_THREAD | WAITERS, 0, 0));
    }

    @Test
    void whatCannotBeReadIsNotKnown() {
        assertNull(holders.holder(tgid, 8, true, false));
    }
}
