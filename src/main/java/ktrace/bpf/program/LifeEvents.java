package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R3;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Width;
import ktrace.event.TraceEvent;

/** Births, names, execs and ends: of all threads, for those too are known by name who wake a traced one or hold its pipes. */
final class LifeEvents {
    private static final int CLONE_THREAD = 0x10000;
    private static final int COMM_BYTES = 16;

    private LifeEvents() {
    }

    /** task_newtask(child, flags): who is born by a traced thread is traced; of one that is watched only what is of its process. */
    static List<Instruction> born(boolean follow, Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        Label traced = new Label();
        Label known = new Label();
        Label wanted = new Label();
        Label watched = new Label();
        Label entered = new Label();
        event.findState();
        event.currentTask(R7);
        event.findTask(R7);
        event.code.jump(If.NOT_EQUAL, R0, 0, traced);
        // Its parent may be one that is still to be found; a child whose number is lower would not be.
        event.findWanted(R7);
        event.code.jump(If.EQUAL, R0, 0, entered);
        event.code.load(Width.WORD, RECORD, R0, 0);
        event.code.jump(known);
        event.code.place(traced);
        event.code.load(Width.LONG, RECORD, R0, 0);
        event.code.place(known);
        if (follow) {
            event.code.jump(If.NOT_EQUAL, RECORD, EventCode.WATCHED, wanted);
        }
        event.argument(R1, 1);
        event.code.jump(If.ANY_BIT, R1, CLONE_THREAD, wanted);
        event.code.jump(entered);
        event.code.place(wanted);
        event.argument(R2, 0);
        event.addTask(R2);
        event.code.jump(If.EQUAL, R0, 0, event.lost(RecordKind.TASK_NEWTASK));
        event.code.jump(If.EQUAL, RECORD, EventCode.WATCHED, watched);
        event.code.store(Width.LONG, R0, 0, EventCode.TRACED);
        event.code.jump(entered);
        event.code.place(watched);
        event.code.store(Width.LONG, R0, 0, EventCode.WATCHED);
        event.code.place(entered);
        event.announceCurrent();
        event.reserve(RecordKind.TASK_NEWTASK);
        event.argument(R7, 0);
        event.copyNumber(RECORD, RecordKind.BODY, R7, "pid");
        event.argument(R1, 1);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY + 8, R1);
        event.copyComm(RECORD, RecordKind.BODY + 16, R7);
        event.submit();
        return event.finish();
    }

    /** task_rename(task, new name). */
    static List<Instruction> renamed(Kernel kernel, Maps maps) {
        EventCode event = begin(RecordKind.TASK_RENAME, kernel, maps);
        event.copyNumber(RECORD, RecordKind.BODY, R7, "pid");
        event.copyComm(RECORD, RecordKind.BODY + 24, R7);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY + 8, 0);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY + 16, 0);
        event.argument(R3, 1);
        event.copyText(RecordKind.BODY + 8, COMM_BYTES);
        event.submit();
        return event.finish();
    }

    /** sched_process_exec(task, number before, program): from here on the calls of a command are recorded. */
    static List<Instruction> execed(Kernel kernel, Maps maps) {
        EventCode event = begin(RecordKind.SCHED_PROCESS_EXEC, kernel, maps);
        event.copyNumber(RECORD, RecordKind.BODY, R7, "pid");
        event.copyArgument(RECORD, RecordKind.BODY + 4, 1);
        event.argument(R3, 2);
        event.load(R3, R3, "linux_binprm", "filename");
        event.copyText(RecordKind.BODY + 8, RecordKind.SCHED_PROCESS_EXEC.sizeBytes() - RecordKind.BODY - 8);
        event.submit();
        // Who was not its process's first thread has the number of that one now, and has not come anew.
        event.currentTask(R0);
        Arrivals.comes(event, R0);
        event.findTask(R7);
        event.code.jump(If.EQUAL, R0, 0, event.end());
        event.code.load(Width.LONG, R1, R0, 0);
        event.code.jump(If.EQUAL, R1, EventCode.WATCHED, event.end());
        event.code.store(Width.LONG, R0, 0, EventCode.TRACED);
        return event.finish();
    }

    /** sched_process_exit(task, whether it was the last of its process): that since 6.16. */
    static List<Instruction> exited(Kernel kernel, Maps maps) {
        EventCode event = begin(RecordKind.SCHED_PROCESS_EXIT, kernel, maps);
        event.copyNumber(RECORD, RecordKind.BODY, R7, "pid");
        event.copyNumber(RECORD, RecordKind.BODY + 4, R7, "prio");
        event.copyComm(RECORD, RecordKind.BODY + 8, R7);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY + 24, 0);
        if (kernel.arguments(RecordKind.SCHED_PROCESS_EXIT) > 1) {
            Label told = new Label();
            event.code.store(Width.WORD, RECORD, RecordKind.BODY + 24, TraceEvent.LAST_OF_PROCESS);
            event.argument(R1, 1);
            event.code.jump(If.ANY_BIT, R1, 1, told);
            event.code.store(Width.WORD, RECORD, RecordKind.BODY + 24, TraceEvent.OTHERS_LIVE);
            event.code.place(told);
        }
        event.submit();
        return event.finish();
    }

    /** R7 = the task, RECORD = a record of this kind. */
    private static EventCode begin(RecordKind kind, Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.argument(R7, 0);
        event.findState();
        event.announceCurrent();
        event.reserve(kind);
        return event;
    }
}
