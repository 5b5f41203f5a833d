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
import ktrace.bpf.code.Assembler;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;

/**
 * Entry and exit of the calls of traced threads, in one record if nothing else is told of their CPU in between: most calls are, and
 * take half the time and a third of the room of two. Of calls one after the other, all that they share is told once. The registers
 * are those of x86-64.
 */
public final class SystemCalls {
    /** In the map of arguments: as many are told of a call; where nothing stands there, all six. */
    private static final int NONE = 1;
    private static final int ONE = 2;
    private static final int THREE = 3;
    private static final int FOUR = 4;

    private static final List<String> ARGUMENTS = List.of("di", "si", "dx", "r10", "r8", "r9");
    /** Of a call by int 0x80, or of a 32-bit program. */
    private static final List<String> COMPAT_ARGUMENTS = List.of("bx", "cx", "dx", "si", "di", "bp");
    /** TS_COMPAT (arch/x86/include/asm/thread_info.h). */
    static final int COMPAT = 2;
    private static final int ENTRY = CpuState.PENDING_RECORD;
    /** On the stack: how long a call is after the one that it follows on. */
    private static final int AFTER = -8;

    private SystemCalls() {
    }

    /** What stands in the map of arguments of a call that has so many. */
    public static int told(int arguments) {
        return switch (arguments) {
            case 0 -> NONE;
            case 1 -> ONE;
            case 2, 3 -> THREE;
            case 4 -> FOUR;
            default -> 0;
        };
    }

    /**
     * sys_enter(registers, number): it is pending until the call returns, or something else is told.
     *
     * @param texts of which calls it is read what they are given, which is told at once; null: of none
     */
    static List<Instruction> enter(Kernel kernel, Maps maps, TextMaps texts) {
        EventCode event = new EventCode(kernel, maps);
        Assembler code = event.code;
        begin(event);
        Arrivals.ofCaller(event, kernel);
        event.announceCurrent();
        if (texts != null) {
            TextReads.code(event, texts);
        }
        event.head(RecordKind.SYS_ENTER, STATE, ENTRY);
        event.argument(R1, 1);
        code.store(Width.LONG, STATE, ENTRY + RecordKind.BODY, R1);
        event.argument(R7, 0);
        Label compat = new Label();
        Label filled = new Label();
        jumpIfCompat(event, compat);
        arguments(event, ARGUMENTS, STATE, ENTRY + RecordKind.BODY + 8);
        code.jump(filled);
        code.place(compat);
        code.store(Width.HALF, STATE, ENTRY + RecordKind.FLAGS, RecordKind.COMPAT);
        arguments(event, COMPAT_ARGUMENTS, STATE, ENTRY + RecordKind.BODY + 8);
        code.place(filled);
        code.store(Width.LONG, STATE, CpuState.PENDING, CpuState.CALL);
        return event.finish();
    }

    private static void arguments(EventCode event, List<String> registers, Reg base, int at) {
        for (int i = 0; i < registers.size(); i++) {
            event.load(R1, R7, "pt_regs", registers.get(i));
            event.code.store(Width.LONG, base, at + 8 * i, R1);
        }
    }

    /** sys_exit(registers, result). */
    static List<Instruction> exit(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        Assembler code = event.code;
        Label apart = new Label();
        Label alone = new Label();
        begin(event);
        code.load(Width.LONG, R1, STATE, CpuState.PENDING);
        code.jump(If.NOT_EQUAL, R1, CpuState.CALL, alone);
        // rt_sigreturn(2) and exec have other numbers at their exits.
        number(event);
        code.load(Width.LONG, R0, STATE, ENTRY + RecordKind.BODY);
        code.compute(Alu.SUB, R0, R1);
        code.jump(If.NOT_EQUAL, R0, 0, apart);
        duration(event, apart);
        inOne(event, apart, alone);
        code.place(apart);
        event.announceCurrent();
        code.place(alone);
        Arrivals.ofCaller(event, kernel);
        event.reserve(RecordKind.SYS_EXIT);
        Label native_ = new Label();
        Label compat = new Label();
        jumpIfCompat(event, compat);
        code.jump(native_);
        code.place(compat);
        code.store(Width.HALF, RECORD, RecordKind.FLAGS, RecordKind.COMPAT);
        code.place(native_);
        number(event);
        code.store(Width.LONG, RECORD, RecordKind.BODY, R1);
        event.argument(R1, 1);
        code.store(Width.LONG, RECORD, RecordKind.BODY + 8, R1);
        event.submit();
        return event.finish();
    }

    /** R1 = the number of the call, at its exit. */
    private static void number(EventCode event) {
        event.argument(R1, 0);
        event.load(R1, R1, "pt_regs", "orig_ax");
        // The kernel takes it for an int.
        event.code.compute(Alu.SHIFT_LEFT, R1, 32);
        event.code.compute(Alu.SHIFT_RIGHT_SIGNED, R1, 32);
    }

    /** R7 = how long the call took, or a jump to {@code apart} if that is too long for four bytes. */
    private static void duration(EventCode event, Label apart) {
        event.code.call(Helper.KTIME_GET_NS);
        event.code.move(R7, R0);
        event.code.load(Width.LONG, R1, STATE, ENTRY + RecordKind.TIME);
        event.code.compute(Alu.SUB, R7, R1);
        event.code.move(R1, R7);
        event.code.compute(Alu.SHIFT_RIGHT, R1, 32);
        event.code.jump(If.NOT_EQUAL, R1, 0, apart);
    }

    /** Writes the pending call, with as many arguments as it has; R7 is how long it took. */
    private static void inOne(EventCode event, Label apart, Label alone) {
        Assembler code = event.code;
        Label six = new Label();
        Label four = new Label();
        Label three = new Label();
        Label one = new Label();
        Label none = new Label();
        code.load(Width.HALF, R1, STATE, ENTRY + RecordKind.FLAGS);
        code.jump(If.NOT_EQUAL, R1, 0, six);
        code.load(Width.WORD, R1, STATE, ENTRY + RecordKind.BODY);
        event.findArguments();
        code.jump(If.EQUAL, R0, 0, six);
        code.load(Width.LONG, R1, R0, 0);
        code.jump(If.EQUAL, R1, NONE, none);
        code.jump(If.EQUAL, R1, ONE, one);
        code.jump(If.EQUAL, R1, THREE, three);
        code.jump(If.EQUAL, R1, FOUR, four);
        code.place(six);
        write(event, RecordKind.NEXT_WITH_SIX, RecordKind.CALL_WITH_SIX, apart, alone);
        code.place(four);
        write(event, RecordKind.NEXT_WITH_FOUR, RecordKind.CALL_WITH_FOUR, apart, alone);
        code.place(three);
        write(event, RecordKind.NEXT_WITH_THREE, RecordKind.CALL_WITH_THREE, apart, alone);
        code.place(one);
        write(event, RecordKind.NEXT_WITH_ONE, RecordKind.CALL_WITH_ONE, apart, alone);
        code.place(none);
        write(event, RecordKind.NEXT_WITH_NONE, RecordKind.CALL_WITH_NONE, apart, alone);
    }

    private static void write(EventCode event, RecordKind next, RecordKind whole, Label apart, Label alone) {
        Assembler code = event.code;
        Label announced = new Label();
        Label inFull = new Label();
        jumpUnlessNext(event, inFull);
        claim(event, next, apart, announced);
        code.store(Width.HALF, RECORD, RecordKind.KIND, next.ordinal());
        copy(event, Width.HALF, RecordKind.NEXT_NUMBER, RecordKind.BODY);
        code.load(Width.WORD, R1, FRAME, AFTER);
        code.store(Width.WORD, RECORD, RecordKind.NEXT_AFTER, R1);
        code.store(Width.WORD, RECORD, RecordKind.NEXT_DURATION, R7);
        event.argument(R1, 1);
        code.store(Width.WORD, RECORD, RecordKind.NEXT_RESULT, R1);
        submit(event, next, RecordKind.NEXT_ARGUMENTS);
        code.place(inFull);
        code.load(Width.LONG, R1, STATE, ENTRY + RecordKind.TID);
        code.store(Width.LONG, STATE, CpuState.FOLLOWER, R1);
        claim(event, whole, apart, announced);
        code.load(Width.HALF, R1, STATE, ENTRY + RecordKind.FLAGS);
        code.store(Width.HALF, RECORD, RecordKind.FLAGS, R1);
        code.store(Width.HALF, RECORD, RecordKind.KIND, whole.ordinal());
        event.lostUntilNow();
        copy(event, Width.LONG, RecordKind.TIME, RecordKind.TIME);
        copy(event, Width.LONG, RecordKind.TID, RecordKind.TID);
        copy(event, Width.WORD, RecordKind.BODY, RecordKind.BODY);
        code.store(Width.WORD, RECORD, RecordKind.DURATION, R7);
        event.argument(R1, 1);
        code.store(Width.LONG, RECORD, RecordKind.RESULT, R1);
        submit(event, whole, RecordKind.ARGUMENTS);
        code.place(announced);
        event.discard();
        code.store(Width.LONG, STATE, CpuState.CLAIMED, 0);
        code.jump(alone);
    }

    /** Jumps where the call is none that can be told by what was told of the thread's last. Keeps how long it is after that one. */
    private static void jumpUnlessNext(EventCode event, Label inFull) {
        Assembler code = event.code;
        code.load(Width.HALF, R1, STATE, ENTRY + RecordKind.FLAGS);
        code.jump(If.NOT_EQUAL, R1, 0, inFull);
        code.load(Width.LONG, R2, STATE, CpuState.FOLLOWED);
        code.jump(If.EQUAL, R2, 0, inFull);
        code.load(Width.LONG, R1, STATE, ENTRY + RecordKind.TIME);
        code.compute(Alu.SUB, R1, R2);
        code.store(Width.WORD, FRAME, AFTER, R1);
        code.compute(Alu.SHIFT_RIGHT, R1, 32);
        code.jump(If.NOT_EQUAL, R1, 0, inFull);
        code.load(Width.LONG, R1, STATE, ENTRY + RecordKind.TID);
        code.load(Width.LONG, R2, STATE, CpuState.FOLLOWER);
        code.compute(Alu.SUB, R1, R2);
        code.jump(If.NOT_EQUAL, R1, 0, inFull);
        code.load(Width.LONG, R1, STATE, ENTRY + RecordKind.BODY);
        code.compute(Alu.SHIFT_RIGHT, R1, 16);
        code.jump(If.NOT_EQUAL, R1, 0, inFull);
        event.argument(R1, 1);
        code.move(R2, R1);
        code.compute(Alu.SHIFT_LEFT, R2, 32);
        code.compute(Alu.SHIFT_RIGHT_SIGNED, R2, 32);
        code.compute(Alu.SUB, R1, R2);
        code.jump(If.NOT_EQUAL, R1, 0, inFull);
    }

    /**
     * The room is taken before the call is claimed: what an interrupt tells after that stands behind it, and says that nothing
     * follows on the call. An interrupt that came before has announced the call.
     */
    private static void claim(EventCode event, RecordKind kind, Label apart, Label announced) {
        Assembler code = event.code;
        event.findRing(apart);
        code.load(Width.LONG, R2, STATE, ENTRY + RecordKind.TIME);
        code.store(Width.LONG, STATE, CpuState.FOLLOWED, R2);
        event.roomInRing(kind.sizeBytes(), apart);
        code.store(Width.LONG, STATE, CpuState.CLAIMED, 1);
        code.load(Width.LONG, R1, STATE, CpuState.PENDING);
        code.jump(If.NOT_EQUAL, R1, CpuState.CALL, announced);
    }

    private static void submit(EventCode event, RecordKind kind, int argumentsAt) {
        for (int i = 0; i < kind.arguments(); i++) {
            copy(event, Width.LONG, argumentsAt + 8 * i, RecordKind.BODY + 8 + 8 * i);
        }
        event.submit();
        event.code.store(Width.LONG, STATE, CpuState.PENDING, 0);
        event.code.store(Width.LONG, STATE, CpuState.CLAIMED, 0);
        event.code.jump(event.end());
    }

    private static void copy(EventCode event, Width width, int to, int fromEntry) {
        event.code.load(width, R1, STATE, ENTRY + fromEntry);
        event.code.store(width, RECORD, to, R1);
    }

    private static void begin(EventCode event) {
        event.currentTask(R0);
        event.findTask(R0);
        event.code.jump(If.EQUAL, R0, 0, event.end());
        event.code.load(Width.LONG, R1, R0, 0);
        event.code.jump(If.NOT_EQUAL, R1, EventCode.TRACED, event.end());
        event.findState();
    }

    /** Those of a 64-bit call, from the registers that R7 points to, into a record. */
    static void arguments(EventCode event, int at) {
        arguments(event, ARGUMENTS, RECORD, at);
    }

    /** The same of a call of i386. */
    static void compatArguments(EventCode event, int at) {
        arguments(event, COMPAT_ARGUMENTS, RECORD, at);
    }

    static void jumpIfCompat(EventCode event, Label compat) {
        event.currentTask(R0);
        event.load(R1, R0, "task_struct", "thread_info.status");
        event.code.jump(If.ANY_BIT, R1, COMPAT, compat);
    }
}
