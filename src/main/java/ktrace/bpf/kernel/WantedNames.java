package ktrace.bpf.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Names that are looked for among very many. Few of those begin as one of them does, and so a name is read to its end only when its
 * first bytes are right.
 */
final class WantedNames {
    /** A prime near 2³² divided by the golden ratio: it spreads what is alike. */
    private static final int SPREAD = 0x9e3779b1;
    private static final int PLACES_BITS = 10;
    private static final int SHORT = Integer.BYTES;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final int TWO_LETTERS = LITTLE_ENDIAN ? 0xffff : 0xffff_0000;
    private static final int THIRD_LETTER = LITTLE_ENDIAN ? 0xff_0000 : 0xff00;
    private static final int LONG = Long.BYTES;

    private final Set<String> names;
    /** By the first four bytes, mixed: whether one begins with these. */
    private final boolean[] starts = new boolean[1 << PLACES_BITS];
    private final long[] beginnings;

    /** @param names each of at least two letters, as a shorter one could not be told from what stands behind it */
    WantedNames(Set<String> names) {
        this.names = names;
        beginnings = new long[names.size()];
        int i = 0;
        for (String name : names) {
            ByteBuffer first = ByteBuffer.allocate(LONG + 1).order(ByteOrder.nativeOrder());
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            if (bytes.length < SHORT - 2) {
                throw new IllegalArgumentException(name);
            }
            first.put(bytes, 0, Math.min(LONG, bytes.length));
            starts[place(first.getInt(0))] = true;
            beginnings[i++] = beginning(first, 0);
        }
        Arrays.sort(beginnings);
    }

    private static int place(int first) {
        // Behind the zero that ends a name of two letters stands the next name.
        int own = (first & THIRD_LETTER) == 0 ? first & TWO_LETTERS : first;
        return own * SPREAD >>> Integer.SIZE - PLACES_BITS;
    }

    /** Whether the name that begins at {@code at}, and has a zero behind its end, may be one of these. */
    boolean isLikely(ByteBuffer all, int at) {
        if (at > all.limit() - SHORT) {
            return true;
        }
        return starts[place(all.getInt(at))] && Arrays.binarySearch(beginnings, beginning(all, at)) >= 0;
    }

    /** The first bytes of a name, nothing behind its end. */
    private static long beginning(ByteBuffer names, int at) {
        long first = 0;
        for (int i = 0; i < LONG && names.get(at + i) != 0; i++) {
            first |= (names.get(at + i) & 0xffL) << (8 * i);
        }
        return first;
    }

    boolean contains(String name) {
        return names.contains(name);
    }
}
