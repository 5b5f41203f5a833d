package ktrace.decode.memory;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Decoding;

/** cachestat(2): which pages of a part of a file are in memory (include/uapi/linux/mman.h). */
final class PageCache {
    private static final String[] COUNTS = {"nr_cache", "nr_dirty", "nr_writeback", "nr_evicted", "nr_recently_evicted"};

    private PageCache() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "cache-range" -> Argument.in(PageCache::range);
            case "cache-status-out" -> Argument.out(PageCache::status);
            default -> null;
        };
    }

    private static void range(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 2 * Long.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{off=");
        d.hex(bytes.i64(0));
        d.out().append(", len=").append(Long.toUnsignedString(bytes.i64(8))).append('}');
    }

    private static void status(Decoding d, long address) {
        Bytes bytes = d.fetch(address, COUNTS.length * Long.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        for (int i = 0; i < COUNTS.length; i++) {
            d.out().append(i == 0 ? "{" : ", ").append(COUNTS[i]).append('=').append(Long.toUnsignedString(bytes.i64(i * Long.BYTES)));
        }
        d.out().append('}');
    }
}
