package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.program.EventCode.STATE;

import ktrace.bpf.code.Alu;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;

/**
 * How many traced threads stand in the queue of each CPU. While there are any, others' switches are told, too: they tell who has it.
 * A thread that is woken before it has left its CPU is counted and never comes, so the count may be too high, for as long as the CPU
 * does not idle; so many switches are told for nothing, at most {@link CpuState#MOST_QUEUED} after each of a traced thread's.
 */
final class Queues {
    private Queues() {
    }

    /** A traced thread leaves this CPU, and stays in its queue. */
    static void stays(EventCode event) {
        event.code.set(R1, 1);
        event.code.atomicAdd(STATE, CpuState.READY, R1);
    }

    /** A traced thread comes to run on this CPU. */
    static void comes(EventCode event) {
        less(event, STATE);
    }

    /** After these: whether others' switches are to be told from now on. */
    static void look(EventCode event) {
        Label none = new Label();
        event.code.load(Width.LONG, R1, STATE, CpuState.READY);
        event.code.store(Width.LONG, STATE, CpuState.QUEUED, 0);
        event.code.jump(If.EQUAL, R1, 0, none);
        event.code.store(Width.LONG, STATE, CpuState.QUEUED, CpuState.MOST_QUEUED);
        event.code.place(none);
    }

    /** A switch among others: a jump to {@code told} where it is to be told. */
    static void among(EventCode event, Label told) {
        Label none = new Label();
        event.code.load(Width.LONG, R1, STATE, CpuState.QUEUED);
        event.code.jump(If.EQUAL, R1, 0, none);
        event.code.compute(Alu.ADD, R1, -1);
        event.code.store(Width.LONG, STATE, CpuState.QUEUED, R1);
        event.code.jump(told);
        event.code.place(none);
    }

    /** Nobody stands in the queue of a CPU that idles. */
    static void isEmpty(EventCode event) {
        event.code.store(Width.LONG, STATE, CpuState.READY, 0);
        event.code.store(Width.LONG, STATE, CpuState.QUEUED, 0);
    }

    /** A traced thread is about to stand in the queue of the CPU R1. */
    static void joins(EventCode event) {
        Label none = new Label();
        event.findStateOf(R1);
        event.code.jump(If.EQUAL, R0, 0, none);
        event.code.set(R1, 1);
        event.code.atomicAdd(R0, CpuState.READY, R1);
        event.code.store(Width.LONG, R0, CpuState.QUEUED, CpuState.MOST_QUEUED);
        event.code.place(none);
    }

    /** It leaves the queue of the CPU R1 for that of another. */
    static void leaves(EventCode event) {
        Label none = new Label();
        event.findStateOf(R1);
        event.code.jump(If.EQUAL, R0, 0, none);
        less(event, R0);
        event.code.place(none);
    }

    private static void less(EventCode event, Reg state) {
        Label none = new Label();
        event.code.load(Width.LONG, R1, state, CpuState.READY);
        event.code.jump(If.EQUAL, R1, 0, none);
        event.code.set(R1, -1);
        event.code.atomicAdd(state, CpuState.READY, R1);
        event.code.place(none);
    }
}
