package ktrace.perf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ktrace.linux.uapi.Uapi;
import ktrace.linux.uapi.perf_event_attr;

/**
 * Fills a {@code struct perf_event_attr}, mostly for a tracepoint: every event sampled, with thread, time and raw data, timed by
 * CLOCK_MONOTONIC, and the reader woken only when {@code watermarkBytes} are there (without a watermark it would be woken for
 * every event, which costs the traced program a hundred times as much).
 */
final class PerfEventAttr {
    private static final int CLOCK_MONOTONIC = 1;

    private final MemorySegment attr;

    /** @param countsLost whether reading an event gives, behind its count, how many of its records found no room (since 6.0) */
    PerfEventAttr(Arena arena, int watermarkBytes, boolean countsLost) {
        attr = perf_event_attr.allocate(arena);
        perf_event_attr.size(attr, (int) perf_event_attr.sizeof());
        perf_event_attr.sample_period(attr, 1);
        perf_event_attr.read_format(attr, countsLost ? Uapi.PERF_FORMAT_LOST() : 0);
        perf_event_attr.wakeup_watermark(attr, watermarkBytes);
        perf_event_attr.clockid(attr, CLOCK_MONOTONIC);
    }

    /** The attribute for one tracepoint; overwritten by the next call. */
    MemorySegment of(int tracepointId, PerfAttrFlag... flags) {
        return of(Uapi.PERF_TYPE_TRACEPOINT(), tracepointId, Uapi.PERF_SAMPLE_RAW(), flags);
    }

    /** Of an event that counts nothing, for records of context switches, disabled; overwritten by the next call. */
    MemorySegment ofSwitches() {
        return of(Uapi.PERF_TYPE_SOFTWARE(), Uapi.PERF_COUNT_SW_DUMMY(), 0, PerfAttrFlag.CONTEXT_SWITCH, PerfAttrFlag.DISABLED);
    }

    /** Of page faults that had to wait for their page, each with its address; overwritten by the next call. */
    MemorySegment ofMajorFaults(PerfAttrFlag... flags) {
        return of(Uapi.PERF_TYPE_SOFTWARE(), Uapi.PERF_COUNT_SW_PAGE_FAULTS_MAJ(), Uapi.PERF_SAMPLE_ADDR(), flags);
    }

    /** @param sampled besides thread and time */
    private MemorySegment of(int type, long config, long sampled, PerfAttrFlag... flags) {
        perf_event_attr.sample_type(attr, Uapi.PERF_SAMPLE_TID() | Uapi.PERF_SAMPLE_TIME() | sampled);
        perf_event_attr.type(attr, type);
        perf_event_attr.config(attr, config);
        long word = PerfAttrFlag.WATERMARK.mask() | PerfAttrFlag.SAMPLE_ID_ALL.mask() | PerfAttrFlag.USE_CLOCKID.mask();
        for (PerfAttrFlag flag : flags) {
            word |= flag.mask();
        }
        attr.set(ValueLayout.JAVA_LONG, PerfAttrFlag.OFFSET_BYTES, word);
        return attr;
    }
}
