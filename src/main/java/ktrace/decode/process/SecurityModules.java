package ktrace.decode.process;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Filled;
import ktrace.decode.Quoted;

/** lsm_get_self_attr(2) and its like (include/uapi/linux/lsm.h). */
final class SecurityModules {
    private static final Constants MODULES = Constants.group("lsm");
    private static final int HEAD_BYTES = 32;

    private SecurityModules() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "lsm-context" -> {
                int size = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> {
                    if (context(d, value, d.argument(size) & 0xffff_ffffL, "") < 0) {
                        d.address(value);
                    }
                });
            }
            case "lsm-contexts-out" -> {
                int size = Integer.parseInt(parameter);
                yield Argument.out((d, value) -> contexts(d, value, d.intAt(d.argument(size), 0) & 0xffff_ffffL))
                        .noting((d, value) -> d.call().noted = d.intAt(d.argument(size), 0));
            }
            case "lsm-modules-out" -> {
                int size = Integer.parseInt(parameter);
                yield Argument.out((d, value) -> Filled.wideNumbers(d, value, MODULES))
                        .noting((d, value) -> d.call().noted = d.intAt(d.argument(size), 0));
            }
            default -> null;
        };
    }

    private static void contexts(Decoding d, long address, long sizeBytes) {
        int shown = (int) Math.min(d.call().result(), d.options().stringBytes());
        int start = d.out().append('[').length();
        long at = 0;
        for (int i = 0; i < shown; i++) {
            long length = context(d, address + at, sizeBytes - at, i > 0 ? ", " : "");
            if (length < HEAD_BYTES) {
                break;
            }
            at += length;
        }
        if (shown > 0 && d.out().length() == start) {
            d.out().setLength(start - 1);
            d.address(address);
        } else {
            d.out().append(shown < d.call().result() ? ", ...]" : "]");
        }
    }

    /** struct lsm_ctx: id, flags, length of all, length of the context, the context. Returns the length of all, -1 for none. */
    private static long context(Decoding d, long address, long room, String before) {
        Bytes head = room < HEAD_BYTES ? null : d.fetch(address, HEAD_BYTES);
        if (head == null) {
            return -1;
        }
        StringBuilder out = d.out().append(before).append("{id=");
        MODULES.one(out, head.i64(0));
        out.append(", flags=");
        d.hex(head.i64(8));
        out.append(", len=").append(Long.toUnsignedString(head.i64(16))).append(", ctx_len=")
                .append(Long.toUnsignedString(head.i64(24)));
        long length = Long.compareUnsigned(head.i64(24), room - HEAD_BYTES) > 0 ? room - HEAD_BYTES : head.i64(24);
        int shown = (int) Math.min(length, d.options().stringBytes());
        Bytes text = shown == 0 ? null : d.fetch(address + HEAD_BYTES, shown);
        if (text != null) {
            out.append(", ctx=\"");
            for (int i = 0; i < shown; i++) {
                Quoted.hex(out, text.u8(i));
            }
            out.append(shown < length ? "\"..." : "\"");
        }
        out.append('}');
        return head.i64(16);
    }
}
