package ktrace.decode.process;

import java.util.Locale;
import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Decoding;

/** What only calls of i386 take and fill: segments of a thread (arch/x86/include/uapi/asm/ldt.h). */
final class I386Segments {
    private I386Segments() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "user-desc" -> Argument.in(I386Segments::segment);
            case "user-desc-out" -> Argument.late((d, value) -> {
                Bytes entry = d.failed() ? d.fetch(value, Integer.BYTES) : null;
                if (entry == null) {
                    segment(d, value);
                } else {
                    d.out().append("{entry_number=").append(entry.i32(0)).append(", ...}");
                }
            });
            default -> null;
        };
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

    /** set_thread_area(2) tells by the structure it was given which entry it has chosen. */
    static void chosenEntry(Decoding d) {
        d.out().append(d.call().result()).append(" (entry_number=").append(d.intAt(d.argument(0), -1)).append(')');
    }
}
