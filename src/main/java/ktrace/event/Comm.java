package ktrace.event;

import ktrace.text.RawText;

/** The sixteen bytes of a {@code comm} (TASK_COMM_LEN), carried as two longs so that nothing is allocated on the event path. */
public final class Comm {
    /** TASK_COMM_LEN of include/linux/sched.h. */
    public static final int SIZE_BYTES = 16;

    private Comm() {
    }

    /** Makes the text of a comm; {@link RawText} has it. Allocates: for rare events only. */
    public static String text(long comm0, long comm1) {
        byte[] bytes = new byte[SIZE_BYTES];
        int length = 0;
        while (length < SIZE_BYTES) {
            long half = length < 8 ? comm0 : comm1;
            byte b = (byte) (half >>> (8 * (length & 7)));
            if (b == 0) {
                break;
            }
            bytes[length++] = b;
        }
        return RawText.of(bytes, 0, length);
    }

    /** The bytes {@code from} to {@code from + 7} of {@code text} in UTF-8 as one long, cut or filled with zeros. */
    public static long pack(String text, int from) {
        byte[] bytes = RawText.bytes(text);
        long packed = 0;
        for (int i = 0; i < 8 && from + i < Math.min(bytes.length, SIZE_BYTES - 1); i++) {
            packed |= (bytes[from + i] & 0xffL) << (8 * i);
        }
        return packed;
    }
}
