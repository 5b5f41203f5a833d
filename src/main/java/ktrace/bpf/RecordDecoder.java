package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import ktrace.bpf.program.RecordKind;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import ktrace.linux.NativeNumbers;
import ktrace.linux.PrevState;

/** Turns a record into a {@link TraceEvent}. Allocates only for SCHED_PROCESS_EXEC, which carries a file name. */
final class RecordDecoder {
    /** Bits of preempt_count, include/linux/preempt.h: hard interrupts, and a soft one that is being served. */
    private static final int HARD_INTERRUPTS = 0xf0000;
    private static final int SOFT_INTERRUPT = 0x100;

    // include/linux/sched.h: what the scheduler keeps of a state, and what it tells.
    private static final int TASK_REPORT = 0x7f;
    private static final int TASK_IDLE = 0x402;
    private static final int TASK_REPORT_IDLE = 0x80;
    private static final int TASK_REPORT_MAX = 0x100;
    private static final int TASK_UNINTERRUPTIBLE = 0x2;
    /** Told as if it were uninterruptible. */
    private static final int TASK_RTLOCK_WAIT = 0x1000;
    private static final int TASK_FROZEN = 0x8000;

    private static final int USUAL_PRIORITY = 120;

    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
    private static final short AF_INET = 2;
    /** The first half of the lower half of an IPv4 address that is mapped into IPv6. */
    private static final long MAPPED = 0xffffL << 32;

    private static final int BODY = RecordKind.BODY;

    private RecordDecoder() {
    }

    /** Fills {@code event} from the record of this kind at {@code base}, all but its CPU. */
    static void decode(MemorySegment memory, long base, RecordKind kind, TraceEvent event) {
        head(memory, base, kind.eventType(), event);
        long body = base + BODY;
        switch (kind) {
            case SYS_ENTER -> {
                event.number = number(memory, base, memory.get(JAVA_LONG, body));
                event.arg0 = memory.get(JAVA_LONG, body + 8);
                event.arg1 = memory.get(JAVA_LONG, body + 16);
                event.arg2 = memory.get(JAVA_LONG, body + 24);
                event.arg3 = memory.get(JAVA_LONG, body + 32);
                event.arg4 = memory.get(JAVA_LONG, body + 40);
                event.arg5 = memory.get(JAVA_LONG, body + 48);
            }
            case SYS_EXIT -> {
                event.number = number(memory, base, memory.get(JAVA_LONG, body));
                event.result = memory.get(JAVA_LONG, body + 8);
            }
            case SCHED_SWITCH -> {
                event.tid = memory.get(JAVA_INT, body);
                event.otherTid = memory.get(JAVA_INT, body + 4);
                event.number = prevState(memory.get(JAVA_INT, body + 8), memory.get(JAVA_INT, body + 12),
                        memory.get(JAVA_INT, body + 16) != 0, memory.get(JAVA_INT, body + 28) != 0);
                event.arg2 = memory.get(JAVA_INT, body + 20);
                event.arg3 = memory.get(JAVA_INT, body + 24);
                event.arg0 = memory.get(JAVA_LONG, body + 32);
                event.arg1 = memory.get(JAVA_LONG, body + 40);
                event.arg4 = 0;
                comm(memory, body + 48, event);
            }
            case LATE_SWITCH -> {
                event.tid = memory.get(JAVA_INT, body);
                event.tgid = event.tid == 0 ? 0 : -1;
                event.otherTid = memory.get(JAVA_INT, body + 4);
                // In what state it has left is not known.
                event.number = 0;
                event.arg2 = USUAL_PRIORITY;
                event.arg3 = memory.get(JAVA_INT, body + 8);
                event.arg4 = memory.get(JAVA_LONG, body + 16);
                event.arg0 = memory.get(JAVA_LONG, body + 24);
                event.arg1 = memory.get(JAVA_LONG, body + 32);
                comm(memory, body + 40, event);
            }
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> {
                event.otherTid = memory.get(JAVA_INT, body);
                event.arg0 = memory.get(JAVA_INT, body + 4);
                event.arg1 = memory.get(JAVA_INT, body + 8);
                event.contextFlags = contextFlags(memory.get(JAVA_INT, body + 12));
                comm(memory, body + 16, event);
            }
            case SCHED_MIGRATE_TASK -> {
                event.otherTid = memory.get(JAVA_INT, body);
                event.arg0 = memory.get(JAVA_INT, body + 4);
                event.arg1 = memory.get(JAVA_INT, body + 8);
                event.arg2 = memory.get(JAVA_INT, body + 12);
                comm(memory, body + 16, event);
            }
            case TASK_NEWTASK -> {
                event.otherTid = memory.get(JAVA_INT, body);
                event.number = memory.get(JAVA_LONG, body + 8);
                comm(memory, body + 16, event);
            }
            case TASK_RENAME -> {
                event.tid = memory.get(JAVA_INT, body);
                comm(memory, body + 8, event);
                event.arg0 = memory.get(JAVA_LONG, body + 24);
                event.arg1 = memory.get(JAVA_LONG, body + 32);
            }
            case SCHED_PROCESS_EXEC -> {
                event.tid = memory.get(JAVA_INT, body);
                event.otherTid = memory.get(JAVA_INT, body + 4);
                event.payload = text(memory, body + 8, kind.sizeBytes() - BODY - 8);
            }
            case SCHED_PROCESS_EXIT -> {
                event.tid = memory.get(JAVA_INT, body);
                event.arg0 = memory.get(JAVA_INT, body + 4);
                comm(memory, body + 8, event);
                event.arg1 = memory.get(JAVA_INT, body + 24);
            }
            case RING_CREATE -> {
                event.arg0 = memory.get(JAVA_LONG, body);
                event.number = memory.get(JAVA_INT, body + 16);
                event.arg1 = memory.get(JAVA_INT, body + 20) & 0xffff_ffffL;
            }
            case RING_SUBMIT, RING_FILE, RING_READY, RING_WAIT -> {
                event.arg0 = memory.get(JAVA_LONG, body);
                event.arg1 = memory.get(JAVA_LONG, body + 8);
                event.number = memory.get(JAVA_INT, body + 16);
                event.contextFlags = contextFlags(memory.get(JAVA_INT, body + 24));
            }
            case RING_COMPLETE -> {
                event.arg0 = memory.get(JAVA_LONG, body);
                event.arg1 = memory.get(JAVA_LONG, body + 8);
                event.number = memory.get(JAVA_INT, body + 16) & 0xffff_ffffL;
                event.result = memory.get(JAVA_INT, body + 20);
                event.contextFlags = contextFlags(memory.get(JAVA_INT, body + 24));
            }
            case LOCK_CONTENDED, WORK_QUEUED, WORK_STARTED -> {
                event.arg0 = memory.get(JAVA_LONG, body);
                event.number = memory.get(JAVA_INT, body + 8) & 0xffff_ffffL;
                event.contextFlags = contextFlags(memory.get(JAVA_INT, body + 12));
            }
            case PAGE_FAULTED -> event.arg0 = memory.get(JAVA_LONG, body);
            case INET_SOCK_SET_STATE -> socketState(memory, body, event);
            // Taken by others.
            case POLLED, AT_PATH -> { }
            case CALL_WITH_NONE, CALL_WITH_ONE, CALL_WITH_THREE, CALL_WITH_FOUR, CALL_WITH_SIX,
                    NEXT_WITH_NONE, NEXT_WITH_ONE, NEXT_WITH_THREE, NEXT_WITH_FOUR, NEXT_WITH_SIX ->
                throw new IllegalArgumentException("two events in one record");
        }
    }

    private static void socketState(MemorySegment memory, long body, TraceEvent event) {
        event.arg0 = memory.get(JAVA_LONG, body);
        event.result = memory.get(JAVA_INT, body + 8);
        event.number = memory.get(JAVA_INT, body + 12);
        event.arg1 = (memory.get(NETWORK_SHORT, body + 18) & 0xffffL) << 16 | memory.get(NETWORK_SHORT, body + 20) & 0xffff;
        event.contextFlags = contextFlags(memory.get(JAVA_INT, body + 64));
        if (memory.get(JAVA_SHORT, body + 16) == AF_INET) {
            event.arg2 = 0;
            event.arg3 = MAPPED | memory.get(NETWORK_INT, body + 24) & 0xffff_ffffL;
            event.arg4 = 0;
            event.arg5 = MAPPED | memory.get(NETWORK_INT, body + 28) & 0xffff_ffffL;
        } else {
            event.arg2 = memory.get(NETWORK_LONG, body + 32);
            event.arg3 = memory.get(NETWORK_LONG, body + 40);
            event.arg4 = memory.get(NETWORK_LONG, body + 48);
            event.arg5 = memory.get(NETWORK_LONG, body + 56);
        }
    }

    private static void head(MemorySegment memory, long base, EventType type, TraceEvent event) {
        event.type = type;
        event.timeNs = memory.get(JAVA_LONG, base + RecordKind.TIME);
        event.tid = memory.get(JAVA_INT, base + RecordKind.TID);
        event.tgid = memory.get(JAVA_INT, base + RecordKind.TGID);
        event.contextFlags = 0;
        event.payload = null;
    }

    /** Of a call of i386, that of the native one that does the same. The exit of rt_sigreturn(2) has none. */
    static long number(MemorySegment memory, long base, long number) {
        boolean compat = (memory.get(JAVA_SHORT, base + RecordKind.FLAGS) & RecordKind.COMPAT) != 0;
        return compat && number >= 0 ? OfI386.NUMBERS.of(Abi.I386, number) : number;
    }

    /** Read with the first call that needs them. */
    private static final class OfI386 {
        private static final NativeNumbers NUMBERS = new NativeNumbers();
    }

    /**
     * The state in which a thread was switched out, as the tracepoint tells it in its own record
     * ({@code __trace_sched_switch_state} in include/trace/events/sched.h): one bit, or none for a thread that could run. But
     * what is frozen is told as that, which the tracepoint leaves out: since 6.1 of both versions of control groups.
     */
    static long prevState(int state, int exitState, boolean preempted, boolean freezes) {
        if (preempted) {
            return TASK_REPORT_MAX;
        }
        if ((state & TASK_FROZEN) != 0 || freezes && (state & TASK_REPORT) == PrevState.INTERRUPTIBLE) {
            return PrevState.FROZEN;
        }
        if ((state & TASK_RTLOCK_WAIT) != 0) {
            return TASK_UNINTERRUPTIBLE;
        }
        if ((state & TASK_IDLE) == TASK_IDLE) {
            return TASK_REPORT_IDLE;
        }
        return Integer.highestOneBit((state | exitState) & TASK_REPORT);
    }

    private static int contextFlags(int preemptCount) {
        return ((preemptCount & HARD_INTERRUPTS) != 0 ? TraceEvent.FLAG_HARD_INTERRUPT : 0)
                | ((preemptCount & SOFT_INTERRUPT) != 0 ? TraceEvent.FLAG_SOFT_INTERRUPT : 0);
    }

    private static void comm(MemorySegment memory, long at, TraceEvent event) {
        event.comm0 = memory.get(JAVA_LONG, at);
        event.comm1 = memory.get(JAVA_LONG, at + 8);
    }

    private static String text(MemorySegment memory, long at, int mostBytes) {
        int end = 0;
        while (end < mostBytes && memory.get(JAVA_BYTE, at + end) != 0) {
            end++;
        }
        return new String(memory.asSlice(at, end).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
