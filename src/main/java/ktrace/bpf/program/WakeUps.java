package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
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
        EventCode event = begin(kind, kernel, maps);
        event.copyNumber(RECORD, RecordKind.BODY + 4, R7, kernel.cpuOfTask());
        event.copyNumber(RECORD, RecordKind.BODY + 8, R7, "prio");
        event.copyPreemptCount(RecordKind.BODY + 12);
        event.submit();
        return event.finish();
    }

    static List<Instruction> moved(Kernel kernel, Maps maps) {
        EventCode event = begin(RecordKind.SCHED_MIGRATE_TASK, kernel, maps);
        event.copyNumber(RECORD, RecordKind.BODY + 4, R7, kernel.cpuOfTask());
        event.copyArgument(RECORD, RecordKind.BODY + 8, TO_CPU);
        event.copyNumber(RECORD, RecordKind.BODY + 12, R7, "prio");
        event.submit();
        return event.finish();
    }

    /** R7 = the thread, which is traced; its number and its comm are in the record. */
    private static EventCode begin(RecordKind kind, Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.argument(R7, TASK);
        event.findTask(R7);
        event.code.jump(If.EQUAL, R0, 0, event.end());
        event.findState();
        event.announceCurrent();
        event.reserve(kind);
        event.copyNumber(RECORD, RecordKind.BODY, R7, "pid");
        event.copyComm(RECORD, RecordKind.BODY + 16, R7);
        return event;
    }
}
