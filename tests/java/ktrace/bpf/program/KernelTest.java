package ktrace.bpf.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import ktrace.bpf.kernel.BpfException;
import ktrace.bpf.kernel.Btf.Kind;
import ktrace.bpf.kernel.MadeUpBtf;
import org.junit.jupiter.api.Test;

/** What changed its place from Linux 5.11 to 6.18 is found in each. */
class KernelTest {
    private final MadeUpBtf made = new MadeUpBtf();
    private final int number = made.type(Kind.INT, "int", 4, 0, 32);

    /** A struct of ints; each name is followed by its offset in bytes. */
    private int struct(String name, int sizeBytes, Object... members) {
        int[] more = new int[members.length / 2 * 3];
        for (int i = 0; i < members.length / 2; i++) {
            more[3 * i] = made.name((String) members[2 * i]);
            more[3 * i + 1] = number;
            more[3 * i + 2] = 8 * (int) members[2 * i + 1];
        }
        return made.type(Kind.STRUCT, name, sizeBytes, members.length / 2, more);
    }

    private void switchOf(int arguments) {
        int[] all = new int[2 * (arguments + 1)];
        Arrays.fill(all, number);
        int pointer = made.type(Kind.PTR, "", made.type(Kind.FUNC_PROTO, "", 0, arguments + 1, all), 0);
        made.type(Kind.TYPEDEF, "btf_trace_sched_switch", pointer, 0);
    }

    /** Variables that each CPU has, each with its type and its offset. */
    private void perCpu(Object... variables) {
        int[] more = new int[variables.length];
        for (int i = 0; i < variables.length; i += 3) {
            more[i] = made.type(Kind.VAR, (String) variables[i], (int) variables[i + 1], 0, 1);
            more[i + 1] = (int) variables[i + 2];
            more[i + 2] = 4;
        }
        made.type(Kind.DATASEC, ".data..percpu", 1 << 20, variables.length / 3, more);
    }

    private Kernel kernel() {
        return new Kernel(made.read(Kernel.names()));
    }

    @Test
    void of511() {
        struct("task_struct", 64, "state", 16, "cpu", 24);
        switchOf(3);
        perCpu("runqueues", number, 0x2_0000, "__preempt_count", number, 0x1_8000);
        Kernel kernel = kernel();
        assertEquals("state", kernel.stateOfTask());
        assertEquals("cpu", kernel.cpuOfTask());
        assertFalse(kernel.switchTellsState());
        assertEquals(-0x8000, kernel.fromRunqueuesToPreemptCount());
    }

    /** A task's CPU in what the architecture keeps, which tells 5.16; and {@code pcpu_hot}, in parts that have no names. */
    @Test
    void of68() {
        int info = struct("thread_info", 24, "status", 16, "cpu", 20);
        made.type(Kind.STRUCT, "task_struct", 64, 2, made.name("thread_info"), info, 0, made.name("__state"), number, 8 * 24);
        switchOf(4);
        int inner = struct("", 16, "current_task", 0, "preempt_count", 8);
        int union = made.type(Kind.UNION, "", 64, 1, 0, inner, 0);
        int hot = made.type(Kind.STRUCT, "pcpu_hot", 64, 1, 0, union, 0);
        perCpu("runqueues", number, 0x2_0000, "pcpu_hot", hot, 0x3_0000);
        Kernel kernel = kernel();
        assertEquals("__state", kernel.stateOfTask());
        assertEquals("thread_info.cpu", kernel.cpuOfTask());
        assertTrue(kernel.switchTellsState());
        assertEquals(0x1_0008, kernel.fromRunqueuesToPreemptCount());
    }

    @Test
    void whereInterruptsAreNotCountedItSaysSo() {
        struct("task_struct", 64, "state", 16);
        perCpu("runqueues", number, 0x2_0000);
        String message = assertThrows(BpfException.class, () -> kernel().fromRunqueuesToPreemptCount()).getMessage();
        assertTrue(message.contains("interrupts") && !message.contains("\n"), message);
    }
}
