package ktrace.perf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collection;
import ktrace.event.TraceEvent;
import ktrace.text.RawText;

/**
 * Turns the bytes of one sample into a {@link TraceEvent}. A sample with sample_type TID | TIME | RAW is, after the 8-byte
 * {@code perf_event_header} (perf_event_open(2), PERF_RECORD_SAMPLE):
 *
 * <pre>
 *  8  u32 pid, u32 tid    thread group and thread, as the opener's pid namespace numbers them
 * 16  u64 time            CLOCK_MONOTONIC
 * 24  u32 size            of what follows, which therefore lies at 4 mod 8
 * 28  raw data            u16 common_type, u8 common_flags, …, as the tracepoint's format file says
 * </pre>
 *
 * <p>A sample of a page fault has the address, u64 at 24, in place of the raw data, and is shorter than any that has such.
 *
 * <p>Stateless after construction; allocates only for SCHED_PROCESS_EXEC, which carries a file name.
 */
final class RecordDecoder {
    static final int SAMPLE_TGID = 8;
    static final int SAMPLE_TIME = 16;
    private static final int SAMPLE_TID = 12;
    private static final int FAULT_ADDRESS = 24;
    private static final int FAULT_BYTES = 32;
    static final int RAW_SIZE = 24;
    static final int RAW_DATA = 28;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfLong ADDRESS_HALF = LONG.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** By {@code common_type}; null for those that ktrace did not open. */
    private final RawLayout[] layouts;

    RecordDecoder(Collection<RawLayout> layouts) {
        int top = layouts.stream().mapToInt(RawLayout::id).max().orElse(0);
        this.layouts = new RawLayout[top + 1];
        for (RawLayout layout : layouts) {
            if (layout != RawLayout.OF_FAULTS) {
                this.layouts[layout.id()] = layout;
            }
        }
    }

    /**
     * The layout that a sample of {@code sizeBytes} at {@code base} has, or null when the record is of no tracepoint that was
     * opened, or shorter than that tracepoint's data: such a record must not be decoded.
     */
    RawLayout layoutOf(MemorySegment memory, long base, int sizeBytes) {
        if (sizeBytes < RAW_DATA + 8) {
            return sizeBytes == FAULT_BYTES ? RawLayout.OF_FAULTS : null;
        }
        int rawBytes = memory.get(INT, base + RAW_SIZE);
        if (rawBytes < 8 || rawBytes > sizeBytes - RAW_DATA) {
            return null;
        }
        int type = memory.get(SHORT, base + RAW_DATA) & 0xffff;
        RawLayout layout = type < layouts.length ? layouts[type] : null;
        return layout == null || rawBytes < layout.minBytes() ? null : layout;
    }

    /** Fills {@code event} from the sample at {@code base}, whose {@code layout} was found by {@link #layoutOf}. */
    void decode(MemorySegment memory, long base, RawLayout layout, TraceEvent event) {
        long raw = base + RAW_DATA;
        Tracepoint tracepoint = layout.tracepoint();
        event.type = tracepoint.eventType();
        event.timeNs = memory.get(LONG, base + SAMPLE_TIME);
        event.tgid = memory.get(INT, base + SAMPLE_TGID);
        event.payload = null;
        if (layout == RawLayout.OF_FAULTS) {
            event.tid = memory.get(INT, base + SAMPLE_TID);
            event.contextFlags = 0;
            event.arg0 = memory.get(LONG, base + FAULT_ADDRESS);
            return;
        }
        event.tid = memory.get(INT, raw + layout.commonPid());
        event.contextFlags = memory.get(JAVA_BYTE, raw + layout.commonFlags()) & 0xff;
        switch (tracepoint) {
            case SYS_ENTER -> {
                event.number = memory.get(LONG, raw + layout.a());
                long args = raw + layout.b();
                event.arg0 = memory.get(LONG, args);
                event.arg1 = memory.get(LONG, args + 8);
                event.arg2 = memory.get(LONG, args + 16);
                event.arg3 = memory.get(LONG, args + 24);
                event.arg4 = memory.get(LONG, args + 32);
                event.arg5 = memory.get(LONG, args + 40);
            }
            case SYS_EXIT -> {
                event.number = memory.get(LONG, raw + layout.a());
                event.result = memory.get(LONG, raw + layout.b());
            }
            case SCHED_SWITCH -> {
                event.tid = memory.get(INT, raw + layout.a());
                event.number = memory.get(LONG, raw + layout.b());
                event.otherTid = memory.get(INT, raw + layout.c());
                comm(memory, base, layout.d(), event);
                event.arg0 = commPart(memory, base, layout.e(), 0);
                event.arg1 = commPart(memory, base, layout.e(), 8);
                event.arg2 = memory.get(INT, raw + layout.f());
                event.arg3 = memory.get(INT, raw + layout.g());
                event.arg4 = 0;
            }
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> {
                event.otherTid = memory.get(INT, raw + layout.a());
                event.arg0 = memory.get(INT, raw + layout.b());
                comm(memory, base, layout.c(), event);
                event.arg1 = memory.get(INT, raw + layout.d());
            }
            case SCHED_MIGRATE_TASK -> {
                event.otherTid = memory.get(INT, raw + layout.a());
                event.arg0 = memory.get(INT, raw + layout.b());
                event.arg1 = memory.get(INT, raw + layout.c());
                comm(memory, base, layout.d(), event);
                event.arg2 = memory.get(INT, raw + layout.e());
            }
            case TASK_NEWTASK -> {
                event.otherTid = memory.get(INT, raw + layout.a());
                event.number = memory.get(LONG, raw + layout.b());
                comm(memory, base, layout.c(), event);
            }
            case TASK_RENAME -> {
                // Another thread can write to /proc/PID/task/TID/comm: the renamed is not always the one that runs.
                event.tid = memory.get(INT, raw + layout.a());
                comm(memory, base, layout.b(), event);
                event.arg0 = commPart(memory, base, layout.c(), 0);
                event.arg1 = commPart(memory, base, layout.c(), 8);
            }
            case SCHED_PROCESS_EXEC -> {
                event.tid = memory.get(INT, raw + layout.a());
                event.otherTid = memory.get(INT, raw + layout.b());
                event.payload = text(memory, base, memory.get(INT, raw + layout.c()));
            }
            case SCHED_PROCESS_EXIT -> {
                event.tid = memory.get(INT, raw + layout.a());
                comm(memory, base, layout.b(), event);
                event.arg0 = memory.get(INT, raw + layout.c());
                event.arg1 = layout.d() < 0 ? 0
                        : memory.get(JAVA_BYTE, raw + layout.d()) == 0 ? TraceEvent.OTHERS_LIVE : TraceEvent.LAST_OF_PROCESS;
            }
            case RING_CREATE -> {
                event.arg0 = memory.get(LONG, raw + layout.a());
                event.number = memory.get(INT, raw + layout.b());
                event.arg1 = memory.get(INT, raw + layout.c()) & 0xffffffffL;
            }
            case RING_SUBMIT -> {
                request(memory, raw, layout, event);
                event.number = memory.get(JAVA_BYTE, raw + layout.c()) & 0xff;
            }
            case RING_FILE -> {
                request(memory, raw, layout, event);
                event.number = memory.get(INT, raw + layout.c());
            }
            case RING_READY -> request(memory, raw, layout, event);
            case RING_COMPLETE -> {
                request(memory, raw, layout, event);
                event.result = memory.get(INT, raw + layout.c());
                event.number = memory.get(INT, raw + layout.d()) & 0xffffffffL;
            }
            case LOCK_CONTENDED -> {
                event.arg0 = memory.get(LONG, raw + layout.a());
                event.number = memory.get(INT, raw + layout.b()) & 0xffffffffL;
            }
            case PAGE_FAULTED -> { }
            case RING_WAIT, WORK_QUEUED, WORK_STARTED -> event.arg0 = memory.get(LONG, raw + layout.a());
            case INET_SOCK_SET_STATE -> {
                event.arg0 = memory.get(LONG, raw + layout.a());
                event.result = memory.get(INT, raw + layout.b());
                event.number = memory.get(INT, raw + layout.c());
                event.arg1 = (memory.get(SHORT, raw + layout.d()) & 0xffffL) << 16 | memory.get(SHORT, raw + layout.e()) & 0xffff;
                event.arg2 = memory.get(ADDRESS_HALF, raw + layout.f());
                event.arg3 = memory.get(ADDRESS_HALF, raw + layout.f() + 8);
                event.arg4 = memory.get(ADDRESS_HALF, raw + layout.g());
                event.arg5 = memory.get(ADDRESS_HALF, raw + layout.g() + 8);
            }
        }
    }

    /** Of a sample of SCHED_SWITCH who goes. */
    int prev(MemorySegment memory, long base, RawLayout layout) {
        return memory.get(INT, base + RAW_DATA + layout.a());
    }

    /** And who comes. */
    int next(MemorySegment memory, long base, RawLayout layout) {
        return memory.get(INT, base + RAW_DATA + layout.c());
    }

    private static void request(MemorySegment memory, long raw, RawLayout layout, TraceEvent event) {
        event.arg0 = memory.get(LONG, raw + layout.a());
        event.arg1 = memory.get(LONG, raw + layout.b());
    }

    private static void comm(MemorySegment memory, long base, int at, TraceEvent event) {
        event.comm0 = commPart(memory, base, at, 0);
        event.comm1 = commPart(memory, base, at, 8);
    }

    /** Eight bytes of a comm that lies at {@code at} of the raw data, or where the {@code __data_loc} there says. */
    private static long commPart(MemorySegment memory, long base, int at, int from) {
        if ((at & RawLayout.DATA_LOCATION) == 0) {
            return memory.get(LONG, base + RAW_DATA + at + from);
        }
        int location = memory.get(INT, base + RAW_DATA + (at & ~RawLayout.DATA_LOCATION));
        int offset = (location & 0xffff) + from;
        int end = Math.min(Math.min((location >>> 16) - from, 8), memory.get(INT, base + RAW_SIZE) - offset);
        long part = 0;
        for (int i = 0; i < end; i++) {
            byte b = memory.get(JAVA_BYTE, base + RAW_DATA + offset + i);
            if (b == 0) {
                break;
            }
            part |= (b & 0xffL) << (8 * i);
        }
        return part;
    }

    /** The bytes that a {@code __data_loc} points to: length in its upper half, offset in the raw data in its lower. */
    private static String text(MemorySegment memory, long base, int location) {
        int rawBytes = memory.get(INT, base + RAW_SIZE);
        int offset = location & 0xffff;
        int length = Math.min(location >>> 16, rawBytes - offset);
        if (length <= 0) {
            return "";
        }
        byte[] bytes = memory.asSlice(base + RAW_DATA + offset, length).toArray(JAVA_BYTE);
        int end = 0;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        return RawText.of(bytes, 0, end);
    }
}
