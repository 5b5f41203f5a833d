package ktrace.bpf.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One instruction, eight bytes ({@code struct bpf_insn}): u8 code, u4 dst, u4 src, s16 offset, s32 imm. A 64-bit constant takes
 * two.
 *
 * @param src a register, or for a constant what it stands for: {@link #MAP}
 */
public record Instruction(int code, int dst, int src, int offset, int imm) {
    public static final int BYTES = 8;

    /** The constant is the descriptor of a map, and becomes its address (BPF_PSEUDO_MAP_FD). */
    static final int MAP = 1;
    static final int LOAD_CONSTANT = 0x18;
    static final int CALL = 0x85;
    static final int EXIT = 0x95;
    static final int GOTO = 0x05;
    static final int ATOMIC_ADD = 0xdb;

    static final int CLASS = 0x07;
    static final int LOAD = 0x01;
    static final int STORE_CONSTANT = 0x02;
    static final int STORE = 0x03;
    static final int JUMP = 0x05;
    static final int ALU64 = 0x07;
    static final int MEMORY = 0x60;
    /** The second operand is a register, and not {@link #imm}. */
    static final int BY_REGISTER = 0x08;

    /** Writes it where instruction {@code index} stands. */
    public void encode(MemorySegment program, int index) {
        long at = (long) index * BYTES;
        program.set(ValueLayout.JAVA_BYTE, at, (byte) code);
        program.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (src << 4 | dst));
        program.set(ValueLayout.JAVA_SHORT, at + 2, (short) offset);
        program.set(ValueLayout.JAVA_INT, at + 4, imm);
    }

    /** As the kernel's verifier writes it in its log, so that the two can be compared. */
    @Override
    public String toString() {
        String to = "r" + dst;
        return switch (code) {
            case LOAD_CONSTANT -> to + (src == MAP ? " = map fd " : " = ") + imm;
            case CALL -> "call " + Helper.nameOf(imm);
            case EXIT -> "exit";
            case GOTO -> "goto " + signed(offset);
            case ATOMIC_ADD -> "lock " + place(Width.LONG, dst) + " += r" + src;
            case 0 -> "(second half)";
            default -> switch (code & CLASS) {
                case LOAD -> to + " = " + place(Width.ofCode(code), src);
                case STORE -> place(Width.ofCode(code), dst) + " = r" + src;
                case STORE_CONSTANT -> place(Width.ofCode(code), dst) + " = " + imm;
                case JUMP -> "if " + to + " " + If.ofCode(code).sign + " " + operand() + " goto " + signed(offset);
                case ALU64 -> to + " " + Alu.ofCode(code).sign + " " + operand();
                default -> "code 0x" + Integer.toHexString(code);
            };
        };
    }

    private String place(Width width, int base) {
        return "*(u" + 8 * width.sizeBytes + " *)(r" + base + " " + signed(offset) + ")";
    }

    private String operand() {
        return (code & BY_REGISTER) == 0 ? Integer.toString(imm) : "r" + src;
    }

    private static String signed(int number) {
        return number < 0 ? Integer.toString(number) : "+" + number;
    }
}
