package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R3;
import static ktrace.bpf.program.EventCode.RECORD;
import static ktrace.bpf.program.EventCode.STATE;

import ktrace.bpf.code.Alu;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;

/**
 * Who comes to run on a CPU, also where sched_switch has not told of it. On some virtual machines the kernel runs no program, and
 * makes no record of perf, while one of certain tasks is current (Linux 6.18: those of the first process), and so none when such a
 * one makes room for a traced thread. That is found at the next thing that the thread does, and the scheduler's own account has when it
 * came, by the CPU's clock. That clock stands where it was read last, which in a switch is just now, and else a tick ago at most; so
 * of a part of a tick it may be told that the thread came later than it did.
 */
final class Arrivals {
    private static final int PREVIOUS = RecordKind.BODY;
    private static final int NEXT = RecordKind.BODY + 4;
    private static final int PRIORITY = RecordKind.BODY + 8;
    private static final int SINCE = RecordKind.BODY + 16;
    private static final int PREVIOUS_NAME = RecordKind.BODY + 24;
    private static final int NEXT_NAME = RecordKind.BODY + 40;

    private Arrivals() {
    }

    /** In a switch: {@code next}, no matter whose, is who comes. */
    static void comes(EventCode event, Reg next) {
        event.load(R1, next, "task_struct", "pid");
        event.code.compute(Alu.ADD, R1, 1);
        event.code.store(Width.LONG, STATE, CpuState.CAME, R1);
        event.copyComm(STATE, CpuState.NAME_OF_CAME, next);
    }

    /** In a switch, before {@link #comes}: tells that the current task has come, if it is traced or watched, and that was not told. */
    static void ofWhoLeaves(EventCode event, Kernel kernel) {
        if (!kernel.tellsArrival()) {
            return;
        }
        Label seen = new Label();
        jumpIfSeen(event, seen);
        event.currentTask(R0);
        event.findTask(R0);
        event.code.jump(If.EQUAL, R0, 0, seen);
        tell(event);
        event.code.place(seen);
    }

    /** In a call: tells that the current task, which is traced, has come, if that was not told. */
    static void ofCaller(EventCode event, Kernel kernel) {
        if (!kernel.tellsArrival()) {
            return;
        }
        Label seen = new Label();
        // What was told last is a call of this thread: a switch from it would have been told, too.
        event.code.load(Width.LONG, R1, STATE, CpuState.FOLLOWED);
        event.code.jump(If.NOT_EQUAL, R1, 0, seen);
        jumpIfSeen(event, seen);
        tell(event);
        event.code.place(seen);
    }

    private static void jumpIfSeen(EventCode event, Label seen) {
        event.currentTask(R0);
        event.code.load(Width.LONG, R3, STATE, CpuState.CAME);
        event.code.jump(If.EQUAL, R3, 0, seen);
        event.load(R2, R0, "task_struct", "pid");
        event.code.compute(Alu.ADD, R2, 1);
        event.code.compute(Alu.SUB, R3, R2);
        event.code.jump(If.EQUAL, R3, 0, seen);
    }

    private static void tell(EventCode event) {
        Label noRoom = new Label();
        Label told = new Label();
        event.announceCurrent();
        event.room(RecordKind.LATE_SWITCH, noRoom);
        event.head(RecordKind.LATE_SWITCH, RECORD, 0);
        event.lostUntilNow();
        event.code.load(Width.LONG, R1, STATE, CpuState.CAME);
        event.code.compute(Alu.ADD, R1, -1);
        event.code.store(Width.WORD, RECORD, PREVIOUS, R1);
        for (int part = 0; part < 16; part += Long.BYTES) {
            event.code.load(Width.LONG, R1, STATE, CpuState.NAME_OF_CAME + part);
            event.code.store(Width.LONG, RECORD, PREVIOUS_NAME + part, R1);
        }
        event.currentTask(R0);
        event.copyNumber(RECORD, NEXT, R0, "pid");
        event.copyNumber(RECORD, PRIORITY, R0, "prio");
        event.copyComm(RECORD, NEXT_NAME, R0);
        event.load(R1, R0, "task_struct", "se.cfs_rq");
        event.load(R1, R1, "cfs_rq", "rq");
        event.load(R1, R1, "rq", "clock");
        event.load(R2, R0, "task_struct", "sched_info.last_arrival");
        event.code.compute(Alu.SUB, R1, R2);
        event.code.load(Width.LONG, R2, RECORD, RecordKind.TIME);
        event.code.compute(Alu.SUB, R2, R1);
        event.code.store(Width.LONG, RECORD, SINCE, R2);
        event.submit();
        event.code.jump(told);
        event.code.place(noRoom);
        event.count(RecordKind.LATE_SWITCH);
        event.code.place(told);
        event.currentTask(R0);
        comes(event, R0);
    }
}
