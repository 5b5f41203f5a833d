package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.FRAME;
import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R3;
import static ktrace.bpf.code.Reg.R4;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.KEY;
import static ktrace.bpf.program.EventCode.RECORD;

import ktrace.bpf.code.Alu;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.calls.TextArguments;
import ktrace.linux.tracing.BpfAbi;

/**
 * The part of sys_enter that reads what a call is given: up to two paths, or the address of a socket. The SYS_ENTER of such a call
 * goes on behind its arguments with
 *
 * <pre>
 * 80  u32 wish      which arguments were to be read: numbers of 3 bits, each with a bit above it that it is there: the first path,
 *                   the second, an address, the argument that has its length; above them a bit for calls of i386
 * 84  s32 length    of the first path with its zero, or of the address; -1: it could not be read
 * 88  s32 length    of the second path with its zero; -1
 * 92  the first, and right behind it the second
 * </pre>
 *
 * and is as long as that takes. A text whose page is not in memory is not read: a program cannot wait for it.
 */
public final class TextReads {
    private static final int ARGUMENTS = RecordKind.BODY + Long.BYTES;
    public static final int WISH = ARGUMENTS + 6 * Long.BYTES;
    public static final int FIRST_LENGTH = WISH + 4;
    public static final int SECOND_LENGTH = WISH + 8;
    public static final int TEXTS = WISH + 12;
    /** One more than a path can have, its zero included: what is longer is known to be cut. */
    static final int PATH_ROOM = ArgumentTexts.PATH_BYTES + 1;
    public static final int MOST_BYTES = TEXTS + 2 * PATH_ROOM;
    static final int ROOM_BYTES = MOST_BYTES + 7 & ~7;

    private static final int IS_THERE = 8;
    private static final int WHICH = 7;
    private static final int SECOND = 4;
    private static final int ADDRESS = 8;
    private static final int LENGTH_OF_ADDRESS = 12;
    /** In a wish: its call is one of i386. */
    static final int OF_I386 = 1 << 16;
    private static final int NOT_READ = -1;
    /** On the stack: how many bytes of texts there are. */
    private static final int SUM = -24;
    /** On the stack: this CPU's ring. */
    private static final int RING = -32;

    private TextReads() {
    }

    /** What {@link TextMaps} keeps of a call. */
    public static int wish(TextArguments texts) {
        int wish = texts.paths().isEmpty() ? 0 : IS_THERE | texts.paths().getFirst();
        wish |= texts.paths().size() < 2 ? 0 : (IS_THERE | texts.paths().get(1)) << SECOND;
        return texts.address() == TextArguments.NONE ? wish
                : wish | (IS_THERE | texts.address()) << ADDRESS | (IS_THERE | texts.addressLength()) << LENGTH_OF_ADDRESS;
    }

    /** The argument that the first text belongs to. */
    public static int first(int wish) {
        return ((wish & IS_THERE) != 0 ? wish : wish >> ADDRESS) & WHICH;
    }

    /** The argument that the second text belongs to. */
    public static int second(int wish) {
        return wish >> SECOND & WHICH;
    }

    public static boolean hasSecond(int wish) {
        return (wish & IS_THERE << SECOND) != 0;
    }

    /** Whether the first text is a path, and no address. */
    public static boolean isPath(int wish) {
        return (wish & IS_THERE) != 0;
    }

    /**
     * Writes the whole record of a call of which something is to be read, and ends the program; others go on behind. After
     * {@link EventCode#findState}.
     */
    static void code(EventCode event, TextMaps maps) {
        Label plain = new Label();
        findWish(event, maps, plain);
        event.code.jump(If.EQUAL, R0, 0, plain);
        event.code.load(Width.WORD, R1, R0, 0);
        event.code.jump(If.EQUAL, R1, 0, plain);
        event.code.store(Width.LONG, FRAME, SUM, R1);
        event.lookUpCpu(maps.rooms().fd());
        event.code.jump(If.EQUAL, R0, 0, plain);
        event.code.move(RECORD, R0);
        event.argument(R7, 0);
        arguments(event);
        event.argument(R1, 1);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY, R1);
        event.code.load(Width.LONG, R7, FRAME, SUM);
        event.code.store(Width.WORD, RECORD, WISH, R7);
        event.code.store(Width.WORD, RECORD, FIRST_LENGTH, NOT_READ);
        event.code.store(Width.WORD, RECORD, SECOND_LENGTH, NOT_READ);
        event.code.store(Width.LONG, FRAME, SUM, 0);
        Label address = new Label();
        Label second = new Label();
        Label read = new Label();
        event.code.jump(If.ANY_BIT, R7, IS_THERE << ADDRESS, address);
        path(event, 0, FIRST_LENGTH);
        event.code.jump(If.ANY_BIT, R7, IS_THERE << SECOND, second);
        event.code.jump(read);
        event.code.place(second);
        path(event, SECOND, SECOND_LENGTH);
        event.code.jump(read);
        event.code.place(address);
        address(event);
        event.code.place(read);
        submit(event);
        event.code.place(plain);
    }

    /** R0 = where it stands, of a call by its number in the table that it is of; 0 where there is none. */
    private static void findWish(EventCode event, TextMaps maps, Label plain) {
        Label compat = new Label();
        Label found = new Label();
        event.argument(R1, 1);
        event.code.jump(If.GREATER, R1, TextMaps.I386_NUMBERS - 1, plain);
        event.code.store(Width.WORD, FRAME, KEY, R1);
        SystemCalls.jumpIfCompat(event, compat);
        event.code.jump(found);
        event.code.place(compat);
        event.code.load(Width.WORD, R1, FRAME, KEY);
        event.code.compute(Alu.ADD, R1, TextMaps.I386_NUMBERS);
        event.code.store(Width.WORD, FRAME, KEY, R1);
        event.code.place(found);
        event.lookUp(maps.wishes().fd());
    }

    /** From the registers that R7 points to, into the record. */
    private static void arguments(EventCode event) {
        Label compat = new Label();
        Label read = new Label();
        event.code.load(Width.LONG, R1, FRAME, SUM);
        event.code.jump(If.ANY_BIT, R1, OF_I386, compat);
        SystemCalls.arguments(event, ARGUMENTS);
        event.code.jump(read);
        event.code.place(compat);
        SystemCalls.compatArguments(event, ARGUMENTS);
        event.code.place(read);
    }

    /** Reads a path behind what is there already. */
    private static void path(EventCode event, int which, int lengthAt) {
        Label unread = new Label();
        argument(event, Width.LONG, R3, which);
        event.code.load(Width.LONG, R2, FRAME, SUM);
        event.code.jump(If.GREATER, R2, PATH_ROOM, unread);
        event.code.move(R1, RECORD);
        event.code.compute(Alu.ADD, R1, TEXTS);
        event.code.compute(Alu.ADD, R1, R2);
        event.code.set(R2, PATH_ROOM);
        event.code.call(Helper.PROBE_READ_USER_STR);
        // An error is below zero, and so greater than any length.
        event.code.jump(If.GREATER, R0, PATH_ROOM, unread);
        event.code.store(Width.WORD, RECORD, lengthAt, R0);
        event.code.load(Width.LONG, R1, FRAME, SUM);
        event.code.compute(Alu.ADD, R1, R0);
        event.code.store(Width.LONG, FRAME, SUM, R1);
        event.code.place(unread);
    }

    /** An address whose length the kernel would not take is not read: it may be anything. */
    private static void address(EventCode event) {
        Label unread = new Label();
        Label whole = new Label();
        argument(event, Width.WORD, R2, LENGTH_OF_ADDRESS);
        event.code.jump(If.GREATER, R2, ArgumentTexts.ADDRESS_BYTES, unread);
        event.code.store(Width.LONG, FRAME, SUM, R2);
        argument(event, Width.LONG, R3, ADDRESS);
        event.code.move(R1, RECORD);
        event.code.compute(Alu.ADD, R1, TEXTS);
        event.code.call(Helper.PROBE_READ_USER);
        event.code.jump(If.EQUAL, R0, 0, whole);
        event.code.store(Width.LONG, FRAME, SUM, 0);
        event.code.jump(unread);
        event.code.place(whole);
        event.code.load(Width.LONG, R1, FRAME, SUM);
        event.code.store(Width.WORD, RECORD, FIRST_LENGTH, R1);
        event.code.place(unread);
    }

    /** {@code to} = the argument that the wish in R7 tells at this place. */
    private static void argument(EventCode event, Width width, Reg to, int which) {
        event.code.move(R1, R7);
        event.code.compute(Alu.SHIFT_RIGHT, R1, which);
        event.code.compute(Alu.AND, R1, WHICH);
        event.code.compute(Alu.SHIFT_LEFT, R1, 3);
        event.code.compute(Alu.ADD, R1, RECORD);
        event.code.load(width, to, R1, ARGUMENTS);
        if (width == Width.LONG) {
            // The kernel takes the lower halves of what a caller by int 0x80 has in its registers.
            Label whole = new Label();
            Label half = new Label();
            event.code.jump(If.ANY_BIT, R7, OF_I386, half);
            event.code.jump(whole);
            event.code.place(half);
            event.code.compute(Alu.SHIFT_LEFT, to, 32);
            event.code.compute(Alu.SHIFT_RIGHT, to, 32);
            event.code.place(whole);
        }
    }

    /** Its time is taken last: what comes between on this CPU is before it in the ring, too. */
    private static void submit(EventCode event) {
        event.findRing(event.lost(RecordKind.SYS_ENTER));
        event.code.store(Width.LONG, FRAME, RING, R1);
        event.head(RecordKind.SYS_ENTER, RECORD, 0);
        Label native_ = new Label();
        Label compat = new Label();
        event.code.load(Width.WORD, R1, RECORD, WISH);
        event.code.jump(If.ANY_BIT, R1, OF_I386, compat);
        event.code.jump(native_);
        event.code.place(compat);
        event.code.store(Width.HALF, RECORD, RecordKind.FLAGS, RecordKind.COMPAT);
        event.code.place(native_);
        event.lostUntilNow();
        event.code.load(Width.LONG, R1, FRAME, RING);
        event.code.move(R2, RECORD);
        event.code.load(Width.LONG, R3, FRAME, SUM);
        event.code.jump(If.GREATER, R3, 2 * PATH_ROOM, event.end());
        event.code.compute(Alu.ADD, R3, TEXTS);
        event.code.set(R4, BpfAbi.RB_NO_WAKEUP);
        event.code.call(Helper.RINGBUF_OUTPUT);
        event.code.jump(If.NOT_EQUAL, R0, 0, event.lost(RecordKind.SYS_ENTER));
        event.code.jump(event.end());
    }
}
