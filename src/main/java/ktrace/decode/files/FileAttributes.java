package ktrace.decode.files;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** The structures of setxattrat(2), getxattrat(2), file_getattr(2) and file_setattr(2); they are alike for all ABIs. */
final class FileAttributes {
    private static final Constants XATTR = Constants.group("xattr");
    private static final Constants FILE_FLAGS = Constants.group("file_attr");
    /** XATTR_ARGS_SIZE_VER0 of include/uapi/linux/xattr.h. */
    private static final int XATTR_ARGS_BYTES = 16;
    /** FILE_ATTR_SIZE_VER0 of include/uapi/linux/fs.h. */
    private static final int FILE_ATTR_BYTES = 24;

    private FileAttributes() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "xattr-args" -> Argument.in((d, value) -> extended(d, value, false));
            case "xattr-args-out" -> Argument.late((d, value) -> extended(d, value, true));
            case "file-attr" -> Argument.in((d, value) -> attributes(d, value, false));
            case "file-attr-out" -> Argument.out((d, value) -> attributes(d, value, true));
            default -> null;
        };
    }

    /** struct xattr_args: where the value is, how long it is, and flags. */
    private static void extended(Decoding d, long address, boolean isFilled) {
        Bytes bytes = Long.compareUnsigned(d.argument(5), XATTR_ARGS_BYTES) < 0 ? null : d.fetch(address, XATTR_ARGS_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{value=");
        long size = bytes.u32(8);
        // Without room nothing is filled: the call only tells how much there would be.
        if (isFilled && (d.failed() || size == 0)) {
            d.address(bytes.i64(0));
        } else {
            d.bytes(bytes.i64(0), isFilled ? d.call().result() : size, d.options().stringBytes());
        }
        d.out().append(", size=").append(size).append(", flags=");
        XATTR.flags(d.out(), bytes.u32(12));
        d.out().append('}');
    }

    /** struct file_attr, whose number of extents is told and never taken. */
    private static void attributes(Decoding d, long address, boolean isFilled) {
        Bytes bytes = Long.compareUnsigned(d.argument(3), FILE_ATTR_BYTES) < 0 ? null : d.fetch(address, FILE_ATTR_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{fa_xflags=");
        FILE_FLAGS.flags(out, bytes.i64(0));
        out.append(", fa_extsize=").append(bytes.u32(8));
        if (isFilled) {
            out.append(", fa_nextents=").append(bytes.u32(12));
        }
        out.append(", fa_projid=");
        d.hex(bytes.u32(16));
        out.append(", fa_cowextsize=").append(bytes.u32(20)).append('}');
    }
}
