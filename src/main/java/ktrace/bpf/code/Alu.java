package ktrace.bpf.code;

/** What is done to all 64 bits of a register. */
public enum Alu {
    ADD(0x00, "+="), SUB(0x10, "-="), OR(0x40, "|="), AND(0x50, "&="), SHIFT_LEFT(0x60, "<<="), SHIFT_RIGHT(0x70, ">>="),
    MOVE(0xb0, "="), SHIFT_RIGHT_SIGNED(0xc0, "s>>=");

    final int code;
    final String sign;

    Alu(int code, String sign) {
        this.code = code;
        this.sign = sign;
    }

    static Alu ofCode(int code) {
        for (Alu alu : values()) {
            if (alu.code == (code & 0xf0)) {
                return alu;
            }
        }
        throw new IllegalArgumentException("no operation 0x" + Integer.toHexString(code));
    }
}
