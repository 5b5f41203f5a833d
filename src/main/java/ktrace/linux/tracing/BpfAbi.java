package ktrace.linux.tracing;

/**
 * What ktrace uses of linux/bpf.h and linux/btf.h: offsets in {@code union bpf_attr} and numbers. {@code BpfAbiTest} holds each
 * against the C compiler.
 *
 * <p>Written by people, unlike {@link ktrace.linux.uapi.Uapi}, where these belong as soon as jextract runs again: both headers in
 * native-headers/ktrace.h, and in includes.txt {@code union bpf_attr}, {@code struct bpf_prog_info} and the constants that follow,
 * with BPF_ before their names here.
 */
public final class BpfAbi {
    /** Bytes of {@code union bpf_attr} that are filled here; a kernel takes less than it knows, and more if that is zero. */
    public static final int ATTR_BYTES = 144;

    // -- commands: enum bpf_cmd ---------------------------------------------------------------------------------------------
    public static final int MAP_CREATE = 0;
    public static final int MAP_UPDATE_ELEM = 2;
    public static final int MAP_DELETE_ELEM = 3;
    public static final int PROG_LOAD = 5;
    public static final int PROG_TEST_RUN = 10;
    public static final int OBJ_GET_INFO_BY_FD = 15;
    public static final int RAW_TRACEPOINT_OPEN = 17;
    public static final int BTF_LOAD = 18;
    public static final int MAP_UPDATE_BATCH = 26;
    public static final int LINK_CREATE = 28;
    public static final int ITER_CREATE = 33;

    // -- union bpf_attr: where the arguments of each command lie ------------------------------------------------------------
    public static final int MAP_TYPE = 0;
    public static final int KEY_SIZE = 4;
    public static final int VALUE_SIZE = 8;
    public static final int MAX_ENTRIES = 12;
    public static final int MAP_FLAGS = 16;
    public static final int INNER_MAP_FD = 20;
    public static final int MAP_NAME = 28;
    public static final int MAP_BTF_FD = 48;
    public static final int BTF_KEY_TYPE_ID = 52;
    public static final int BTF_VALUE_TYPE_ID = 56;
    public static final int MAP_FD = 0;
    public static final int KEY = 8;
    public static final int VALUE = 16;
    public static final int BATCH_KEYS = 16;
    public static final int BATCH_VALUES = 24;
    public static final int BATCH_COUNT = 32;
    public static final int BATCH_MAP_FD = 36;
    public static final int PROG_TYPE = 0;
    public static final int INSN_CNT = 4;
    public static final int INSNS = 8;
    public static final int LICENSE = 16;
    public static final int LOG_LEVEL = 24;
    public static final int LOG_SIZE = 28;
    public static final int LOG_BUF = 32;
    public static final int PROG_FLAGS = 44;
    public static final int PROG_NAME = 48;
    public static final int EXPECTED_ATTACH_TYPE = 68;
    public static final int ATTACH_BTF_ID = 108;
    public static final int RAW_TRACEPOINT_PROG_FD = 8;
    public static final int TEST_PROG_FD = 0;
    public static final int TEST_CTX_SIZE_IN = 40;
    public static final int TEST_CTX_IN = 48;
    public static final int TEST_FLAGS = 64;
    public static final int TEST_CPU = 68;
    public static final int BTF = 0;
    public static final int BTF_SIZE = 16;
    public static final int LINK_PROG_FD = 0;
    public static final int LINK_TARGET_FD = 4;
    public static final int LINK_ATTACH_TYPE = 8;
    public static final int ITER_LINK_FD = 0;
    public static final int INFO_BPF_FD = 0;
    public static final int INFO_LEN = 4;
    public static final int INFO = 8;
    /** BPF_OBJ_NAME_LEN: of a map's or program's name, its end included. */
    public static final int OBJ_NAME_LEN = 16;

    // -- struct bpf_prog_info -----------------------------------------------------------------------------------------------
    /** How often a program did not run because it would have run on top of itself; since 5.12. */
    public static final int RECURSION_MISSES = 208;

    // -- kinds of maps and programs, where they are attached -----------------------------------------------------------------
    public static final int MAP_TYPE_HASH = 1;
    public static final int MAP_TYPE_ARRAY = 2;
    public static final int MAP_TYPE_LRU_HASH = 9;
    public static final int MAP_TYPE_ARRAY_OF_MAPS = 12;
    public static final int MAP_TYPE_RINGBUF = 27;
    public static final int MAP_TYPE_TASK_STORAGE = 29;
    public static final int F_NO_PREALLOC = 1;
    public static final int F_MMAPABLE = 0x400;
    public static final int PROG_TYPE_PERF_EVENT = 7;
    public static final int PROG_TYPE_RAW_TRACEPOINT = 17;
    public static final int PROG_TYPE_TRACING = 26;
    public static final int PROG_TYPE_SYSCALL = 31;
    public static final int F_SLEEPABLE = 0x10;
    public static final int TRACE_RAW_TP = 23;
    public static final int TRACE_ITER = 28;
    public static final int PERF_EVENT = 41;

    // -- functions that programs call: enum bpf_func_id ----------------------------------------------------------------------
    public static final int FUNC_MAP_LOOKUP_ELEM = 1;
    public static final int FUNC_MAP_UPDATE_ELEM = 2;
    public static final int FUNC_KTIME_GET_NS = 5;
    public static final int FUNC_GET_SMP_PROCESSOR_ID = 8;
    public static final int FUNC_GET_CURRENT_PID_TGID = 14;
    public static final int FUNC_PROBE_READ_USER = 112;
    public static final int FUNC_PROBE_READ_KERNEL = 113;
    public static final int FUNC_PROBE_READ_USER_STR = 114;
    public static final int FUNC_PROBE_READ_KERNEL_STR = 115;
    public static final int FUNC_RINGBUF_OUTPUT = 130;
    public static final int FUNC_RINGBUF_RESERVE = 131;
    public static final int FUNC_RINGBUF_SUBMIT = 132;
    public static final int FUNC_RINGBUF_DISCARD = 133;
    public static final int FUNC_TASK_STORAGE_GET = 156;
    public static final int FUNC_GET_CURRENT_TASK_BTF = 158;
    /** Since 5.15. */
    public static final int FUNC_TASK_PT_REGS = 175;
    public static final int FUNC_KALLSYMS_LOOKUP_NAME = 179;
    /** An entry that is not there is made. */
    public static final int LOCAL_STORAGE_GET_F_CREATE = 1;
    /** A program is run by hand on a CPU that is named. */
    public static final int F_TEST_RUN_ON_CPU = 1;
    /** Whoever waits for the ring is left alone. */
    public static final int RB_NO_WAKEUP = 1;

    // -- a ring's records ----------------------------------------------------------------------------------------------------
    /** In the length of a record: it is being written. */
    public static final int RINGBUF_BUSY_BIT = 1 << 31;
    /** In the length of a record: whoever reserved it had nothing to say. */
    public static final int RINGBUF_DISCARD_BIT = 1 << 30;
    /** Length and page offset before each record. */
    public static final int RINGBUF_HDR_SZ = 8;

    private BpfAbi() {
    }
}
