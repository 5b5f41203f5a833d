package ktrace.analysis.lengths;

import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * The lengths of time of the current window, as the events bring them. Written and read by one thread.
 *
 * <p>The first {@value #FEW} are kept as they are, for most rows of most processes see no more in a window; then an HdrHistogram of
 * two significant digits takes over: 1 KiB for lengths up to 256 ns and a quarter KiB more for each doubling, 8 KiB up to a minute.
 * What is allocated is allocated when a length is greater than all before: not per record.
 */
public final class Durations {
    private static final int FEW = 64;
    private static final long[] NO_LENGTHS = {};

    private long count;
    private long totalNs;
    private long minNs = Long.MAX_VALUE;
    private long maxNs;

    private long[] few = NO_LENGTHS;
    private int fewCount;
    /** Made when {@link #few} is full. */
    private AbstractHistogram many;
    /** What neither of both holds: sums of others, and what was put away because nothing more was expected. */
    private Lengths put;

    public long count() {
        return count;
    }

    public long totalNs() {
        return totalNs;
    }

    public boolean isEmpty() {
        return count == 0 && totalNs == 0;
    }

    public void record(long lengthNs) {
        record(lengthNs, lengthNs);
    }

    /** Records a length of which only {@code partNs} is added to the sum, because the rest was added elsewhere. */
    public void record(long lengthNs, long partNs) {
        count++;
        totalNs += partNs;
        minNs = Math.min(minNs, lengthNs);
        maxNs = Math.max(maxNs, lengthNs);
        if (many != null && (count & Integer.MAX_VALUE) != 0) {
            many.recordValue(lengthNs);
        } else {
            recordRarely(lengthNs);
        }
    }

    /** Adds to the sum alone. */
    public void addTime(long ns) {
        totalNs += ns;
    }

    private void recordRarely(long lengthNs) {
        if (many == null && fewCount < FEW) {
            if (fewCount == few.length) {
                few = Arrays.copyOf(few, few.length == 0 ? 4 : 4 * few.length);
            }
            few[fewCount++] = lengthNs;
            return;
        }
        if (many == null) {
            many = new IntCountsHistogram(1, Math.max(2, maxNs), Lengths.DIGITS);
            many.setAutoResize(true);
            for (int i = 0; i < fewCount; i++) {
                many.recordValue(few[i]);
            }
            fewCount = 0;
        } else {
            // Every 2^31 records, before a count of it can overflow.
            put().add(many);
            many.reset();
        }
        many.recordValue(lengthNs);
    }

    private Lengths put() {
        return put == null ? put = new Lengths() : put;
    }

    public void add(Durations other) {
        count += other.count;
        totalNs += other.totalNs;
        minNs = Math.min(minNs, other.minNs);
        maxNs = Math.max(maxNs, other.maxNs);
        other.addTo(put());
    }

    private void addTo(Lengths sum) {
        sum.add(few, fewCount);
        if (many != null) {
            sum.add(many);
        }
        if (put != null) {
            sum.add(put);
        }
    }

    /** All of it, so far. Allocates. */
    public DurationSums sums() {
        DurationSums sums = new DurationSums();
        sums.add(count, totalNs, minNs, maxNs);
        addTo(sums.lengths());
        return sums;
    }

    /** Starts over. Gives back the histogram when few used it. */
    public void clear() {
        put = null;
        fewCount = 0;
        if (many != null) {
            if (count <= FEW) {
                many = null;
            } else {
                many.reset();
            }
        }
        if (count == 0) {
            few = NO_LENGTHS;
        }
        count = 0;
        totalNs = 0;
        minNs = Long.MAX_VALUE;
        maxNs = 0;
    }

    /** Takes as little memory as it can until the next record. */
    public void pack() {
        if (many != null || fewCount > 0) {
            Lengths all = new Lengths();
            addTo(all);
            put = all;
        }
        many = null;
        few = NO_LENGTHS;
        fewCount = 0;
    }
}
