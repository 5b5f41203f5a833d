package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.FRAME;
import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;
import static ktrace.bpf.program.EventCode.STATE;

import java.util.List;
import ktrace.bpf.code.Alu;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;

/**
 * sched_switch(preempted, previous, next, state). One that neither comes from a traced thread nor leads to one is not recorded, but
 * kept until the next: should who came to run wake a traced thread, it is recorded then. While a traced thread stands in the queue of
 * this CPU all are recorded, for they tell who has it. Of one that is watched, and waits from now on in a call, it is told what that is.
 */
final class Switches {
    private static final int PREEMPTED = 0;
    private static final int PREVIOUS = 1;
    private static final int NEXT = 2;
    private static final int STATE_OF_PREVIOUS = 3;

    /** TASK_INTERRUPTIBLE, include/linux/sched.h. */
    private static final int INTERRUPTIBLE = 1;
    /** JOBCTL_TRAP_FREEZE_BIT, include/linux/sched/jobctl.h: its control group is frozen, and so is the thread once it sleeps. */
    private static final int FREEZES_AT = 23;
    /** On the stack: what the map of tasks has of who leaves; 0: nothing. */
    private static final int LEAVES = -80;

    private Switches() {
    }

    static List<Instruction> code(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        Label leaves = new Label();
        Label ready = new Label();
        Label others = new Label();
        Label traced = new Label();
        Label told = new Label();
        event.findState();
        Arrivals.ofWhoLeaves(event, kernel);
        event.argument(R2, NEXT);
        Arrivals.comes(event, R2);
        event.argument(R7, PREVIOUS);
        event.code.store(Width.LONG, FRAME, LEAVES, 0);
        event.findTask(R7);
        ofWatched(event, kernel, leaves, ready, told);
        event.argument(R2, NEXT);
        event.findTask(R2);
        event.code.jump(If.EQUAL, R0, 0, others);
        Queues.comes(event);
        Queues.look(event);
        event.code.jump(told);
        event.code.place(others);
        Queues.among(event, told);
        event.head(RecordKind.SCHED_SWITCH, STATE, CpuState.PENDING_RECORD);
        body(event, kernel, STATE, CpuState.PENDING_RECORD);
        event.code.store(Width.LONG, STATE, CpuState.PENDING, CpuState.SWITCH);
        event.code.jump(event.end());
        event.code.place(leaves);
        event.code.load(Width.LONG, R1, R0, 0);
        event.code.store(Width.LONG, FRAME, LEAVES, R1);
        jumpIfReady(event, kernel, ready);
        event.code.jump(traced);
        event.code.place(ready);
        Queues.stays(event);
        event.code.place(traced);
        next(event);
        event.code.place(told);
        record(event, kernel, maps, 0);
        event.submit();
        return event.finish();
    }

    /**
     * R0 = the entry of the previous thread, or null; a jump to {@code leaves} where that is a traced one's, and to {@code ready} or
     * {@code told} where it is a watched one's, of which there is no more to tell.
     */
    private static void ofWatched(EventCode event, Kernel kernel, Label leaves, Label ready, Label told) {
        Label untraced = new Label();
        event.code.jump(If.EQUAL, R0, 0, untraced);
        if (kernel.tellsRegisters()) {
            event.code.load(Width.LONG, R1, R0, 0);
            event.code.jump(If.NOT_EQUAL, R1, EventCode.WATCHED, leaves);
            jumpIfReady(event, kernel, ready);
            next(event);
            event.currentTask(RECORD);
            WakerCalls.find(event, kernel, told);
            record(event, kernel, null, WakerCalls.SIZE_BYTES);
            WakerCalls.append(event, RecordKind.SCHED_SWITCH);
            event.submit();
            event.code.jump(event.end());
        } else {
            event.code.jump(leaves);
        }
        event.code.place(untraced);
    }

    /** Who comes to run after a traced thread. */
    private static void next(EventCode event) {
        Label traced = new Label();
        Label seen = new Label();
        event.argument(R2, NEXT);
        event.findTask(R2);
        event.code.jump(If.NOT_EQUAL, R0, 0, traced);
        event.argument(R2, NEXT);
        event.load(R1, R2, "task_struct", "pid");
        event.code.jump(If.NOT_EQUAL, R1, 0, seen);
        Queues.isEmpty(event);
        event.code.jump(seen);
        event.code.place(traced);
        Queues.comes(event);
        event.code.place(seen);
        Queues.look(event);
    }

    /** A jump where the previous thread, R7, goes on as soon as it has a CPU. */
    private static void jumpIfReady(EventCode event, Kernel kernel, Label ready) {
        event.argument(R1, PREEMPTED);
        event.code.jump(If.ANY_BIT, R1, 1, ready);
        state(event, kernel);
        event.code.jump(If.EQUAL, R1, 0, ready);
    }

    /** R1 = the state of the previous thread, R7. */
    private static void state(EventCode event, Kernel kernel) {
        if (kernel.switchTellsState()) {
            event.argument(R1, STATE_OF_PREVIOUS);
        } else {
            event.load(R1, R7, "task_struct", kernel.stateOfTask());
        }
    }

    /** RECORD = the switch, which has so many bytes more than its kind; before it, unless there are any, what is waited for. */
    private static void record(EventCode event, Kernel kernel, Maps maps, int moreBytes) {
        Label inCall = new Label();
        event.code.load(Width.LONG, R1, STATE, CpuState.PENDING);
        event.code.jump(If.EQUAL, R1, CpuState.CALL, inCall);
        event.code.store(Width.LONG, STATE, CpuState.PENDING, 0);
        event.code.place(inCall);
        event.announceCurrent();
        if (moreBytes == 0 && kernel.tellsRegisters()) {
            waits(event, kernel, maps);
        }
        event.reserve(RecordKind.SCHED_SWITCH, RecordKind.SCHED_SWITCH.sizeBytes() + moreBytes);
        body(event, kernel, RECORD, 0);
    }

    /** What lies in the memory of a traced thread that leaves its CPU to wait. Who polls sleeps as a signal would end. */
    private static void waits(EventCode event, Kernel kernel, Maps maps) {
        Label not = new Label();
        Label atPath = new Label();
        event.code.load(Width.LONG, R1, FRAME, LEAVES);
        event.code.jump(If.NOT_EQUAL, R1, EventCode.TRACED, not);
        event.argument(R1, PREEMPTED);
        event.code.jump(If.NOT_EQUAL, R1, 0, not);
        state(event, kernel);
        event.code.jump(If.EQUAL, R1, 0, not);
        event.code.compute(Alu.AND, R1, INTERRUPTIBLE);
        event.code.jump(If.EQUAL, R1, 0, atPath);
        PolledSets.code(event, maps);
        event.code.place(atPath);
        WaitedPaths.code(event, maps);
        event.code.place(not);
    }

    /** Of a record that begins {@code at} bytes behind {@code base}; R7 is the previous task. */
    private static void body(EventCode event, Kernel kernel, Reg base, int at) {
        int body = at + RecordKind.BODY;
        event.copyNumber(base, body, R7, "pid");
        if (kernel.switchTellsState()) {
            event.copyArgument(base, body + 8, STATE_OF_PREVIOUS);
        } else {
            event.copyNumber(base, body + 8, R7, kernel.stateOfTask());
        }
        event.copyNumber(base, body + 12, R7, "exit_state");
        event.copyArgument(base, body + 16, PREEMPTED);
        event.copyNumber(base, body + 20, R7, "prio");
        event.load(R1, R7, "task_struct", "jobctl");
        event.code.compute(Alu.SHIFT_RIGHT, R1, FREEZES_AT);
        event.code.compute(Alu.AND, R1, 1);
        event.code.store(Width.WORD, base, body + 28, R1);
        event.copyComm(base, body + 32, R7);
        event.argument(R2, NEXT);
        event.copyNumber(base, body + 4, R2, "pid");
        event.copyNumber(base, body + 24, R2, "prio");
        event.copyComm(base, body + 48, R2);
    }
}
