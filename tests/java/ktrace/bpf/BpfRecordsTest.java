package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.List;
import ktrace.bpf.program.PolledSets;
import ktrace.bpf.program.RecordKind;
import ktrace.bpf.program.TextReads;
import ktrace.bpf.program.WaitedPaths;
import ktrace.bpf.program.WakerCalls;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.calls.TextArguments;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.linux.PrevState;
import ktrace.linux.SyscallTable;
import ktrace.linux.tracing.BpfAbi;
import org.junit.jupiter.api.Test;

/** What the records of each kind tell. */
class BpfRecordsTest extends PlayedRing {
    @Test
    void aWakeUpInAnInterrupt() {
        int[] counts = {0, 1, 0x10001, 0x100, 0x200, 0x10100};
        int[] flags = {0, 0, TraceEvent.FLAG_HARD_INTERRUPT, TraceEvent.FLAG_SOFT_INTERRUPT, 0,
            TraceEvent.FLAG_HARD_INTERRUPT | TraceEvent.FLAG_SOFT_INTERRUPT};
        for (int i = 0; i < counts.length; i++) {
            int count = counts[i];
            write(RecordKind.SCHED_WAKING, 1 + i, 0, 0, body -> {
                set(body, 12);
                set(body + 4, 3);
                set(body + 8, 120);
                set(body + 12, count);
            });
            TraceEvent taken = take();
            assertEquals(12, taken.otherTid);
            assertEquals(3, taken.arg0);
            assertEquals(120, taken.arg1);
            assertEquals(flags[i], taken.contextFlags, "0x" + Integer.toHexString(count));
        }
    }

    /** 20 is getpid there, and writev for others; 3 is read. */
    @Test
    void callsOfI386HaveTheNumbersOfNativeOnes() {
        SyscallTable table = SyscallTable.current();
        for (int flags : new int[] {0, RecordKind.COMPAT}) {
            long length = write(RecordKind.SYS_ENTER, 1, 0, 0, body -> setLong(body, 20));
            set(length + BpfAbi.RINGBUF_HDR_SZ, RecordKind.SYS_ENTER.ordinal() | flags << 16);
            assertEquals(flags == 0 ? 20 : table.number("getpid"), take().number);
            length = write(RecordKind.SYS_EXIT, 2, 0, 0, body -> setLong(body, -1));
            set(length + BpfAbi.RINGBUF_HDR_SZ, RecordKind.SYS_EXIT.ordinal() | flags << 16);
            assertEquals(-1, take().number, "what a return from a signal handler has");
            length = write(RecordKind.CALL_WITH_SIX, 3, 0, 0, body -> set(body, 3));
            set(length + BpfAbi.RINGBUF_HDR_SZ, RecordKind.CALL_WITH_SIX.ordinal() | flags << 16);
            assertEquals(flags == 0 ? 3 : table.number("read"), take().number);
            assertEquals(flags == 0 ? 3 : table.number("read"), take().number);
        }
    }

    @Test
    void whatIoUringDoes() {
        for (RecordKind kind : new RecordKind[] {RecordKind.RING_CREATE, RecordKind.RING_SUBMIT, RecordKind.RING_FILE,
            RecordKind.RING_READY, RecordKind.RING_COMPLETE, RecordKind.RING_WAIT}) {
            write(kind, 1, 0, 0, body -> {
                setLong(body, 0xffff_8880_0000_0001L);
                setLong(body + 8, 0xffff_8880_0000_0002L);
                set(body + 16, 7);
                set(body + 20, -11);
                set(body + 24, 0x100);
            });
            TraceEvent taken = take();
            assertEquals(kind.eventType(), taken.type);
            assertEquals(0xffff_8880_0000_0001L, taken.arg0);
            assertEquals(7, taken.number);
            if (kind == RecordKind.RING_CREATE) {
                assertEquals(0xffff_fff5L, taken.arg1, "flags");
            } else {
                assertEquals(0xffff_8880_0000_0002L, taken.arg1);
                assertEquals(TraceEvent.FLAG_SOFT_INTERRUPT, taken.contextFlags);
            }
            if (kind == RecordKind.RING_COMPLETE) {
                assertEquals(-11, taken.result);
            }
        }
    }

    @Test
    void locksAndWorks() {
        for (RecordKind kind : new RecordKind[] {RecordKind.LOCK_CONTENDED, RecordKind.WORK_QUEUED, RecordKind.WORK_STARTED}) {
            write(kind, 1, 0, 0, body -> {
                setLong(body, 0xffff_8880_0000_0001L);
                set(body + 8, 0x20);
                set(body + 12, 0x10000);
            });
            TraceEvent taken = take();
            assertEquals(kind.eventType(), taken.type);
            assertEquals(0xffff_8880_0000_0001L, taken.arg0);
            assertEquals(0x20, taken.number);
            assertEquals(TraceEvent.FLAG_HARD_INTERRUPT, taken.contextFlags);
        }
    }

    @Test
    void aSocketsStateAndAddresses() {
        for (int family : new int[] {2, 10}) {
            write(RecordKind.INET_SOCK_SET_STATE, 1, 0, 0, body -> {
                setLong(body, 5);
                set(body + 8, 2);
                set(body + 12, 1);
                set(body + 16, 0x3412_0000 | family);
                set(body + 20, 0x7856);
                set(body + 24, 0x0100007f);
                set(body + 28, 0x0200007f);
                for (int i = 0; i < 8; i++) {
                    set(body + 32 + 4 * i, 0x01000000 * (i + 1));
                }
                set(body + 64, 0);
            });
            TraceEvent taken = take();
            assertEquals(EventType.INET_SOCK_SET_STATE, taken.type);
            assertEquals(5, taken.arg0);
            assertEquals(2, taken.result);
            assertEquals(1, taken.number);
            assertEquals(0x1234_5678L, taken.arg1);
            assertEquals(family == 2 ? 0 : 0x1_0000_0002L, taken.arg2);
            assertEquals(family == 2 ? 0xffff_7f00_0001L : 0x3_0000_0004L, taken.arg3);
            assertEquals(family == 2 ? 0 : 0x5_0000_0006L, taken.arg4);
            assertEquals(family == 2 ? 0xffff_7f00_0002L : 0x7_0000_0008L, taken.arg5);
        }
    }

    @Test
    void whetherAnExitIsTheLastOfItsProcess() {
        write(RecordKind.SCHED_PROCESS_EXIT, 1, 0, 0, body -> {
            set(body, 12);
            set(body + 4, 120);
            setLong(body + 8, Comm.pack("last", 0));
            setLong(body + 16, 0);
            set(body + 24, TraceEvent.LAST_OF_PROCESS);
        });
        assertEquals(12, take().tid);
        assertEquals("last", Comm.text(event.comm0, event.comm1));
        assertEquals(TraceEvent.LAST_OF_PROCESS, event.arg1);
    }

    /** A waker that is not traced: longer than others by what it is doing. */
    @Test
    void aWakeUpByOneInACall() {
        long length = write(RecordKind.SCHED_WAKING, 1, 0, 0, body -> set(body, 12));
        goesOnWithACall(length, RecordKind.SCHED_WAKING);
        TraceEvent taken = take();
        assertEquals(EventType.SCHED_WAKING, taken.type);
        assertEquals(12, taken.otherTid);
        assertEquals(new Waker.InCall(1, -1, 0x7f0000001000L, 1L << 40, 0xc1ff), taken.payload);
        write(RecordKind.SCHED_WAKING, 2, 0, 0, body -> set(body, 12));
        assertNull(take().payload);
    }

    /** One that is watched for states goes to wait: what in stands behind the switch. */
    @Test
    void aSwitchFromOneInACall() {
        goesOnWithACall(write(RecordKind.SCHED_SWITCH, 1, 0, 0, body -> set(body, 12)), RecordKind.SCHED_SWITCH);
        TraceEvent taken = take();
        assertEquals(EventType.SCHED_SWITCH, taken.type);
        assertEquals(12, taken.tid);
        assertEquals(new Waker.InCall(1, -1, 0x7f0000001000L, 1L << 40, 0xc1ff), taken.payload);
        write(RecordKind.SCHED_SWITCH, 2, 0, 0, body -> set(body, 12));
        assertNull(take().payload);
    }

    private void goesOnWithACall(long length, RecordKind kind) {
        long at = length + BpfAbi.RINGBUF_HDR_SZ + kind.sizeBytes();
        set(length, kind.sizeBytes() + WakerCalls.SIZE_BYTES);
        setLong(at + WakerCalls.CALL, 1);
        setLong(at + WakerCalls.ARG0, -1);
        setLong(at + WakerCalls.ARG1, 0x7f0000001000L);
        setLong(at + WakerCalls.INODE, 1L << 40);
        setLong(at + WakerCalls.MODE, 0xc1ff);
        head = at + WakerCalls.SIZE_BYTES;
        rest.set(JAVA_LONG, 0, head);
    }

    /** As __trace_sched_switch_state() tells them. */
    @Test
    void statesAreToldAsTheTracepointTellsThem() {
        assertEquals(0, RecordDecoder.prevState(0, 0, false, false));
        assertEquals(0x100, RecordDecoder.prevState(1, 0, true, false), "preempted on its way to sleep");
        assertEquals(1, RecordDecoder.prevState(1, 0, false, false));
        assertEquals(2, RecordDecoder.prevState(2, 0, false, false));
        assertEquals(PrevState.FROZEN, RecordDecoder.prevState(0x8000, 0, false, false), "frozen by version 1");
        assertEquals(PrevState.FROZEN, RecordDecoder.prevState(0x2001, 0, false, true), "and by version 2");
        assertEquals(2, RecordDecoder.prevState(2, 0, false, true), "on its way to be frozen it may wait for a lock");
        assertEquals(0, RecordDecoder.prevState(0, 0, false, true), "or run");
        assertEquals(2, RecordDecoder.prevState(0x1000, 0, false, false), "a sleeping spin lock");
        assertEquals(0x80, RecordDecoder.prevState(0x402, 0, false, false), "idle");
        assertEquals(4, RecordDecoder.prevState(0x104, 0, false, false), "stopped");
        assertEquals(0x20, RecordDecoder.prevState(0x80, 0x20, false, false), "a zombie");
        assertEquals(0x10, RecordDecoder.prevState(0x80, 0x10, false, false), "dead");
    }

    /** A SYS_ENTER that goes on with what the call was given; {@code texts} stand behind the two lengths. */
    private void enterWithTexts(long timeNs, TextArguments arguments, int firstLength, int secondLength, String texts) {
        long length = head;
        long at = head + BpfAbi.RINGBUF_HDR_SZ;
        byte[] bytes = texts.getBytes(StandardCharsets.ISO_8859_1);
        int size = TextReads.TEXTS + bytes.length;
        set(length, size);
        set(at + RecordKind.KIND, RecordKind.SYS_ENTER.ordinal());
        set(at + RecordKind.LOST, 0);
        setLong(at + RecordKind.TIME, timeNs);
        setLong(at + RecordKind.BODY, 257);
        for (int i = 0; i < 6; i++) {
            setLong(at + RecordKind.BODY + 8 + 8 * i, 0x1000 + i);
        }
        set(at + TextReads.WISH, TextReads.wish(arguments));
        set(at + TextReads.FIRST_LENGTH, firstLength);
        set(at + TextReads.SECOND_LENGTH, secondLength);
        for (int i = 0; i < bytes.length; i++) {
            long place = at + TextReads.TEXTS + i & DATA_BYTES - 1;
            rest.set(JAVA_BYTE, BpfRing.PAGE_BYTES + place, bytes[i]);
        }
        head = at + size + 7 & ~7L;
        rest.set(JAVA_LONG, 0, head);
    }

    private static String text(TraceEvent event, int argument) {
        byte[] bytes = event.payload instanceof ArgumentTexts texts ? texts.of(argument) : null;
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void anEntryGoesOnWithWhatTheCallWasGiven() {
        TextArguments two = TextArguments.of("renameat");
        for (int round = 0; round < 100; round++) {
            enterWithTexts(1, two, 4, 6, "old\0new\377a\0");
            TraceEvent both = take();
            assertEquals(257, both.number);
            assertEquals(0x1005, both.arg5);
            assertEquals("old", text(both, 1));
            assertEquals("new\377a", text(both, 3));
            assertNull(text(both, 0));
            enterWithTexts(2, two, -1, 4, "new\0");
            TraceEvent second = take();
            assertNull(text(second, 1));
            assertEquals("new", text(second, 3));
            enterWithTexts(3, two, 1, -1, "\0");
            TraceEvent first = take();
            assertEquals("", text(first, 1));
            assertNull(text(first, 3));
            enterWithTexts(4, TextArguments.of("connect"), 5, -1, "\1\0a\0b");
            assertEquals("\1\0a\0b", text(take(), 1));
            enterWithTexts(5, TextArguments.of("unlink"), -1, -1, "");
            assertNull(take().payload);
            write(RecordKind.SYS_ENTER, 6, 0, 0, body -> { });
            assertNull(take().payload, "nothing stays of the one before");
        }
        assertEquals(300, counters.get(TraceCounter.TEXTS_NOT_READ));
        assertEquals(0, counters.get(TraceCounter.MALFORMED_RECORDS));
    }

    /** As the kernel would not write it. */
    @Test
    void aRecordWhoseLengthsAreWrongHarmsNobody() {
        enterWithTexts(1, TextArguments.of("renameat"), 100, 100, "old\0");
        assertEquals("old", text(take(), 1));
        enterWithTexts(2, TextArguments.of("renameat"), 2, Integer.MAX_VALUE, "a\0b\0");
        assertEquals("b", text(take(), 3));
        enterWithTexts(3, TextArguments.of("renameat"), Integer.MIN_VALUE, 0, "");
        assertNull(take().payload);
    }

    @Test
    void aPageThatWasWaitedFor() {
        write(RecordKind.PAGE_FAULTED, 1, 0, 0, body -> setLong(body, 0x7f00_0000_1234L));
        TraceEvent taken = take();
        assertEquals(EventType.PAGE_FAULTED, taken.type);
        assertEquals(77, taken.tid);
        assertEquals(0x7f00_0000_1234L, taken.arg0);
        assertEquals(0, taken.contextFlags);
    }

    /** {@code sets}: descriptors of poll(2), or whole words of select(2). */
    private Fact.Polled polled(int count, int form, long... sets) {
        long at = write(RecordKind.POLLED, 1, 0, 0, body -> {
            set(body, count);
            set(body + 4, form);
        }) + BpfAbi.RINGBUF_HDR_SZ;
        for (int i = 0; i < sets.length; i++) {
            setLong(at + PolledSets.SET + 8L * i, sets[i]);
        }
        set(at - BpfAbi.RINGBUF_HDR_SZ, PolledSets.SET + 8 * sets.length);
        head = at + PolledSets.SET + 8L * sets.length;
        rest.set(JAVA_LONG, 0, head);
        TraceEvent taken = take();
        assertEquals(EventType.FACT, taken.type);
        return assertInstanceOf(Fact.Polled.class, taken.payload);
    }

    @Test
    void whatAThreadPollsFor() {
        long events = 1L << 32;
        assertEquals(new Fact.Polled(77, Fact.Polled.NOW, true, List.of(3, 8)), polled(3, 0, events | 3, events | -1 & 0xffff_ffffL,
                events | 8));
        Fact.Polled some = polled(65, 0, 4);
        assertEquals(new Fact.Polled(77, Fact.Polled.NOW, false, List.of(4)), some);
        assertSame(some, polled(65, 0, 4), "nothing is made anew");
        int two = PolledSets.BITS | 1 | 4;
        assertEquals(new Fact.Polled(77, Fact.Polled.NOW, true, List.of(0, 2, 70)), polled(71, two, 1, 1L << 70 - 64, 5, 0));
        assertEquals(List.of(2), polled(7, two, 0x84, 1L << 63).fds(), "bits above the number are nobody's");
        assertEquals(new Fact.Polled(77, Fact.Polled.NOW, false, List.of()), polled(1025, PolledSets.BITS | 2, new long[16]));
    }

    private Object atPath(long address, String path) {
        byte[] text = path.getBytes(StandardCharsets.ISO_8859_1);
        long at = write(RecordKind.AT_PATH, 1, 0, 0, body -> setLong(body, address)) + BpfAbi.RINGBUF_HDR_SZ;
        for (int i = 0; i < text.length; i += Long.BYTES) {
            long eight = 0;
            for (int j = Math.min(text.length, i + Long.BYTES) - 1; j >= i; j--) {
                eight = eight << Byte.SIZE | text[j] & 0xff;
            }
            setLong(at + WaitedPaths.PATH + i, eight);
        }
        int bytes = WaitedPaths.PATH + text.length;
        set(at - BpfAbi.RINGBUF_HDR_SZ, bytes);
        head = at + (bytes + 7 & ~7);
        rest.set(JAVA_LONG, 0, head);
        TraceEvent taken = take();
        assertEquals(EventType.FACT, taken.type);
        return taken.payload;
    }

    @Test
    void atWhichPathAThreadWaits() {
        Object first = atPath(0x7000, "/mnt/file\0");
        assertEquals(new Fact.AtPath(77, 0x7000, "/mnt/file"), first);
        assertSame(first, atPath(0x7000, "/mnt/file\0"), "nothing is made anew");
        assertEquals(new Fact.AtPath(77, 0x7000, "/mnt/fil"), atPath(0x7000, "/mnt/fil\0"));
        assertEquals(new Fact.AtPath(77, 0x8000, "/mnt/fil"), atPath(0x8000, "/mnt/fil\0"));
        assertEquals(new Fact.AtPath(77, 0x8000, "\udcff"), atPath(0x8000, "\u00ff\0"), "a byte that is no character");
    }

    /** As the kernel would not write it. */
    @Test
    void aSetWhoseFormIsWrongHarmsNobody() {
        assertEquals(List.of(), polled(Integer.MAX_VALUE, PolledSets.BITS, 7).fds());
        assertEquals(new Fact.Polled(77, Fact.Polled.NOW, false, List.of()), polled(-1, PolledSets.BITS | 1, -1L));
    }
}
