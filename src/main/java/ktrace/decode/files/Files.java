package ktrace.decode.files;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Filled;
import ktrace.linux.Abi;

/** Paths, and how files are opened. */
final class Files {
    private static final Constants ACCESS = Constants.group("open_access");
    private static final Constants FLAGS = Constants.group("open");
    private static final Constants FLAGS_AARCH64 = Constants.group("open@aarch64");
    private static final Constants ACCESS_MODES = Constants.group("access");
    private static final Constants RESOLVE = Constants.group("open_resolve");
    private static final Constants MOUNT = Constants.group("mount");
    /** MS_MGC_VAL of include/uapi/linux/mount.h, which old callers still put into the upper half. */
    private static final long MOUNT_MAGIC = 0xc0ed_0000L;
    private static final int ACCMODE = 3;
    private static final long CREATES = FLAGS.valueOf("O_CREAT") | FLAGS.valueOf("__O_TMPFILE");

    private Files() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "open-flags" -> Argument.in((d, value) -> openFlags(d, value & 0xffff_ffffL));
            case "open-mode" -> {
                int flags = Integer.parseInt(parameter);
                yield mode().onlyIf(call -> (call.argument(flags) & CREATES) != 0);
            }
            case "mode" -> mode();
            case "access" -> Argument.in((d, value) -> ACCESS_MODES.flags(d.out(), value & 0xffff_ffffL));
            case "open-how" -> Argument.in(Files::openHow);
            case "owner" -> Argument.in((d, value) -> d.out().append((int) value == -1 ? -1 : value & 0xffff_ffffL));
            case "mount-flags" -> Argument.in((d, value) -> mountFlags(d.out(), value & 0xffff_ffffL));
            case "cwd-out" -> Argument.out((d, value) -> d.path(value));
            case "mount-data" -> Argument.in((d, value) -> d.string(value));
            case "offset-in" -> Argument.in((d, value) -> {
                if (value == 0) {
                    d.address(0);
                } else {
                    Filled.number(d, value, Long.BYTES, true);
                }
            });
            case "open-like" -> {
                Constants group = Constants.group(parameter);
                Constants aarch64 = Constants.group(parameter + "@aarch64");
                yield Argument.in((d, value) -> (d.call().abi() == Abi.AARCH64 ? aarch64 : group)
                        .flags(d.out(), value & 0xffff_ffffL));
            }
            case "string-quoted" -> Argument.in((d, value) -> d.path(value));
            case "fanotify-flags" -> Argument.in((d, value) -> {
                Constants.group("fanotify_class").one(d.out(), value & 0xc);
                Constants.group("fanotify_init").moreFlags(d.out(), value & 0xffff_fff3L);
            });
            default -> null;
        };
    }

    static void openFlags(Decoding d, long flags) {
        ACCESS.one(d.out(), flags & ACCMODE);
        (d.call().abi() == Abi.AARCH64 ? FLAGS_AARCH64 : FLAGS).moreFlags(d.out(), flags & ~ACCMODE);
    }

    /** struct open_how of openat2(2): flags, mode, resolve. */
    private static void openHow(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 24);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{flags=");
        openFlags(d, bytes.i64(0));
        if ((bytes.i64(0) & CREATES) != 0 || bytes.i64(8) != 0) {
            d.out().append(", mode=");
            d.octal(bytes.i64(8));
        }
        d.out().append(", resolve=");
        RESOLVE.flags(d.out(), bytes.i64(16));
        d.out().append('}');
    }

    private static void mountFlags(StringBuilder out, long flags) {
        if ((flags & 0xffff_0000L) == MOUNT_MAGIC) {
            out.append("MS_MGC_VAL");
            MOUNT.moreFlags(out, flags & 0xffff);
        } else {
            MOUNT.flags(out, flags);
        }
    }

    private static Argument mode() {
        return Argument.in((d, value) -> d.octal(value & 0xffff));
    }
}
