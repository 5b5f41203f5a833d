package ktrace.decode.memory;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** mmap(2) and mremap(2). */
final class MemoryMaps {
    private static final Constants FLAGS = Constants.group("mmap");
    /** MAP_TYPE: four bits that are a number among the flags (asm-generic/mman-common.h). */
    private static final long TYPE = 0xf;
    private static final long PAGE_BYTES = 4096;
    private static final long HUGETLB = 0x40000;
    private static final int HUGE_SHIFT = 26;
    private static final long HUGE_MASK = 0x3fL << HUGE_SHIFT;
    /** MREMAP_FIXED and MREMAP_DONTUNMAP: those that make the fifth argument count. */
    private static final long NEW_ADDRESS = 2 | 4;

    private MemoryMaps() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "mmap-flags" -> Argument.in((d, value) -> flags(d.out(), value & 0xffff_ffffL));
            case "new-address" -> Argument.in((d, value) -> d.address(value))
                    .onlyIf(call -> (call.argument(Integer.parseInt(parameter)) & NEW_ADDRESS) != 0);
            case "resident-out" -> Argument.out(MemoryMaps::resident);
            // mmap2(2) counts its offset in units of 4096 bytes.
            case "pages" -> Argument.in((d, value) -> d.hex((value & 0xffff_ffffL) << 12));
            default -> null;
        };
    }

    /** A byte for each page, of which the lowest bit counts (mincore(2)). */
    private static void resident(Decoding d, long address) {
        long pages = (d.argument(1) + PAGE_BYTES - 1) / PAGE_BYTES;
        int shown = (int) Math.min(pages, d.options().stringBytes());
        Bytes bytes = d.fetch(address, shown);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('[');
        for (int i = 0; i < shown; i++) {
            d.out().append(i > 0 ? ", " : "").append(bytes.u8(i) & 1);
        }
        d.out().append(shown < pages ? ", ...]" : "]");
    }

    private static void flags(StringBuilder out, long value) {
        FLAGS.one(out, value & TYPE);
        boolean sized = (value & HUGETLB) != 0;
        long rest = value & ~TYPE & (sized ? ~HUGE_MASK : ~0L);
        FLAGS.moreFlags(out, rest);
        long log2 = value >>> HUGE_SHIFT & 0x3f;
        if (sized && log2 != 0) {
            out.append('|').append(log2).append("<<MAP_HUGE_SHIFT");
        }
    }
}
