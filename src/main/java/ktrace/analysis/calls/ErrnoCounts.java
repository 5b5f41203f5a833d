package ktrace.analysis.calls;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** How often each error was returned. Few different ones, so a search along a line beats a table. One thread. */
final class ErrnoCounts {
    private static final int[] NO_ERRNOS = {};
    private static final long[] NO_COUNTS = {};

    private int[] errnos = NO_ERRNOS;
    private long[] counts = NO_COUNTS;
    private int size;
    private long sum;

    /** Allocates for an errno that was not there before, of which there are at most 4095. */
    void add(int errno, long amount) {
        sum += amount;
        for (int i = 0; i < size; i++) {
            if (errnos[i] == errno) {
                counts[i] += amount;
                return;
            }
        }
        if (size == errnos.length) {
            errnos = Arrays.copyOf(errnos, 2 * size + 2);
            counts = Arrays.copyOf(counts, 2 * size + 2);
        }
        errnos[size] = errno;
        counts[size++] = amount;
    }

    void add(ErrnoCounts other) {
        for (int i = 0; i < other.size; i++) {
            if (other.counts[i] > 0) {
                add(other.errnos[i], other.counts[i]);
            }
        }
    }

    long sum() {
        return sum;
    }

    void clear() {
        Arrays.fill(counts, 0);
        sum = 0;
    }

    /** By name, in the order of the names. */
    Map<String, Long> byName(IntFunction<String> names) {
        Map<String, Long> byName = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            if (counts[i] > 0) {
                byName.merge(names.apply(errnos[i]), counts[i], Long::sum);
            }
        }
        return byName;
    }
}
