package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ktrace.bpf.program.RecordKind;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.linux.tracing.BpfAbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How records are taken from a ring. */
class BpfStreamTest extends PlayedRing {
    @Test
    void recordsAreTakenRoundAfterRound() {
        assertNothing();
        for (int i = 1; i <= 1000; i++) {
            exit(i, 0, -i);
            TraceEvent taken = take();
            assertEquals(EventType.SYS_EXIT, taken.type);
            assertEquals(i, taken.timeNs);
            assertEquals(39, taken.number);
            assertEquals(-i, taken.result);
            assertEquals(5, taken.cpu);
            assertEquals(77, taken.tid);
            assertEquals(70, taken.tgid);
            assertEquals(head, reader.get(JAVA_LONG, 0), "given back");
        }
        assertNothing();
        assertTrue(counters.get(TraceCounter.MALFORMED_RECORDS) == 0);
    }

    @Test
    void whatIsStillWrittenIsWaitedFor() {
        long length = write(RecordKind.SYS_EXIT, 10, 0, BpfAbi.RINGBUF_BUSY_BIT, body -> { });
        exit(11, 0, 1);
        assertNothing();
        assertFalse(stream.isWritten());
        set(length, RecordKind.SYS_EXIT.sizeBytes());
        assertTrue(stream.isWritten());
        assertEquals(10, take().timeNs);
        assertEquals(11, take().timeNs);
    }

    @Test
    void whatWasGivenUpIsPassedOver() {
        write(RecordKind.SCHED_SWITCH, 10, 0, BpfAbi.RINGBUF_DISCARD_BIT, body -> { });
        exit(11, 0, 1);
        assertEquals(11, take().timeNs);
        assertNothing();
    }

    /** How many is told by the next record that found room: in 32 bits, which may come round. */
    @Test
    void lossIsToldBeforeTheRecordThatFollowsIt() {
        exit(1, 0, 1);
        exit(2, -1, 1);
        exit(3, 2, 1);
        exit(4, 2, 1);
        assertEquals(EventType.SYS_EXIT, take().type);
        assertEquals(EventType.EVENTS_LOST, take().type);
        assertEquals(0xffff_ffffL, event.number);
        assertEquals(2, event.timeNs);
        assertEquals(5, event.cpu);
        assertEquals(EventType.SYS_EXIT, take().type);
        assertEquals(EventType.EVENTS_LOST, take().type);
        assertEquals(3, event.number);
        assertEquals(3, take().timeNs);
        assertEquals(4, take().timeNs);
        assertNothing();
    }

    @Test
    void whatIsBeforeTheStartIsPassedOver() {
        stream.startAt(10);
        exit(8, 3, 1);
        exit(9, 3, 1);
        exit(10, 3, 1);
        assertEquals(EventType.SYS_EXIT, take().type, "what was lost before is of no matter either");
        assertEquals(10, event.timeNs);
        assertNothing();
    }

    @Test
    void whatIsNoRecordIsCounted() {
        long length = write(RecordKind.SYS_EXIT, 1, 0, 0, body -> { });
        set(length + BpfAbi.RINGBUF_HDR_SZ, 99);
        length = write(RecordKind.SYS_EXIT, 2, 0, 0, body -> { });
        set(length + BpfAbi.RINGBUF_HDR_SZ, RecordKind.SYS_ENTER.ordinal());
        exit(3, 0, 1);
        assertEquals(3, take().timeNs);
        assertEquals(2, counters.get(TraceCounter.MALFORMED_RECORDS));
    }

    private void call(RecordKind kind, long timeNs, int durationNs) {
        write(kind, timeNs, 0, 0, body -> {
            set(body, 39);
            set(body + 4, durationNs);
            setLong(body + 8, -4);
            for (int i = 0; i < kind.arguments(); i++) {
                setLong(body + 16 + 8 * i, 10 + i);
            }
        });
    }

    @Test
    void aWholeCallIsItsEntryAndItsExit() {
        call(RecordKind.CALL_WITH_SIX, 1, (int) 3_000_000_000L);
        call(RecordKind.CALL_WITH_THREE, 3_000_000_002L, 5);
        call(RecordKind.CALL_WITH_NONE, 3_000_000_008L, 0);
        long[][] expected = {{1, 3_000_000_001L, 6}, {3_000_000_002L, 3_000_000_007L, 3}, {3_000_000_008L, 3_000_000_008L, 0}};
        for (long[] times : expected) {
            TraceEvent taken = take();
            assertEquals(EventType.SYS_ENTER, taken.type);
            assertEquals(times[0], taken.timeNs);
            assertEquals(39, taken.number);
            assertEquals(77, taken.tid);
            assertEquals(times[2] > 0 ? 10 : 0, taken.arg0);
            assertEquals(times[2] > 0 ? 12 : 0, taken.arg2);
            assertEquals(times[2] > 3 ? 13 : 0, taken.arg3, "what another left there is not told");
            assertEquals(times[2] > 3 ? 15 : 0, taken.arg5);
            taken = take();
            assertEquals(EventType.SYS_EXIT, taken.type);
            assertEquals(times[1], taken.timeNs);
            assertEquals(39, taken.number);
            assertEquals(-4, taken.result);
            assertEquals(70, taken.tgid);
        }
        assertNothing();
        assertEquals(head, reader.get(JAVA_LONG, 0), "given back");
    }

    private void next(RecordKind kind, int afterNs, int durationNs, int result) {
        long length = write(kind, 0, 0, 0, body -> { });
        long at = length + BpfAbi.RINGBUF_HDR_SZ;
        set(at, kind.ordinal() | 0xfff0 << 16);
        set(at + 4, afterNs);
        set(at + 8, durationNs);
        set(at + 12, result);
        for (int i = 0; i < kind.arguments(); i++) {
            setLong(at + 16 + 8 * i, 20 + i);
        }
    }

    /** What another event has left in the slot is none of the call's. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(CALL|NEXT)_WITH_.*")
    void aCallHasTheArgumentsThatItsKindHas(RecordKind kind) {
        call(RecordKind.CALL_WITH_SIX, 1, 1);
        if (kind.isNextCall()) {
            next(kind, 5, 1, 0);
        } else {
            call(kind, 6, 1);
        }
        take();
        take();
        TraceEvent taken = take();
        long first = kind.isNextCall() ? 20 : 10;
        long[] told = {taken.arg0, taken.arg1, taken.arg2, taken.arg3, taken.arg4, taken.arg5};
        for (int i = 0; i < told.length; i++) {
            assertEquals(i < kind.arguments() ? first + i : 0, told[i], "argument " + i);
        }
        assertEquals(6, taken.timeNs);
        assertEquals(7, take().timeNs);
    }

    @Test
    void theNextCallsOfAThreadFollowOnTheOneBefore() {
        call(RecordKind.CALL_WITH_THREE, 7, 3);
        next(RecordKind.NEXT_WITH_SIX, (int) 3_000_000_000L, 5, -11);
        next(RecordKind.NEXT_WITH_NONE, 10, (int) 4_000_000_000L, Integer.MAX_VALUE);
        take();
        take();
        long[][] expected = {{3_000_000_007L, 3_000_000_012L, -11}, {3_000_000_017L, 7_000_000_017L, Integer.MAX_VALUE}};
        for (long[] times : expected) {
            TraceEvent taken = take();
            assertEquals(EventType.SYS_ENTER, taken.type);
            assertEquals(times[0], taken.timeNs);
            assertEquals(0xfff0, taken.number);
            assertEquals(77, taken.tid);
            assertEquals(70, taken.tgid);
            assertEquals(times[2] < 0 ? 20 : 0, taken.arg0);
            assertEquals(times[2] < 0 ? 25 : 0, taken.arg5);
            taken = take();
            assertEquals(EventType.SYS_EXIT, taken.type);
            assertEquals(times[1], taken.timeNs);
            assertEquals(times[2], taken.result);
            assertEquals(0xfff0, taken.number);
        }
        assertNothing();
    }

    @Test
    void whatFollowsOnACallBeforeTheStartIsOfTheSameThread() {
        stream.startAt(10);
        call(RecordKind.CALL_WITH_NONE, 1, 1);
        next(RecordKind.NEXT_WITH_NONE, 3, 1, 0);
        next(RecordKind.NEXT_WITH_THREE, 5, 4, 0);
        next(RecordKind.NEXT_WITH_NONE, 10, 1, 0);
        assertEquals(EventType.SYS_EXIT, take().type);
        assertEquals(13, event.timeNs);
        assertEquals(77, event.tid);
        assertEquals(EventType.SYS_ENTER, take().type);
        assertEquals(19, event.timeNs);
        assertEquals(20, take().timeNs);
        assertNothing();
    }

    /** A record of another kind says how many were lost, in bytes that a next call has for its times. */
    @Test
    void beforeACallThatFollowsOnAnotherNothingWasLost() {
        exit(1, 4, 1);
        call(RecordKind.CALL_WITH_NONE, 7, 3);
        next(RecordKind.NEXT_WITH_NONE, 5, 1, 0);
        for (EventType type : new EventType[] {EventType.EVENTS_LOST, EventType.SYS_EXIT, EventType.EVENTS_LOST,
            EventType.SYS_ENTER, EventType.SYS_EXIT, EventType.SYS_ENTER, EventType.SYS_EXIT}) {
            assertEquals(type, take().type);
        }
        assertNothing();
    }

    @Test
    void ofACallThatBeganBeforeTheStartOnlyTheExitIsTold() {
        stream.startAt(10);
        call(RecordKind.CALL_WITH_NONE, 8, 1);
        call(RecordKind.CALL_WITH_NONE, 9, 1);
        call(RecordKind.CALL_WITH_NONE, 10, 1);
        assertEquals(EventType.SYS_EXIT, take().type);
        assertEquals(10, event.timeNs);
        assertEquals(EventType.SYS_ENTER, take().type);
        assertEquals(EventType.SYS_EXIT, take().type);
        assertEquals(11, event.timeNs);
        assertNothing();
    }
}
