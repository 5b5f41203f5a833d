package ktrace.perf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The one-bit flags of {@code struct perf_event_attr}: bit fields of the 64-bit word at offset {@value #OFFSET_BYTES}, which
 * jextract passes over. Meanings are those of perf_event_open(2); the order and {@code precise_ip}, the only wider field
 * (bits 15 and 16, unused by tracepoints), are those of include/uapi/linux/perf_event.h. {@code PerfAttrFlagTest} sets each
 * in C and compares.
 */
public enum PerfAttrFlag {
    DISABLED(0),
    INHERIT(1),
    PINNED(2),
    EXCLUSIVE(3),
    EXCLUDE_USER(4),
    EXCLUDE_KERNEL(5),
    EXCLUDE_HV(6),
    EXCLUDE_IDLE(7),
    MMAP(8),
    COMM(9),
    FREQ(10),
    INHERIT_STAT(11),
    ENABLE_ON_EXEC(12),
    TASK(13),
    WATERMARK(14),
    MMAP_DATA(17),
    SAMPLE_ID_ALL(18),
    EXCLUDE_HOST(19),
    EXCLUDE_GUEST(20),
    EXCLUDE_CALLCHAIN_KERNEL(21),
    EXCLUDE_CALLCHAIN_USER(22),
    MMAP2(23),
    COMM_EXEC(24),
    USE_CLOCKID(25),
    CONTEXT_SWITCH(26),
    WRITE_BACKWARD(27),
    NAMESPACES(28),
    KSYMBOL(29),
    BPF_EVENT(30),
    AUX_OUTPUT(31),
    CGROUP(32),
    TEXT_POKE(33),
    BUILD_ID(34),
    /** Children inherit only if they are threads of the same process (CLONE_THREAD). Since Linux 5.13. */
    INHERIT_THREAD(35),
    /** Since Linux 5.13. */
    REMOVE_ON_EXEC(36),
    /** Since Linux 5.13. */
    SIGTRAP(37);

    /** Where the word lies in {@code struct perf_event_attr}. */
    public static final long OFFSET_BYTES = 40;

    private final long mask;

    PerfAttrFlag(int bit) {
        this.mask = 1L << bit;
    }

    /** The flag's bit in the word. */
    public long mask() {
        return mask;
    }

    /** Makes {@code flags}, and no others, the flags of a {@code struct perf_event_attr}. */
    public static void set(MemorySegment attr, PerfAttrFlag... flags) {
        long word = 0;
        for (PerfAttrFlag flag : flags) {
            word |= flag.mask;
        }
        attr.set(ValueLayout.JAVA_LONG, OFFSET_BYTES, word);
    }
}
