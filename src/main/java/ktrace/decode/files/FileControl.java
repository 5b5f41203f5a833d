package ktrace.decode.files;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Call;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.signals.SignalText;

/** fcntl(2): what the third argument is, and what the result means, depends on the command. */
final class FileControl {
    private static final Constants COMMANDS = Constants.group("fcntl");
    private static final Constants FD_FLAGS = Constants.group("fd_flags");
    private static final Constants SEALS = Constants.group("seals");
    private static final Constants LOCK = Constants.group("lock");
    private static final Constants WHENCE = Constants.group("seek");
    private static final Constants HINT = Constants.group("write_hint");

    private FileControl() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "fcntl-in" -> Argument.in(FileControl::given).onlyIf(call -> !isFilled(call) && hasArgument(call));
            case "fcntl-out" -> Argument.late(FileControl::filled).from(2).onlyIf(FileControl::isFilled);
            default -> null;
        };
    }

    private static String command(Call call) {
        String name = COMMANDS.find((int) call.argument(1));
        return name == null ? "" : name;
    }

    private static boolean isFilled(Call call) {
        return switch (command(call)) {
            case "F_GETLK", "F_GETLK64", "F_OFD_GETLK", "F_GET_RW_HINT", "F_GET_FILE_RW_HINT", "F_GETOWN_EX",
                    "F_GETOWNER_UIDS" -> true;
            default -> false;
        };
    }

    private static boolean hasArgument(Call call) {
        return switch (command(call)) {
            case "F_GETFD", "F_GETFL", "F_GETOWN", "F_GETSIG", "F_GETLEASE", "F_GETPIPE_SZ", "F_GET_SEALS" -> false;
            default -> true;
        };
    }

    private static void given(Decoding d, long value) {
        StringBuilder out = d.out();
        switch (command(d.call())) {
            case "F_SETFD" -> FD_FLAGS.flags(out, value);
            case "F_SETFL" -> Files.openFlags(d, value & 0xffff_ffffL);
            case "F_ADD_SEALS" -> SEALS.flags(out, value & 0xffff_ffffL);
            case "F_SETLEASE" -> LOCK.one(out, value & 0xffff_ffffL);
            case "F_NOTIFY" -> Constants.group("dnotify").flags(out, value & 0xffff_ffffL);
            case "F_SETSIG" -> out.append(SignalText.name((int) value));
            case "F_SETLK", "F_SETLKW", "F_SETLK64", "F_SETLKW64", "F_OFD_SETLK", "F_OFD_SETLKW" -> lock(d, value, false);
            case "F_SETOWN_EX" -> owner(d, value);
            case "F_SET_RW_HINT", "F_SET_FILE_RW_HINT" -> hint(d, value);
            case "F_DUPFD", "F_DUPFD_CLOEXEC", "F_SETOWN", "F_SETPIPE_SZ" -> out.append((int) value);
            default -> d.hex(value);
        }
    }

    private static void filled(Decoding d, long value) {
        if (d.failed()) {
            d.address(value);
            return;
        }
        switch (command(d.call())) {
            case "F_GET_RW_HINT", "F_GET_FILE_RW_HINT" -> hint(d, value);
            case "F_GETOWN_EX" -> owner(d, value);
            case "F_GETOWNER_UIDS" -> d.address(value);
            default -> lock(d, value, true);
        }
    }

    /**
     * struct flock: type, whence, start, len, pid (asm-generic/fcntl.h). i386 has two, with offsets of 4 bytes and of 8, and aligns
     * both to 4 (struct compat_flock and compat_flock64 of include/linux/compat.h).
     */
    private static void lock(Decoding d, long address, boolean withPid) {
        boolean aligned = d.call().wordBytes() == 8;
        boolean wide = aligned || command(d.call()).contains("64") || command(d.call()).contains("OFD");
        int start = aligned ? 8 : 4;
        int offset = wide ? 8 : 4;
        Bytes bytes = d.fetch(address, start + 2 * offset + Integer.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{l_type=");
        LOCK.one(out, bytes.u16(0));
        out.append(", l_whence=");
        WHENCE.one(out, bytes.u16(2));
        out.append(", l_start=").append(wide ? bytes.i64(start) : bytes.i32(start));
        out.append(", l_len=").append(wide ? bytes.i64(start + offset) : bytes.i32(start + offset));
        if (withPid) {
            out.append(", l_pid=").append(bytes.i32(start + 2 * offset));
        }
        out.append('}');
    }

    private static void owner(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 8);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{type=");
        Constants.group("owner").one(d.out(), bytes.u32(0));
        d.out().append(", pid=").append(bytes.i32(4)).append('}');
    }

    private static void hint(Decoding d, long address) {
        Bytes bytes = d.fetch(address, Long.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('[');
        HINT.one(d.out(), bytes.i64(0));
        d.out().append(']');
    }

    static void result(Decoding d) {
        long result = d.call().result();
        StringBuilder out = d.out();
        switch (command(d.call())) {
            case "F_DUPFD", "F_DUPFD_CLOEXEC" -> d.fd((int) result);
            case "F_GETFD" -> withFlags(d, result, FD_FLAGS);
            case "F_GET_SEALS" -> {
                if (result == 0) {
                    out.append('0');
                } else {
                    d.hex(result);
                    SEALS.flags(out.append(" (seals "), result);
                    out.append(')');
                }
            }
            case "F_GETFL" -> {
                d.hex(result);
                out.append(" (flags ");
                Files.openFlags(d, result);
                out.append(')');
            }
            case "F_GETLEASE" -> {
                d.hex(result);
                LOCK.one(out.append(" ("), result);
                out.append(')');
            }
            case "F_GETSIG" -> {
                out.append(result);
                if (result != 0) {
                    out.append(" (").append(SignalText.name((int) result)).append(')');
                }
            }
            default -> out.append(result);
        }
    }

    private static void withFlags(Decoding d, long result, Constants names) {
        d.hex(result);
        if (result != 0) {
            names.flags(d.out().append(" (flags "), result);
            d.out().append(')');
        }
    }
}
