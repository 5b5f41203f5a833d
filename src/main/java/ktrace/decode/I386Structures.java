package ktrace.decode;

import java.util.Locale;

/** What only calls of i386 take and fill (arch/x86/include/uapi/asm and arch/x86/ia32). */
final class I386Structures {
    private static final Constants STATFS_FLAGS = Constants.group("statfs_flags");
    private static final Constants SA_FLAGS = Constants.group("sa_flags");
    private static final int STAT_BYTES = 64;
    private static final int OLD_SET_BYTES = 4;

    private I386Structures() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "old-stat" -> Argument.out(I386Structures::stat);
            case "old-statfs" -> Argument.out((d, value) -> statfs(d, value, Integer.BYTES));
            case "statfs64" -> Argument.out((d, value) -> statfs(d, value, Long.BYTES));
            case "old-sigset" -> Argument.in(I386Structures::set);
            case "old-sigset-out" -> Argument.out(I386Structures::set);
            case "old-mask" -> Argument.in((d, value) -> SignalText.set(d.out(), value & 0xffff_ffffL));
            case "old-sigaction" -> Argument.in(I386Structures::action);
            case "old-sigaction-out" -> Argument.out(I386Structures::action);
            case "handler" -> Argument.in((d, value) -> SignalCalls.handler(d, value & 0xffff_ffffL));
            case "user-desc" -> Argument.in(I386Structures::segment);
            case "user-desc-out" -> Argument.late((d, value) -> {
                Bytes entry = d.failed() ? d.fetch(value, Integer.BYTES) : null;
                if (entry == null) {
                    segment(d, value);
                } else {
                    d.out().append("{entry_number=").append(entry.i32(0)).append(", ...}");
                }
            });
            case "fanotify-mask" -> Argument.in((d, value) -> Constants.group("fanotify_event").flags(d.out(),
                    d.argument(3) << 32 | d.argument(2) & 0xffff_ffffL));
            case "ushort-out" -> Argument.out((d, value) -> {
                Bytes bytes = d.fetch(value, Short.BYTES);
                if (bytes == null) {
                    d.address(value);
                } else {
                    d.out().append('[').append(bytes.u16(0)).append(']');
                }
            });
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

    private static void set(Decoding d, long address) {
        Bytes bytes = d.fetch(address, OLD_SET_BYTES);
        if (bytes == null) {
            d.address(address);
        } else {
            SignalText.set(d.out(), bytes.u32(0));
        }
    }

    /** struct old_sigaction: handler, mask, flags, restorer. */
    private static void action(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 16);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{sa_handler=");
        SignalCalls.handler(d, bytes.u32(0));
        SignalText.set(d.out().append(", sa_mask="), bytes.u32(4));
        SA_FLAGS.flags(d.out().append(", sa_flags="), bytes.u32(8));
        if ((bytes.u32(8) & SA_FLAGS.valueOf("SA_RESTORER")) != 0) {
            d.out().append(", sa_restorer=");
            d.address(bytes.u32(12));
        }
        d.out().append('}');
    }

    /** struct user_desc of asm/ldt.h: entry, base, limit, and a word of bits. */
    private static void segment(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 16);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int bits = bytes.i32(12);
        StringBuilder out = d.out().append("{entry_number=").append(bytes.i32(0)).append(", base_addr=");
        d.hex(bytes.u32(4));
        out.append(", limit=").append(bytes.u32(8) == 0 ? "00000000" : String.format(Locale.ROOT, "0x%06x", bytes.u32(8)));
        out.append(", seg_32bit=").append(bits & 1).append(", contents=").append(bits >> 1 & 3).append(", read_exec_only=")
                .append(bits >> 3 & 1).append(", limit_in_pages=").append(bits >> 4 & 1).append(", seg_not_present=")
                .append(bits >> 5 & 1).append(", useable=").append(bits >> 6 & 1).append('}');
    }

    /** What signal(2) has replaced. */
    static void handlerBefore(Decoding d) {
        long result = d.call().result();
        if (result == 0 || result == 1) {
            d.out().append(result).append(result == 0 ? " (SIG_DFL)" : " (SIG_IGN)");
        } else {
            d.hex(result);
        }
    }

    /** set_thread_area(2) tells by the structure it was given which entry it has chosen. */
    static void chosenEntry(Decoding d) {
        d.out().append(d.call().result()).append(" (entry_number=").append(d.intAt(d.argument(0), -1)).append(')');
    }
}
