package ktrace.decode.files;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** What only calls of i386 take and fill: files (arch/x86/include/uapi/asm and arch/x86/ia32). */
final class I386Files {
    private static final Constants STATFS_FLAGS = Constants.group("statfs_flags");
    private static final int STAT_BYTES = 64;

    private I386Files() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "old-stat" -> Argument.out(I386Files::stat);
            case "old-statfs" -> Argument.out((d, value) -> statfs(d, value, Integer.BYTES));
            case "statfs64" -> Argument.out((d, value) -> statfs(d, value, Long.BYTES));
            case "fanotify-mask" -> Argument.in((d, value) -> Constants.group("fanotify_event").flags(d.out(),
                    d.argument(3) << 32 | d.argument(2) & 0xffff_ffffL));
            default -> null;
        };
    }

    /** struct stat as it was before stat64(2). */
    private static void stat(Decoding d, long address) {
        Bytes bytes = d.fetch(address, STAT_BYTES);
        if (bytes == null) {
            d.address(address);
        } else {
            FileStatus.status(d, "st", bytes.u16(8), bytes.u32(16), bytes.u32(20));
        }
    }

    /** struct statfs: type, block size, five counts of 4 or of 8 bytes, id, and three more words. */
    private static void statfs(Decoding d, long address, int countBytes) {
        int id = 8 + 5 * countBytes;
        Bytes bytes = d.fetch(address, id + 20);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{f_type=");
        Constants.group("file_system").one(out, bytes.u32(0));
        out.append(", f_bsize=").append(bytes.u32(4));
        String[] counts = {"f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree"};
        for (int i = 0; i < counts.length; i++) {
            int at = 8 + i * countBytes;
            out.append(", ").append(counts[i]).append('=')
                    .append(Long.toUnsignedString(countBytes == Long.BYTES ? bytes.i64(at) : bytes.u32(at)));
        }
        out.append(", f_fsid={val=[");
        d.hex(bytes.u32(id));
        out.append(", ");
        d.hex(bytes.u32(id + 4));
        out.append("]}, f_namelen=").append(bytes.u32(id + 8)).append(", f_frsize=").append(bytes.u32(id + 12))
                .append(", f_flags=");
        STATFS_FLAGS.flags(out, bytes.u32(id + 16));
        out.append('}');
    }
}
