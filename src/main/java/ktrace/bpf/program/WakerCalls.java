package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.FRAME;
import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R3;
import static ktrace.bpf.program.EventCode.RECORD;

import ktrace.bpf.code.Alu;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Width;

/**
 * The part of sched_waking that tells what a waker is doing that is not traced, and of sched_switch the same of one that is watched
 * and waits from now on: of their calls no other event tells. The record goes on behind what it has else with
 *
 * <pre>
 *  0  u64 number of the call     16  u64 second argument     32  u64 mode of that file
 *  8  u64 first argument         24  u64 inode of the file that the first argument is a descriptor of, or 0
 * </pre>
 */
public final class WakerCalls {
    public static final int CALL = 0;
    public static final int ARG0 = 8;
    public static final int ARG1 = 16;
    public static final int INODE = 24;
    public static final int MODE = 32;
    public static final int SIZE_BYTES = 40;

    /**
     * Of the kernel itself, on the way to its end, or working for a program with the registers of who began it: PF_KTHREAD,
     * PF_EXITING, PF_IO_WORKER, PF_USER_WORKER (include/linux/sched.h).
     */
    static final int NOT_IN_CALLS = 0x200000 | 0x4 | 0x10 | 0x4000;
    /** No call has such a number; outside calls it is -1. */
    private static final int MOST_CALLS = 1023;
    /** On the stack: what goes into the record, in its order, from here on. */
    private static final int FOUND = -64;
    /** On the stack: what was read from the kernel, and where it goes on from. */
    private static final int READ = -16;
    private static final int FROM = -24;

    private WakerCalls() {
    }

    /** Writes the whole record, and ends the program, where there is such a waker; R7 is who is woken. */
    static void code(EventCode event, Kernel kernel) {
        Label plain = new Label();
        Label untraced = new Label();
        event.currentTask(RECORD);
        event.load(R1, RECORD, "task_struct", "flags");
        event.code.jump(If.ANY_BIT, R1, NOT_IN_CALLS, plain);
        event.findTask(RECORD);
        event.code.jump(If.EQUAL, R0, 0, untraced);
        event.code.load(Width.LONG, R1, R0, 0);
        event.code.jump(If.NOT_EQUAL, R1, EventCode.WATCHED, plain);
        event.code.place(untraced);
        find(event, kernel, plain);
        event.reserve(RecordKind.SCHED_WAKING, RecordKind.SCHED_WAKING.sizeBytes() + SIZE_BYTES);
        WakeUps.woken(event, kernel);
        append(event, RecordKind.SCHED_WAKING);
        event.submit();
        event.code.jump(event.end());
        event.code.place(plain);
    }

    /** Into the record of this kind, behind all else. */
    static void append(EventCode event, RecordKind kind) {
        for (int at = 0; at < SIZE_BYTES; at += Long.BYTES) {
            event.code.load(Width.LONG, R1, FRAME, FOUND + at);
            event.code.store(Width.LONG, RECORD, kind.sizeBytes() + at, R1);
        }
    }

    /** Finds what the current task, RECORD, is doing, for {@link #append}; a jump to {@code plain} if that is no call. */
    static void find(EventCode event, Kernel kernel, Label plain) {
        Label noFile = new Label();
        // Its numbers and registers are others.
        SystemCalls.jumpIfCompat(event, plain);
        event.code.move(R1, RECORD);
        event.code.call(Helper.TASK_PT_REGS);
        event.load(R1, R0, "pt_regs", "orig_ax");
        event.code.jump(If.GREATER, R1, MOST_CALLS, plain);
        keep(event, CALL);
        event.load(R1, R0, "pt_regs", "di");
        keep(event, ARG0);
        event.load(R1, R0, "pt_regs", "si");
        keep(event, ARG1);
        event.code.store(Width.LONG, FRAME, place(INODE), 0);
        event.code.store(Width.LONG, FRAME, place(MODE), 0);
        file(event, kernel, noFile);
        event.code.place(noFile);
    }

    private static int place(int part) {
        return FOUND + part;
    }

    private static void keep(EventCode event, int part) {
        event.code.store(Width.LONG, FRAME, place(part), R1);
    }

    /** Goes the way that the kernel goes from the number of a descriptor to its inode. */
    private static void file(EventCode event, Kernel kernel, Label noFile) {
        event.load(R3, RECORD, "task_struct", "files");
        read(event, kernel, "files_struct", "fdt", noFile);
        event.code.store(Width.LONG, FRAME, FROM, R3);
        read(event, kernel, "fdtable", "max_fds", noFile);
        event.code.load(Width.WORD, R1, FRAME, place(ARG0));
        event.code.compute(Alu.SUB, R3, R1);
        // How many there are beyond it.
        event.code.jump(If.EQUAL, R3, 0, noFile);
        event.code.jump(If.GREATER, R3, Integer.MAX_VALUE, noFile);
        event.code.load(Width.LONG, R3, FRAME, FROM);
        read(event, kernel, "fdtable", "fd", noFile);
        event.code.load(Width.WORD, R1, FRAME, place(ARG0));
        event.code.compute(Alu.SHIFT_LEFT, R1, 3);
        event.code.compute(Alu.ADD, R3, R1);
        read(event, 0, Long.BYTES, noFile);
        event.code.jump(If.EQUAL, R3, 0, noFile);
        read(event, kernel, "file", "f_inode", noFile);
        event.code.store(Width.LONG, FRAME, FROM, R3);
        read(event, kernel, "inode", "i_mode", noFile);
        event.code.store(Width.LONG, FRAME, place(MODE), R3);
        event.code.load(Width.LONG, R3, FRAME, FROM);
        read(event, kernel, "inode", "i_ino", noFile);
        event.code.store(Width.LONG, FRAME, place(INODE), R3);
    }

    /** R3 = a field of what R3 points to. */
    private static void read(EventCode event, Kernel kernel, String struct, String field, Label noFile) {
        read(event, kernel.field(struct, field).offsetBytes(), kernel.field(struct, field).sizeBytes(), noFile);
    }

    private static void read(EventCode event, int offset, int sizeBytes, Label noFile) {
        event.code.compute(Alu.ADD, R3, offset);
        event.code.store(Width.LONG, FRAME, READ, 0);
        event.code.move(R1, FRAME);
        event.code.compute(Alu.ADD, R1, READ);
        event.code.set(R2, sizeBytes);
        event.code.call(Helper.PROBE_READ_KERNEL);
        event.code.jump(If.NOT_EQUAL, R0, 0, noFile);
        event.code.load(Width.LONG, R3, FRAME, READ);
    }
}
