package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;

/** Thread 8 is named as one that may carry its events twice, thread 9 is not. */
class DuplicateFilterTest {
    private final FakeRing ring = new FakeRing(1 << 16);

    DuplicateFilterTest() {
        ring.duplicates.suspect(8);
    }

    private static byte[] exit(int tid, long timeNs, long number) {
        return RecordBytes.sample(Tracepoint.SYS_EXIT).by(tid, tid).at(timeNs).set("id", number).bytes();
    }

    private int given(byte[]... records) {
        for (byte[] record : records) {
            ring.write(record);
        }
        return ring.drain();
    }

    @Test
    void twoEntriesOfOneCallAreOne() {
        assertEquals(2, given(RecordBytes.sysEnter(8, 1000, 0), RecordBytes.sysEnter(8, 1200, 0), exit(8, 2000, 0),
                exit(8, 2100, 0)));
    }

    @Test
    void fourEntriesAreTwo() {
        assertEquals(2, given(RecordBytes.sysEnter(8, 1, 15), RecordBytes.sysEnter(8, 2, 15), RecordBytes.sysEnter(8, 3, 15),
                RecordBytes.sysEnter(8, 4, 15)));
    }

    @Test
    void theSameCallAgainIsNoDuplicate() {
        assertEquals(4, given(RecordBytes.sysEnter(8, 1, 110), exit(8, 2, 110), RecordBytes.sysEnter(8, 3, 110),
                exit(8, 4, 110)));
    }

    @Test
    void anotherCallOrAMuchLaterOneIsNoDuplicate() {
        assertEquals(3, given(RecordBytes.sysEnter(8, 1, 0), RecordBytes.sysEnter(8, 2, 1),
                RecordBytes.sysEnter(8, 2 + 1_000_000, 1)));
    }

    @Test
    void othersAreLeftAlone() {
        assertEquals(2, given(RecordBytes.sysEnter(9, 1, 0), RecordBytes.sysEnter(9, 2, 0)));
        byte[] waking = RecordBytes.sample(Tracepoint.SCHED_WAKING).by(8, 8).at(5).set("pid", 1).bytes();
        assertEquals(2, given(waking, waking));
    }

    @Test
    void recordsOfOtherThreadsBetweenDoNotMatter() {
        assertEquals(2, given(RecordBytes.sysEnter(8, 1, 0), RecordBytes.sysEnter(9, 2, 0), RecordBytes.sysEnter(8, 3, 0)));
        assertEquals(0, given(RecordBytes.record(Uapi.PERF_RECORD_UNTHROTTLE(), 2)));
    }

    /** Its last records may lie in a ring still; and its number may be given to another, who is suspected as well. */
    @Test
    void oneThatHasEndedIsForgottenOnceEverythingOfItIsRead() {
        ring.duplicates.ended(8, 100);
        ring.duplicates.readUntil(100);
        assertEquals(1, given(RecordBytes.sysEnter(8, 1, 0), RecordBytes.sysEnter(8, 2, 0)));
        ring.duplicates.readUntil(101);
        assertEquals(0, ring.duplicates.size());
        assertEquals(2, given(RecordBytes.sysEnter(8, 101, 0), RecordBytes.sysEnter(8, 102, 0)));

        ring.duplicates.suspect(8);
        ring.duplicates.ended(8, 200);
        ring.duplicates.suspect(8);
        ring.duplicates.readUntil(300);
        assertEquals(1, ring.duplicates.size());
    }
}
