package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.FRAME;
import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R3;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.Alu;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Width;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/**
 * The part of sched_switch that tells what a traced thread polls for that begins to wait in poll(2) or select(2): only who waits
 * pays for it, whoever sees the calls. The record goes on behind its head with
 *
 * <pre>
 * 24  u32 count     of what the set of poll(2) has, or the number that select(2) is given; more than was read where it is cut
 * 28  u32 form      0: of poll(2), 8 bytes of each descriptor, which is the first four; else {@link #BITS}, and a bit for each
 *                   of the three sets of select(2) that is there
 * 32  the set, of select(2) one behind the other, each of as many whole 8 bytes as it takes
 * </pre>
 *
 * and is as long as that takes. A set whose page is not in memory is not read: it is unknown then, as where the kernel does not
 * tell with which registers a thread entered it.
 */
public final class PolledSets {
    public static final int COUNT = RecordKind.BODY;
    public static final int FORM = RecordKind.BODY + 4;
    public static final int SET = RecordKind.BODY + 8;
    public static final int BITS = 8;
    /** Of more than so many descriptors the rest is not read. */
    public static final int MOST_FDS = 64;
    /** FD_SETSIZE, beyond which no set of select(2) goes but one that was made by hand. */
    public static final int MOST_BITS = 1024;
    public static final int FD_BYTES = 8;
    private static final int MOST_BIT_BYTES = MOST_BITS / Byte.SIZE;
    private static final int MOST_SET_BYTES = Math.max(MOST_FDS * FD_BYTES, 3 * MOST_BIT_BYTES);
    public static final int MOST_BYTES = SET + MOST_SET_BYTES;

    private static final List<String> ARRAYS = List.of("poll", "ppoll", "ppoll_time64");
    private static final List<String> BIT_SETS = List.of("select", "pselect6", "_newselect", "pselect6_time64");
    private static final List<String> ARGUMENTS = List.of("di", "si", "dx", "r10");
    private static final List<String> COMPAT_ARGUMENTS = List.of("bx", "cx", "dx", "si");
    /** On the stack: the first four arguments, from here down. */
    private static final int ARGUMENT = -32;
    /** On the stack: how many bytes of the set there are. */
    private static final int SUM = -64;
    /** On the stack: how many each of the sets of select(2) takes. */
    private static final int SIZE = -72;

    private PolledSets() {
    }

    /** After {@link EventCode#announceCurrent}, with who is switched out in R7, which is traced; others go on behind. */
    static void code(EventCode event, Maps maps) {
        Label array = new Label();
        Label bits = new Label();
        Label compat = new Label();
        Label write = new Label();
        Label none = new Label();
        event.load(R1, R7, "task_struct", "flags");
        event.code.jump(If.ANY_BIT, R1, WakerCalls.NOT_IN_CALLS, none);
        event.code.move(R1, R7);
        event.code.call(Helper.TASK_PT_REGS);
        event.load(R1, R7, "task_struct", "thread_info.status");
        event.code.jump(If.ANY_BIT, R1, SystemCalls.COMPAT, compat);
        branch(event, Abi.current(), ARGUMENTS, array, bits);
        event.code.jump(none);
        event.code.place(compat);
        branch(event, Abi.I386, COMPAT_ARGUMENTS, array, bits);
        event.code.jump(none);
        event.code.place(array);
        array(event, maps, none);
        event.code.jump(write);
        event.code.place(bits);
        bits(event, maps, none);
        event.code.place(write);
        event.write(RecordKind.POLLED, SET, SUM, MOST_SET_BYTES);
        event.code.place(none);
    }

    /** The arguments from the registers that R0 points to, and a jump to where they are read. */
    private static void branch(EventCode event, Abi abi, List<String> registers, Label array, Label bits) {
        for (int i = 0; i < registers.size(); i++) {
            event.load(R1, R0, "pt_regs", registers.get(i));
            event.code.store(Width.LONG, FRAME, argument(i), R1);
        }
        event.load(R1, R0, "pt_regs", "orig_ax");
        SyscallTable calls = SyscallTable.of(abi);
        ARRAYS.forEach(name -> calls.find(name).ifPresent(number -> event.code.jump(If.EQUAL, R1, number, array)));
        BIT_SETS.forEach(name -> calls.find(name).ifPresent(number -> event.code.jump(If.EQUAL, R1, number, bits)));
    }

    private static int argument(int index) {
        return ARGUMENT - Long.BYTES * index;
    }

    private static void array(EventCode event, Maps maps, Label none) {
        Label fits = new Label();
        findRoom(event, maps, none);
        event.code.load(Width.WORD, R2, FRAME, argument(1));
        event.code.jump(If.EQUAL, R2, 0, none);
        event.code.store(Width.WORD, RECORD, COUNT, R2);
        event.code.store(Width.WORD, RECORD, FORM, 0);
        event.code.jump(If.LESS, R2, MOST_FDS + 1, fits);
        event.code.set(R2, MOST_FDS);
        event.code.place(fits);
        event.code.compute(Alu.SHIFT_LEFT, R2, 3);
        event.code.store(Width.LONG, FRAME, SUM, R2);
        event.code.move(R1, RECORD);
        event.code.compute(Alu.ADD, R1, SET);
        event.code.load(Width.LONG, R3, FRAME, argument(0));
        event.code.call(Helper.PROBE_READ_USER);
        event.code.jump(If.NOT_EQUAL, R0, 0, none);
    }

    private static void bits(EventCode event, Maps maps, Label none) {
        Label fits = new Label();
        findRoom(event, maps, none);
        event.code.load(Width.WORD, R2, FRAME, argument(0));
        event.code.jump(If.EQUAL, R2, 0, none);
        event.code.jump(If.GREATER, R2, Integer.MAX_VALUE, none);
        event.code.store(Width.WORD, RECORD, COUNT, R2);
        event.code.store(Width.WORD, RECORD, FORM, BITS);
        event.code.jump(If.LESS, R2, MOST_BITS + 1, fits);
        event.code.set(R2, MOST_BITS);
        event.code.place(fits);
        // The kernel reads whole words.
        event.code.compute(Alu.ADD, R2, Long.SIZE - 1);
        event.code.compute(Alu.SHIFT_RIGHT, R2, 6);
        event.code.compute(Alu.SHIFT_LEFT, R2, 3);
        event.code.store(Width.LONG, FRAME, SIZE, R2);
        event.code.store(Width.LONG, FRAME, SUM, 0);
        for (int i = 0; i < 3; i++) {
            Label absent = new Label();
            event.code.load(Width.LONG, R3, FRAME, argument(1 + i));
            event.code.jump(If.EQUAL, R3, 0, absent);
            event.code.load(Width.LONG, R2, FRAME, SUM);
            event.code.jump(If.GREATER, R2, 2 * MOST_BIT_BYTES, none);
            event.code.move(R1, RECORD);
            event.code.compute(Alu.ADD, R1, SET);
            event.code.compute(Alu.ADD, R1, R2);
            event.code.load(Width.LONG, R2, FRAME, SIZE);
            event.code.jump(If.GREATER, R2, MOST_BIT_BYTES, none);
            event.code.call(Helper.PROBE_READ_USER);
            event.code.jump(If.NOT_EQUAL, R0, 0, none);
            event.code.load(Width.LONG, R1, FRAME, SUM);
            event.code.load(Width.LONG, R2, FRAME, SIZE);
            event.code.compute(Alu.ADD, R1, R2);
            event.code.store(Width.LONG, FRAME, SUM, R1);
            event.code.load(Width.WORD, R1, RECORD, FORM);
            event.code.compute(Alu.OR, R1, 1 << i);
            event.code.store(Width.WORD, RECORD, FORM, R1);
            event.code.place(absent);
        }
    }

    /** RECORD = where it is put together before it is known how long it is. */
    private static void findRoom(EventCode event, Maps maps, Label none) {
        event.lookUpCpu(maps.sets().fd());
        event.code.jump(If.EQUAL, R0, 0, none);
        event.code.move(RECORD, R0);
    }
}
