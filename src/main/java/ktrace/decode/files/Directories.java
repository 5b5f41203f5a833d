package ktrace.decode.files;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Decoding;

/** getdents(2): how many entries there are, not which. */
final class Directories {
    /** d_reclen stands behind inode and offset, of 8 bytes each in getdents64 and of a word each in getdents. */
    private static final int MAX_BYTES = 1 << 20;

    private Directories() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "dirents64" -> Argument.out((d, value) -> entries(d, value, 16));
            case "dirents" -> Argument.out((d, value) -> entries(d, value, 2 * d.call().wordBytes()));
            default -> null;
        };
    }

    private static void entries(Decoding d, long address, int lengthAt) {
        d.address(address);
        int length = (int) Math.min(d.call().result(), MAX_BYTES);
        Bytes bytes = length == 0 ? null : d.fetch(address, length);
        if (bytes == null && length != 0) {
            return;
        }
        int count = 0;
        int at = 0;
        while (at + lengthAt + 2 <= length) {
            int size = bytes.u16(at + lengthAt);
            if (size == 0) {
                break;
            }
            count++;
            at += size;
        }
        d.out().append(" /* ").append(count).append(count == 1 ? " entry" : " entries").append(" */");
    }
}
