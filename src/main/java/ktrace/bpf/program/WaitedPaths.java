package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.FRAME;
import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R3;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.KEY;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.Alu;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Width;
import ktrace.bpf.kernel.BpfMap;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.calls.TextArguments;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/**
 * The part of sched_switch that tells the path at which a traced thread begins to wait, in open(2), stat(2) and all others that take
 * one: only who waits pays for it, whoever sees the calls. The record goes on behind its head with
 *
 * <pre>
 * 24  u64 address   of the path, as it stands in the register
 * 32  the path, with a zero behind it; of a call with two the first
 * </pre>
 *
 * and is as long as that takes. A path whose page is not in memory is not read: it is unknown then, as where the kernel does not
 * tell with which registers a thread entered it.
 */
public final class WaitedPaths {
    public static final int ADDRESS = RecordKind.BODY;
    public static final int PATH = RecordKind.BODY + 8;
    private static final int MOST_PATH_BYTES = ArgumentTexts.PATH_BYTES;
    public static final int MOST_BYTES = PATH + MOST_PATH_BYTES;

    private static final List<String> ARGUMENTS = List.of("di", "si", "dx");
    private static final List<String> COMPAT_ARGUMENTS = List.of("bx", "cx", "dx");
    /** On the stack: the first arguments, from here down. */
    private static final int ARGUMENT = -32;
    /** On the stack: how long the path is. */
    private static final int LENGTH = -64;
    /** On the stack: of i386, the half of a register that the kernel takes; of others all of it. */
    private static final int MASK = -72;

    private WaitedPaths() {
    }

    /** By number of call, those of i386 behind those of the native table: which of its arguments is the path, from 1 on; 0: none. */
    public static BpfMap places() {
        SyscallTable i386 = SyscallTable.of(Abi.I386);
        BpfMap places = BpfMap.array("paths", Integer.BYTES, TextMaps.I386_NUMBERS + i386.limit());
        try {
            SyscallTable calls = SyscallTable.current();
            for (int number = 0; number < calls.limit(); number++) {
                put(places, number, calls.isKnown(number) ? TextArguments.of(calls.name(number)) : null);
            }
            for (int number = 0; number < i386.limit(); number++) {
                put(places, TextMaps.I386_NUMBERS + number, i386.isKnown(number) ? TextArguments.ofI386(i386.name(number)) : null);
            }
            return places;
        } catch (RuntimeException e) {
            places.close();
            throw e;
        }
    }

    private static void put(BpfMap places, int number, TextArguments texts) {
        if (texts != null && !texts.paths().isEmpty() && texts.paths().getFirst() < ARGUMENTS.size()) {
            places.put(number, 1 + texts.paths().getFirst());
        }
    }

    /** After {@link EventCode#announceCurrent}, with who is switched out in R7, which is traced; others go on behind. */
    static void code(EventCode event, Maps maps) {
        Label compat = new Label();
        Label look = new Label();
        Label none = new Label();
        event.load(R1, R7, "task_struct", "flags");
        event.code.jump(If.ANY_BIT, R1, WakerCalls.NOT_IN_CALLS, none);
        event.code.move(R1, R7);
        event.code.call(Helper.TASK_PT_REGS);
        event.load(R1, R7, "task_struct", "thread_info.status");
        event.code.jump(If.ANY_BIT, R1, SystemCalls.COMPAT, compat);
        call(event, ARGUMENTS, TextMaps.I386_NUMBERS, 0, none);
        event.code.jump(look);
        event.code.place(compat);
        call(event, COMPAT_ARGUMENTS, SyscallTable.of(Abi.I386).limit(), TextMaps.I386_NUMBERS, none);
        event.code.place(look);
        event.lookUp(maps.paths().fd());
        event.code.jump(If.EQUAL, R0, 0, none);
        address(event, none);
        path(event, maps, none);
        event.write(RecordKind.AT_PATH, PATH, LENGTH, MOST_PATH_BYTES);
        event.code.place(none);
    }

    /** Its arguments, from the registers that R0 points to, and its number as a key. */
    private static void call(EventCode event, List<String> registers, int limit, int from, Label none) {
        for (int i = 0; i < registers.size(); i++) {
            event.load(R1, R0, "pt_regs", registers.get(i));
            event.code.store(Width.LONG, FRAME, ARGUMENT - Long.BYTES * i, R1);
        }
        event.load(R1, R0, "pt_regs", "orig_ax");
        event.code.jump(If.GREATER, R1, limit - 1, none);
        event.code.compute(Alu.ADD, R1, from);
        event.code.store(Width.WORD, FRAME, KEY, R1);
        event.code.store(Width.LONG, FRAME, MASK, from);
    }

    /** R3 = the argument that R0 points to the place of. */
    private static void address(EventCode event, Label none) {
        Label found = new Label();
        event.code.load(Width.WORD, R2, R0, 0);
        event.code.jump(If.EQUAL, R2, 0, none);
        for (int i = 0; i < ARGUMENTS.size(); i++) {
            event.code.load(Width.LONG, R3, FRAME, ARGUMENT - Long.BYTES * i);
            event.code.jump(If.EQUAL, R2, 1 + i, found);
        }
        event.code.jump(none);
        event.code.place(found);
        event.code.store(Width.LONG, FRAME, ARGUMENT, R3);
    }

    private static void path(EventCode event, Maps maps, Label none) {
        Label whole = new Label();
        event.lookUpCpu(maps.sets().fd());
        event.code.jump(If.EQUAL, R0, 0, none);
        event.code.move(RECORD, R0);
        event.code.load(Width.LONG, R3, FRAME, ARGUMENT);
        event.code.store(Width.LONG, RECORD, ADDRESS, R3);
        event.code.load(Width.LONG, R1, FRAME, MASK);
        event.code.jump(If.EQUAL, R1, 0, whole);
        event.code.compute(Alu.SHIFT_LEFT, R3, Integer.SIZE);
        event.code.compute(Alu.SHIFT_RIGHT, R3, Integer.SIZE);
        event.code.place(whole);
        event.code.move(R1, RECORD);
        event.code.compute(Alu.ADD, R1, PATH);
        event.code.set(R2, MOST_PATH_BYTES);
        event.code.call(Helper.PROBE_READ_USER_STR);
        // An error is below zero, and so greater than any length; of 1 there is nothing but the zero.
        event.code.jump(If.GREATER, R0, MOST_PATH_BYTES, none);
        event.code.jump(If.LESS, R0, 2, none);
        event.code.store(Width.LONG, FRAME, LENGTH, R0);
    }
}
