package ktrace.decode.files;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.linux.Abi;

/** What stat(2), statx(2) and statfs(2) fill. */
final class FileStatus {
    private static final Constants STATX_MASK = Constants.group("statx_mask");
    private static final Constants STATX_ATTRIBUTES = Constants.group("statx_attributes");
    private static final Constants STATX_SYNC = Constants.group("statx_sync");
    private static final Constants AT = Constants.group("at");
    private static final Constants FILE_SYSTEM = Constants.group("file_system");
    private static final Constants STATFS_FLAGS = Constants.group("statfs_flags");
    /** AT_STATX_SYNC_TYPE: two bits that are a number among the flags. */
    private static final long SYNC_TYPE = 0x6000;
    private static final int STATX_BYTES = 256;

    private FileStatus() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "stat" -> Argument.out(FileStatus::stat);
            case "statx" -> Argument.out(FileStatus::statx);
            case "statx-flags" -> Argument.in((d, value) -> {
                STATX_SYNC.one(d.out(), value & SYNC_TYPE);
                AT.moreFlags(d.out(), value & 0xffff_ffffL & ~SYNC_TYPE);
            });
            case "statfs" -> Argument.out(FileStatus::statfs);
            case "file-mode" -> Argument.in((d, value) -> fileMode(d, (int) value & 0xffff));
            case "device-number" -> Argument.in((d, value) -> device(d.out(), value & 0xffff_ffffL));
            case "device" -> Argument.in((d, value) -> device(d.out(), value)).onlyIf(call -> isDevice((int) call.argument(
                    Integer.parseInt(parameter))));
            default -> null;
        };
    }

    /** {@code S_IFREG|0644}. */
    static void fileMode(Decoding d, int mode) {
        String type = switch (mode & 0170000) {
            case 0140000 -> "S_IFSOCK|";
            case 0120000 -> "S_IFLNK|";
            case 0100000 -> "S_IFREG|";
            case 0060000 -> "S_IFBLK|";
            case 0040000 -> "S_IFDIR|";
            case 0020000 -> "S_IFCHR|";
            case 0010000 -> "S_IFIFO|";
            default -> "";
        };
        StringBuilder out = d.out().append(type);
        if (!type.isEmpty()) {
            out.append((mode & 04000) != 0 ? "S_ISUID|" : "");
            out.append((mode & 02000) != 0 ? "S_ISGID|" : "");
            out.append((mode & 01000) != 0 ? "S_ISVTX|" : "");
        }
        d.octal(type.isEmpty() ? mode : mode & 0777);
    }

    private static boolean isDevice(int mode) {
        int type = mode & 0170000;
        return type == 0060000 || type == 0020000;
    }

    /** The kernel's coding for callers (include/linux/kdev_t.h, {@code new_encode_dev}). */
    private static void device(StringBuilder out, long device) {
        long major = device >>> 8 & 0xfff | device >>> 32 & 0xffff_f000L;
        long minor = device & 0xff | device >>> 12 & 0xffff_ff00L;
        out.append("makedev(").append(major == 0 ? "0" : "0x" + Long.toHexString(major)).append(", ")
                .append(minor == 0 ? "0" : "0x" + Long.toHexString(minor)).append(')');
    }

    /** arch/x86/include/uapi/asm/stat.h and asm-generic/stat.h; of i386, {@code struct stat64}. */
    private static void stat(Decoding d, long address) {
        Abi abi = d.call().abi();
        Bytes bytes = d.fetch(address, abi == Abi.I386 ? 96 : abi == Abi.AARCH64 ? 128 : 144);
        if (bytes == null) {
            d.address(address);
            return;
        }
        switch (abi) {
            case X86_64 -> status(d, "st", bytes.i32(24), bytes.i64(40), bytes.i64(48));
            case AARCH64 -> status(d, "st", bytes.i32(16), bytes.i64(32), bytes.i64(48));
            case I386 -> status(d, "st", bytes.i32(16), bytes.i64(32), bytes.i64(44));
        }
    }

    static void status(Decoding d, String prefix, int mode, long device, long size) {
        StringBuilder out = d.out().append('{').append(prefix).append("_mode=");
        fileMode(d, mode & 0xffff);
        if (isDevice(mode)) {
            out.append(", ").append(prefix).append("_rdev=");
            device(out, device);
        } else {
            out.append(", ").append(prefix).append("_size=").append(size);
        }
        out.append(", ...}");
    }

    /** include/uapi/linux/stat.h. */
    private static void statx(Decoding d, long address) {
        Bytes bytes = d.fetch(address, STATX_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{stx_mask=");
        STATX_MASK.flags(out, bytes.u32(0));
        out.append(", stx_attributes=");
        STATX_ATTRIBUTES.flags(out, bytes.i64(8));
        out.append(", stx_mode=");
        fileMode(d, bytes.u16(28));
        out.append(", stx_size=").append(Long.toUnsignedString(bytes.i64(40))).append(", ...}");
    }

    /** include/uapi/asm-generic/statfs.h with words of 8 bytes. */
    private static void statfs(Decoding d, long address) {
        Bytes bytes = d.call().wordBytes() == 8 ? d.fetch(address, 120) : null;
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{f_type=");
        FILE_SYSTEM.one(out, bytes.i64(0));
        String[] counts = {"f_bsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree"};
        for (int i = 0; i < counts.length; i++) {
            out.append(", ").append(counts[i]).append('=').append(Long.toUnsignedString(bytes.i64(8 + 8 * i)));
        }
        out.append(", f_fsid={val=[");
        d.hex(bytes.u32(56));
        out.append(", ");
        d.hex(bytes.u32(60));
        out.append("]}, f_namelen=").append(bytes.i64(64)).append(", f_frsize=").append(bytes.i64(72)).append(", f_flags=");
        STATFS_FLAGS.flags(out, bytes.i64(80));
        out.append('}');
    }
}
