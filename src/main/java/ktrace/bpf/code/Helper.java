package ktrace.bpf.code;

import ktrace.linux.tracing.BpfAbi;

/** The kernel's functions that a program can call: bpf-helpers(7). */
public enum Helper {
    MAP_LOOKUP_ELEM(BpfAbi.FUNC_MAP_LOOKUP_ELEM),
    MAP_UPDATE_ELEM(BpfAbi.FUNC_MAP_UPDATE_ELEM),
    KTIME_GET_NS(BpfAbi.FUNC_KTIME_GET_NS),
    GET_SMP_PROCESSOR_ID(BpfAbi.FUNC_GET_SMP_PROCESSOR_ID),
    GET_CURRENT_PID_TGID(BpfAbi.FUNC_GET_CURRENT_PID_TGID),
    PROBE_READ_USER(BpfAbi.FUNC_PROBE_READ_USER),
    PROBE_READ_USER_STR(BpfAbi.FUNC_PROBE_READ_USER_STR),
    PROBE_READ_KERNEL(BpfAbi.FUNC_PROBE_READ_KERNEL),
    PROBE_READ_KERNEL_STR(BpfAbi.FUNC_PROBE_READ_KERNEL_STR),
    RINGBUF_OUTPUT(BpfAbi.FUNC_RINGBUF_OUTPUT),
    RINGBUF_RESERVE(BpfAbi.FUNC_RINGBUF_RESERVE),
    RINGBUF_SUBMIT(BpfAbi.FUNC_RINGBUF_SUBMIT),
    RINGBUF_DISCARD(BpfAbi.FUNC_RINGBUF_DISCARD),
    KALLSYMS_LOOKUP_NAME(BpfAbi.FUNC_KALLSYMS_LOOKUP_NAME),
    TASK_STORAGE_GET(BpfAbi.FUNC_TASK_STORAGE_GET),
    GET_CURRENT_TASK_BTF(BpfAbi.FUNC_GET_CURRENT_TASK_BTF),
    TASK_PT_REGS(BpfAbi.FUNC_TASK_PT_REGS);

    final int number;

    Helper(int number) {
        this.number = number;
    }

    static String nameOf(int number) {
        for (Helper helper : values()) {
            if (helper.number == number) {
                return helper.name().toLowerCase(java.util.Locale.ROOT);
            }
        }
        return Integer.toString(number);
    }
}
