package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.Alu;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Width;

/**
 * workqueue_queue_work(CPU, queue, work) and workqueue_execute_start(work), of the work by which what is written at one side of a
 * terminal comes to the other: whoever does that, for whether a traced thread reads there is not known here.
 */
final class Works {
    private static final String TERMINAL_WORK = "flush_to_ldisc";

    private Works() {
    }

    static List<Instruction> code(RecordKind kind, Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.argument(R7, kind == RecordKind.WORK_QUEUED ? 2 : 0);
        event.load(R1, R7, "work_struct", "func");
        event.code.set(R2, kernel.address(TERMINAL_WORK));
        event.code.compute(Alu.SUB, R1, R2);
        event.code.jump(If.NOT_EQUAL, R1, 0, event.end());
        event.findState();
        event.announceCurrent();
        event.reserve(kind);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY, R7);
        event.code.store(Width.WORD, RECORD, RecordKind.BODY + 8, 0);
        event.copyPreemptCount(RecordKind.BODY + 12);
        event.submit();
        return event.finish();
    }
}
