package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R7;

import java.util.List;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Width;

/**
 * Run once for each thread that there is (bpf_iter_task): those of the wanted processes are traced from then on. One for whose
 * entry there is no memory counts as lost, as if it had been born.
 */
final class FindThreads {
    /** In struct bpf_iter__task, behind a pointer; null after the last. */
    private static final int TASK = 1;

    private FindThreads() {
    }

    /**
     * @param allButTgid when not 0, every process is wanted but this one
     * @param value what their entries are to be; of those that have one it stays as it is
     */
    static List<Instruction> code(int allButTgid, int value, Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.argument(R7, TASK);
        event.code.jump(If.EQUAL, R7, 0, event.end());
        event.findState();
        if (allButTgid == 0) {
            event.findWanted(R7);
            event.code.jump(If.EQUAL, R0, 0, event.end());
        } else {
            event.load(R1, R7, "task_struct", "tgid");
            event.code.jump(If.EQUAL, R1, allButTgid, event.end());
        }
        event.findTask(R7);
        event.code.jump(If.NOT_EQUAL, R0, 0, event.end());
        event.addTask(R7);
        event.code.jump(If.EQUAL, R0, 0, event.lost(RecordKind.TASK_NEWTASK));
        event.code.store(Width.LONG, R0, 0, value);
        return event.finish();
    }
}
