package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;

/** What others do to a traced thread: sched_waking(woken), sched_wakeup_new(new), sched_migrate_task(moved, to which CPU). */
final class WakeUps {
    private static final int TASK = 0;
    private static final int TO_CPU = 1;

    private WakeUps() {
    }

    /** Of an awakening, or of the first one. */
    static List<Instruction> woken(RecordKind kind, Kernel kernel, Maps maps) {
        EventCode event = begin(kernel, maps);
        event.load(R1, R7, "task_struct", kernel.cpuOfTask());
        Queues.joins(event);
        if (kind == RecordKind.SCHED_WAKING && kernel.tellsRegisters()) {
            WakerCalls.code(event, kernel);
        }
        event.reserve(kind);
        woken(event, kernel);
        event.submit();
        return event.finish();
    }

    /** What is told of who is woken, R7, into the record. */
    static void woken(EventCode event, Kernel kernel) {
        who(event);
        event.copyNumber(RECORD, RecordKind.BODY + 4, R7, kernel.cpuOfTask());
        event.copyNumber(RECORD, RecordKind.BODY + 8, R7, "prio");
        event.copyPreemptCount(RecordKind.BODY + 12);
    }

    static List<Instruction> moved(Kernel kernel, Maps maps) {
        EventCode event = begin(kernel, maps);
        event.load(R1, R7, "task_struct", kernel.cpuOfTask());
        Queues.leaves(event);
        event.argument(R1, TO_CPU);
        Queues.joins(event);
        event.reserve(RecordKind.SCHED_MIGRATE_TASK);
        who(event);
        event.copyNumber(RECORD, RecordKind.BODY + 4, R7, kernel.cpuOfTask());
        event.copyArgument(RECORD, RecordKind.BODY + 8, TO_CPU);
        event.copyNumber(RECORD, RecordKind.BODY + 12, R7, "prio");
        event.submit();
        return event.finish();
    }

    /** R7 = the thread, which is traced. */
    private static EventCode begin(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.argument(R7, TASK);
        event.findTask(R7);
        event.code.jump(If.EQUAL, R0, 0, event.end());
        event.findState();
        event.announceCurrent();
        return event;
    }

    private static void who(EventCode event) {
        event.copyNumber(RECORD, RecordKind.BODY, R7, "pid");
        event.copyComm(RECORD, RecordKind.BODY + 16, R7);
    }
}
