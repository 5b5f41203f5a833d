package ktrace.decode.process;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** listns(2) (include/uapi/linux/nsfs.h). */
final class Namespaces {
    private static final Constants TYPES = Constants.group("namespace");
    private static final int REQUEST_BYTES = 32;
    /** LISTNS_CURRENT_USER: the caller's user namespace, in place of a number. */
    private static final long CURRENT_USER = -1;

    private Namespaces() {
    }

    static Argument kind(String name, String parameter) {
        return name.equals("namespace-request") ? Argument.in(Namespaces::request) : null;
    }

    private static void request(Decoding d, long address) {
        Bytes bytes = d.fetch(address, REQUEST_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{size=").append(bytes.u32(0)).append(", ns_id=");
        d.hex(bytes.i64(8));
        out.append(", ns_type=");
        TYPES.flags(out, bytes.u32(16));
        out.append(", user_ns_id=");
        if (bytes.i64(24) == CURRENT_USER) {
            out.append("LISTNS_CURRENT_USER}");
        } else {
            d.hex(bytes.i64(24));
            out.append('}');
        }
    }
}
