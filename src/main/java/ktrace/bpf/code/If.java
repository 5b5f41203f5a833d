package ktrace.bpf.code;

/** When a jump is taken. */
public enum If {
    EQUAL(0x10, "=="), NOT_EQUAL(0x50, "!="), ANY_BIT(0x40, "&"), GREATER(0x20, ">"), LESS(0xa0, "<");

    final int code;
    final String sign;

    If(int code, String sign) {
        this.code = code;
        this.sign = sign;
    }

    static If ofCode(int code) {
        for (If condition : values()) {
            if (condition.code == (code & 0xf0)) {
                return condition;
            }
        }
        throw new IllegalArgumentException("no condition 0x" + Integer.toHexString(code));
    }
}
