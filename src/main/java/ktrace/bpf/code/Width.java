package ktrace.bpf.code;

/** How much a load or a store moves. */
public enum Width {
    BYTE(0x10, 1), HALF(0x08, 2), WORD(0x00, 4), LONG(0x18, 8);

    final int code;
    final int sizeBytes;

    Width(int code, int sizeBytes) {
        this.code = code;
        this.sizeBytes = sizeBytes;
    }

    /** The width of a field of so many bytes. */
    public static Width of(int sizeBytes) {
        for (Width width : values()) {
            if (width.sizeBytes == sizeBytes) {
                return width;
            }
        }
        throw new IllegalArgumentException("no load moves " + sizeBytes + " bytes");
    }

    static Width ofCode(int code) {
        return switch (code & 0x18) {
            case 0x10 -> BYTE;
            case 0x08 -> HALF;
            case 0x00 -> WORD;
            default -> LONG;
        };
    }
}
