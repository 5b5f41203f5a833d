package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerfStreamTest {
    private static final int RING_BYTES = 4096;

    /** A record that starts at any place of the ring, and so splits at any of its own bytes that can be split. */
    @Test
    void recordsWrapAtEveryOffset() {
        byte[] record = RecordBytes.sysEnter(42, 1000, 257, 1, 2, 3, 4, 5, 6);
        byte[] exec = RecordBytes.sample(Tracepoint.SCHED_PROCESS_EXEC).by(9, 9).at(1001).set("pid", 9).set("old_pid", 10)
                .setLocated("filename", "/a/long/name/that/spans/the/end").bytes();
        for (int start = 0; start < RING_BYTES; start += 8) {
            FakeRing ring = new FakeRing(RING_BYTES, 7L * RING_BYTES + start);
            assertTrue(ring.write(record));
            assertTrue(ring.write(exec));
            ring.stream.refresh();
            TraceEvent event = ring.take();
            assertEquals(List.of(42L, 1000L, 257L, 1L, 2L, 3L, 4L, 5L, 6L), List.of((long) event.tid, event.timeNs, event.number,
                    event.arg0, event.arg1, event.arg2, event.arg3, event.arg4, event.arg5), "start " + start);
            assertEquals("/a/long/name/that/spans/the/end", ring.take().payload, "start " + start);
            assertFalse(ring.hasNext());
            ring.stream.release();
            assertEquals(ring.head(), ring.tail());
        }
    }

    @Test
    void positionsPassTheEndOfTheirNumbers() {
        FakeRing ring = new FakeRing(RING_BYTES, Long.MAX_VALUE - 103);
        for (int i = 0; i < 100; i++) {
            assertTrue(ring.write(RecordBytes.sysEnter(1, i, i)));
            ring.stream.refresh();
            assertEquals(i, ring.take().number);
            ring.stream.release();
        }
        assertTrue(ring.tail() < 0);
    }

    @Test
    void roomIsGivenBackOnlyForWhatWasTaken() {
        FakeRing ring = new FakeRing(RING_BYTES);
        byte[] record = RecordBytes.sysEnter(1, 1, 1);
        ring.write(record);
        ring.write(record);
        ring.stream.refresh();
        ring.take();
        assertEquals(0, ring.tail());
        ring.stream.release();
        assertEquals(record.length, ring.tail());
    }

    @Test
    void lostRecordsBecomeEventsAndAreAddedUp() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.write(RecordBytes.sysEnter(1, 10, 0));
        ring.write(RecordBytes.lost(20, 1234));
        ring.write(RecordBytes.lost(30, 1));
        ring.stream.refresh();
        ring.take();
        assertEquals(20, ring.stream.nextTimeNs());
        TraceEvent lost = ring.take();
        assertEquals(EventType.EVENTS_LOST, lost.type);
        assertEquals(1234, lost.number);
        assertEquals(20, lost.timeNs);
        assertEquals(3, lost.cpu);
        assertEquals(30, ring.take().timeNs);
        assertEquals(1235, ring.stream.lostRecords());
        assertEquals(1, ring.stream.seen(Tracepoint.SYS_ENTER));
    }

    private static byte[] switchOut(int prev, int next) {
        return RecordBytes.sample(Tracepoint.SCHED_SWITCH).by(prev, prev).at(10L * prev).set("prev_pid", prev).set("prev_state", 1)
                .set("prev_prio", 100).setText("prev_comm", "p" + prev).set("next_pid", next).bytes();
    }

    private static String switched(TraceEvent event) {
        return event.type + " " + event.timeNs + " " + Comm.text(event.arg0, event.arg1) + "(" + event.tid + ", " + event.arg2
                + ") → " + Comm.text(event.comm0, event.comm1) + "(" + event.otherTid + ", " + event.arg3 + ") on " + event.cpu;
    }

    /** Sleeps twice on a CPU whose idle task is not recorded: by the second time it is known what it is called. */
    @Test
    void whoComesIsToldByTheOtherRecordWhereTheTracepointDoesNot() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.names.wanted(true);
        ring.write(RecordBytes.switched(5, false, 5, 0));
        ring.write(switchOut(5, 0));
        ring.write(RecordBytes.switched(60, true, 5, 0));
        ring.write(RecordBytes.switched(61, false, 5, 0));
        ring.write(switchOut(7, 0));
        ring.write(RecordBytes.switched(71, false, 8, 0));
        ring.write(RecordBytes.switched(80, false, 5, 8));
        ring.stream.refresh();
        assertEquals("SCHED_SWITCH 5 swapper/3(0, 120) → (5, 120) on 3", switched(ring.take()));
        assertEquals("SCHED_SWITCH 50 p5(5, 100) → (0, 0) on 3", switched(ring.take()));
        assertEquals("SCHED_SWITCH 61 swapper/3(0, 120) → p5(5, 100) on 3", switched(ring.take()));
        ring.take();
        assertEquals("SCHED_SWITCH 71 swapper/3(0, 120) → (8, 120) on 3", switched(ring.take()));
        assertEquals("SCHED_SWITCH 80 (8, 120) → p5(5, 100) on 3", switched(ring.take()));
        assertFalse(ring.hasNext());
        assertEquals(2, ring.stream.seen(Tracepoint.SCHED_SWITCH));
        assertEquals(0, ring.count(TraceCounter.UNKNOWN_RECORDS));
        assertTrue(ring.missed.areWanted());
    }

    @Test
    void whatTheTracepointTellsIsNotToldTwice() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.write(RecordBytes.switched(1, true, 5, 6));
        ring.write(RecordBytes.switched(2, false, 6, 5));
        ring.write(switchOut(0, 5));
        ring.write(RecordBytes.switched(3, true, 0, 5));
        ring.write(RecordBytes.switched(4, false, 5, 0));
        ring.write(RecordBytes.header(Uapi.PERF_RECORD_SWITCH_CPU_WIDE(), 8));
        assertEquals(1, ring.drain());
        assertFalse(ring.missed.areWanted());
    }

    /** What was current on a CPU before a loss says nothing of what is missing after it. */
    @Test
    void aLossIsNoSwitchThatWasNotRecorded() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.write(switchOut(0, 5));
        ring.write(switchOut(5, 0));
        ring.write(RecordBytes.lost(60, 1));
        ring.write(RecordBytes.switched(61, false, 7, 6));
        ring.write(switchOut(7, 0));
        assertEquals(4, ring.drain());
        assertFalse(ring.missed.areWanted());
        ring.write(switchOut(7, 0));
        ring.drain();
        assertTrue(ring.missed.areWanted());
    }

    /** The records of a CPU that is never idle are asked for a while only. */
    @Test
    void aBusyCpuIsLeftAlone() {
        FakeRing ring = new FakeRing(RING_BYTES);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(ring.missed.areWanted());
            ring.write(switchOut(5 + i % 2, 6 - i % 2));
            ring.drain();
        }
        assertFalse(ring.missed.areWanted());
    }

    @Test
    void otherRecordsAreSteppedOverAndCounted() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.write(RecordBytes.record(Uapi.PERF_RECORD_THROTTLE(), 1, 1, 2, 3));
        ring.write(RecordBytes.record(Uapi.PERF_RECORD_UNTHROTTLE(), 2, 1, 2, 3));
        ring.write(RecordBytes.record(4711, 3));
        ring.write(RecordBytes.header(99, 8));
        ring.write(RecordBytes.sysEnter(5, 50, 1));
        ring.stream.refresh();
        assertEquals(50, ring.stream.nextTimeNs());
        assertEquals(5, ring.take().tid);
        assertFalse(ring.hasNext());
        assertEquals(1, ring.count(TraceCounter.THROTTLED));
        assertEquals(2, ring.count(TraceCounter.UNKNOWN_RECORDS));
        assertEquals(0, ring.count(TraceCounter.MALFORMED_RECORDS));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 7, 9, 68, 1000, 65535})
    void aSizeThatCannotBeEndsTheRoundButNotTheStream(int size) {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.write(RecordBytes.sysEnter(1, 1, 1));
        ring.write(RecordBytes.header(Uapi.PERF_RECORD_SAMPLE(), size));
        ring.write(RecordBytes.sysEnter(2, 2, 2));
        assertEquals(1, assertTimeoutPreemptively(Duration.ofSeconds(5), ring::drain));
        assertEquals(1, ring.count(TraceCounter.MALFORMED_RECORDS));
        assertEquals(ring.head(), ring.tail());
        ring.write(RecordBytes.sysEnter(3, 3, 3));
        ring.stream.refresh();
        assertEquals(3, ring.take().tid);
        assertEquals(2, ring.stream.seen(Tracepoint.SYS_ENTER));
    }

    @Test
    void aSampleTooShortForItsTracepointIsCountedAndTheNextIsFound() {
        FakeRing ring = new FakeRing(RING_BYTES);
        byte[] cut = RecordBytes.record(Uapi.PERF_RECORD_SAMPLE(), 1, 0, 0);
        ring.write(cut);
        ring.write(RecordBytes.sysEnter(2, 2, 2));
        ring.stream.refresh();
        assertEquals(2, ring.take().tid);
        assertEquals(1, ring.count(TraceCounter.MALFORMED_RECORDS));
        assertEquals(1, ring.stream.seen(Tracepoint.SYS_ENTER));
    }

    @Test
    void whatCameBeforeTheStartIsSeenButNotGiven() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.stream.startAt(100);
        ring.write(RecordBytes.sysEnter(1, 99, 0));
        ring.write(RecordBytes.sysEnter(2, 100, 0));
        ring.stream.refresh();
        assertEquals(2, ring.take().tid);
        assertFalse(ring.hasNext());
        assertEquals(2, ring.stream.seen(Tracepoint.SYS_ENTER));
    }

    @Test
    void whatCameAfterTheEndIsSeenButNotGiven() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.write(RecordBytes.sysEnter(1, 100, 0));
        ring.stream.refresh();
        ring.stream.endAt(200);
        ring.write(RecordBytes.sysEnter(2, 200, 0));
        ring.write(RecordBytes.sysEnter(3, 201, 0));
        ring.stream.refresh();
        assertEquals(1, ring.take().tid);
        assertEquals(2, ring.take().tid);
        assertFalse(ring.hasNext());
        assertEquals(3, ring.stream.seen(Tracepoint.SYS_ENTER));
    }

    @Test
    void theSecondOfTwoRecordsOfOneCallIsSeenButNotGiven() {
        FakeRing ring = new FakeRing(RING_BYTES);
        ring.duplicates.suspect(8);
        ring.write(RecordBytes.sysEnter(8, 10, 3));
        ring.write(RecordBytes.sysEnter(8, 11, 3));
        ring.write(RecordBytes.sysEnter(9, 12, 3));
        ring.write(RecordBytes.sysEnter(9, 13, 3));
        assertEquals(3, ring.drain());
        assertEquals(4, ring.stream.seen(Tracepoint.SYS_ENTER));
    }

    /** Whatever lies in the ring: no loop without end, nothing read outside, and the tail never passes the head. */
    @Test
    void randomBytes() {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int seed = 0; seed < 3_000; seed++) {
                Random random = new Random(seed);
                FakeRing ring = new FakeRing(RING_BYTES, random.nextLong() & ~7L);
                for (int round = 0; round < 4; round++) {
                    byte[] noise = new byte[8 * random.nextInt(RING_BYTES / 8 + 1)];
                    random.nextBytes(noise);
                    assertTrue(ring.write(noise), "seed " + seed);
                    ring.drain();
                    assertEquals(ring.head(), ring.tail(), "seed " + seed);
                }
            }
        });
    }

    /** Real records with a few bytes damaged: these pass the first checks and reach the decoder. */
    @Test
    void damagedRecords() {
        List<byte[]> real = new ArrayList<>();
        for (Tracepoint tracepoint : Tracepoint.values()) {
            real.add(tracepoint.hasFormat() ? RecordBytes.sample(tracepoint).by(1, 2).at(3).bytes()
                    : RecordBytes.record(Uapi.PERF_RECORD_SAMPLE(), 3, 4));
        }
        real.add(RecordBytes.sample(Tracepoint.SCHED_PROCESS_EXEC).setLocated("filename", "/bin/true").bytes());
        real.add(RecordBytes.lost(1, 2));
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int seed = 0; seed < 20_000; seed++) {
                Random random = new Random(seed);
                FakeRing ring = new FakeRing(RING_BYTES, 8L * random.nextInt(1 << 20));
                int events = 0;
                for (int i = random.nextInt(8); i >= 0; i--) {
                    byte[] record = real.get(random.nextInt(real.size())).clone();
                    for (int damage = random.nextInt(4); damage > 0; damage--) {
                        record[random.nextInt(Math.min(record.length, 48))] = (byte) random.nextInt(256);
                    }
                    assertTrue(ring.write(record));
                    events++;
                }
                assertTrue(ring.drain() <= events, "seed " + seed);
                assertEquals(ring.head(), ring.tail(), "seed " + seed);
            }
        });
    }

    /** A head that says more than the ring can hold cannot come from a kernel, and must do no harm either. */
    @Test
    void aHeadFarAhead() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (long ahead : new long[] {RING_BYTES + 8, 1L << 40, -8, Long.MIN_VALUE}) {
                FakeRing ring = new FakeRing(RING_BYTES);
                ring.write(RecordBytes.sysEnter(1, 1, 1));
                ring.claim(ahead);
                ring.drain();
            }
        });
    }
}
