package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Width;

/** Entry and exit of the calls of traced threads. The registers are those of x86-64. */
final class SystemCalls {
    private static final List<String> ARGUMENTS = List.of("di", "si", "dx", "r10", "r8", "r9");
    /** Of a call by int 0x80, or of a 32-bit program. */
    private static final List<String> COMPAT_ARGUMENTS = List.of("bx", "cx", "dx", "si", "di", "bp");
    /** TS_COMPAT (arch/x86/include/asm/thread_info.h). */
    private static final int COMPAT = 2;

    private SystemCalls() {
    }

    /** sys_enter(registers, number). */
    static List<Instruction> enter(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        begin(event, RecordKind.SYS_ENTER);
        event.argument(R1, 1);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY, R1);
        event.argument(R7, 0);
        Label compat = new Label();
        Label filled = new Label();
        event.currentTask(R0);
        event.load(R1, R0, "task_struct", "thread_info.status");
        event.code.jump(If.ANY_BIT, R1, COMPAT, compat);
        arguments(event, ARGUMENTS);
        event.code.jump(filled);
        event.code.place(compat);
        arguments(event, COMPAT_ARGUMENTS);
        event.code.place(filled);
        event.submit();
        return event.finish();
    }

    /** sys_exit(registers, result). */
    static List<Instruction> exit(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        begin(event, RecordKind.SYS_EXIT);
        event.argument(R7, 0);
        event.load(R1, R7, "pt_regs", "orig_ax");
        // The kernel takes it for an int.
        event.code.compute(ktrace.bpf.code.Alu.SHIFT_LEFT, R1, 32);
        event.code.compute(ktrace.bpf.code.Alu.SHIFT_RIGHT_SIGNED, R1, 32);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY, R1);
        event.argument(R1, 1);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY + 8, R1);
        event.submit();
        return event.finish();
    }

    private static void begin(EventCode event, RecordKind kind) {
        event.currentTask(R0);
        event.findTask(R0);
        event.code.jump(If.EQUAL, R0, 0, event.end());
        event.code.load(Width.LONG, R1, R0, 0);
        event.code.jump(If.EQUAL, R1, 0, event.end());
        event.findState();
        event.reserve(kind);
    }

    private static void arguments(EventCode event, List<String> registers) {
        for (int i = 0; i < registers.size(); i++) {
            event.load(R1, R7, "pt_regs", registers.get(i));
            event.code.store(Width.LONG, RECORD, RecordKind.BODY + 8 + 8 * i, R1);
        }
    }
}
