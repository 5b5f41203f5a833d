package ktrace.decode.memory;

import java.util.Locale;
import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** set_mempolicy(2), get_mempolicy(2) and mbind(2): which nodes memory comes from. */
final class MemoryPolicy {
    private static final Constants MODE = Constants.group("mpol");
    private static final Constants FLAGS = Constants.group("mpol_flags");
    /** MPOL_MODE_FLAGS: the bits beside the mode (include/uapi/linux/mempolicy.h). */
    private static final long MODE_FLAGS = 0xe000;
    private static final int MAX_NODES = 1 << 15;
    private static final int BITS = 64;

    private MemoryPolicy() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "policy" -> Argument.in((d, value) -> policy(d.out(), value & 0xffff_ffffL));
            case "policy-out" -> Argument.out((d, value) -> {
                Bytes bytes = d.fetch(value, Integer.BYTES);
                if (bytes == null) {
                    d.address(value);
                } else {
                    d.out().append('[');
                    policy(d.out(), bytes.u32(0));
                    d.out().append(']');
                }
            });
            case "nodes" -> {
                int count = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> nodes(d, value, d.argument(count)));
            }
            case "nodes-out" -> {
                int count = Integer.parseInt(parameter);
                yield Argument.out((d, value) -> nodes(d, value, d.argument(count)));
            }
            default -> null;
        };
    }

    private static void policy(StringBuilder out, long value) {
        MODE.one(out, value & ~MODE_FLAGS);
        FLAGS.moreFlags(out, value & MODE_FLAGS);
    }

    /** Words of a bit set; the kernel looks at one bit less than it is told (get_mempolicy(2), "Bugs"). */
    private static void nodes(Decoding d, long address, long count) {
        int words = count <= 1 || count > MAX_NODES ? 0 : (int) (count - 1 + BITS - 1) / BITS;
        Bytes bytes = words == 0 || d.call().wordBytes() != 8 ? null : d.fetch(address, words * Long.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        for (int i = 0; i < words; i++) {
            long word = bytes.i64(i * Long.BYTES);
            d.out().append(i > 0 ? ", " : "[").append(String.format(Locale.ROOT, word == 0 ? "%016x" : "0x%014x", word));
        }
        d.out().append(']');
    }
}
