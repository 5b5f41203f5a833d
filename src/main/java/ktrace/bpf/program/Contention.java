package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Width;

/** contention_begin(lock, flags): a traced thread will sleep until others let go of a lock inside the kernel. Since 5.19. */
final class Contention {
    /** LCB_F_SPIN, include/trace/events/lock.h: not slept for. */
    private static final int SPINS = 1;

    private Contention() {
    }

    static List<Instruction> code(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.argument(R1, 1);
        event.code.jump(If.ANY_BIT, R1, SPINS, event.end());
        event.currentTask(R0);
        event.findTask(R0);
        event.code.jump(If.EQUAL, R0, 0, event.end());
        event.findState();
        event.announceCurrent();
        event.reserve(RecordKind.LOCK_CONTENDED);
        event.argument(R1, 0);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY, R1);
        event.copyArgument(RECORD, RecordKind.BODY + 8, 1);
        event.copyPreemptCount(RecordKind.BODY + 12);
        event.submit();
        return event.finish();
    }
}
