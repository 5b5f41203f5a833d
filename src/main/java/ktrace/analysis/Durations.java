package ktrace.analysis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ktrace.analysis.SyscallSummary.Bucket;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.IntCountsHistogram;

/**
 * Count, sum, least, greatest and distribution of many lengths of time. Written and read by one thread.
 *
 * <p>The first {@value #FEW} lengths are kept as they are, for most rows of most processes never see more; then an HdrHistogram
 * of two significant digits takes over: 2 KiB for lengths up to 256 ns and half a KiB more for each doubling, 14 KiB up to a
 * minute. What is allocated is allocated when a length is greater than all before: not per record.
 *
 * <p>The outcome depends on which lengths were recorded, not on the order, nor on how they were divided among instances that
 * were added up: interval boundaries leave no trace in the sums.
 */
final class Durations {
    private static final int FEW = 16;
    private static final int DIGITS = 2;
    private static final long[] NO_LENGTHS = {};

    private long count;
    private long totalNs;
    private long minNs = Long.MAX_VALUE;
    private long maxNs;

    private long[] few = NO_LENGTHS;
    /** Takes the place of {@link #few} when there are more than {@link #FEW}. */
    private AbstractHistogram many;
    /** {@link #many} in HdrHistogram's own encoding, while nothing is expected to be recorded. */
    private byte[] packed;

    long count() {
        return count;
    }

    long totalNs() {
        return totalNs;
    }

    long minNs() {
        return count == 0 ? 0 : minNs;
    }

    long maxNs() {
        return maxNs;
    }

    boolean isEmpty() {
        return count == 0 && totalNs == 0;
    }

    void record(long lengthNs) {
        record(lengthNs, lengthNs);
    }

    /** Records a length of which only {@code partNs} is added to the sum, because the rest was added elsewhere. */
    void record(long lengthNs, long partNs) {
        totalNs += partNs;
        minNs = Math.min(minNs, lengthNs);
        maxNs = Math.max(maxNs, lengthNs);
        if (many != null && count < Integer.MAX_VALUE) {
            many.recordValue(lengthNs);
        } else {
            recordRarely(lengthNs);
        }
        count++;
    }

    /** Adds to the sum alone. */
    void addTime(long ns) {
        totalNs += ns;
    }

    private void recordRarely(long lengthNs) {
        if (packed == null && many == null && count < FEW) {
            if (count == few.length) {
                few = Arrays.copyOf(few, few.length == 0 ? 4 : FEW);
            }
            few[(int) count] = lengthNs;
        } else {
            histogram(count + 1).recordValue(lengthNs);
        }
    }

    /** The histogram, with all that was recorded, able to hold {@code counts}: an int in one place could overflow after 2^31. */
    private AbstractHistogram histogram(long counts) {
        unpack();
        if (many == null) {
            many = new IntCountsHistogram(1, Math.max(2, maxNs), DIGITS);
            many.setAutoResize(true);
            for (int i = 0; i < count; i++) {
                many.recordValue(few[i]);
            }
            few = NO_LENGTHS;
        }
        if (counts > Integer.MAX_VALUE && many instanceof IntCountsHistogram) {
            AbstractHistogram wide = new Histogram(1, Math.max(2, maxNs), DIGITS);
            wide.setAutoResize(true);
            wide.add(many);
            many = wide;
        }
        return many;
    }

    void add(Durations other) {
        if (other.count > 0) {
            other.unpack();
            maxNs = Math.max(maxNs, other.maxNs);
            minNs = Math.min(minNs, other.minNs);
            if (other.many != null) {
                histogram(count + other.count).add(other.many);
                count += other.count;
            } else {
                for (int i = 0; i < other.count; i++) {
                    recordRarely(other.few[i]);
                    count++;
                }
            }
        }
        totalNs += other.totalNs;
    }

    /** Starts over. Gives back the histogram when it was not used since the last time. */
    void clear() {
        packed = null;
        if (count == 0) {
            many = null;
            few = NO_LENGTHS;
        } else if (many != null) {
            many.reset();
        }
        count = 0;
        totalNs = 0;
        minNs = Long.MAX_VALUE;
        maxNs = 0;
    }

    /** Takes as little memory as it can until the next record. */
    void pack() {
        if (many != null) {
            ByteBuffer buffer = ByteBuffer.allocate(many.getNeededByteBufferCapacity());
            int length = many.encodeIntoByteBuffer(buffer);
            packed = count > 0 ? Arrays.copyOf(buffer.array(), length) : null;
            many = null;
        }
    }

    private void unpack() {
        if (packed != null) {
            many = count > Integer.MAX_VALUE
                    ? Histogram.decodeFromByteBuffer(ByteBuffer.wrap(packed), 2)
                    : IntCountsHistogram.decodeFromByteBuffer(ByteBuffer.wrap(packed), 2);
            many.setAutoResize(true);
            packed = null;
        }
    }

    /** The length that {@code percent} of all do not exceed, within one percent; 0 when there are none. */
    long percentileNs(double percent) {
        if (count == 0) {
            return 0;
        }
        unpack();
        if (many != null) {
            return Math.clamp(many.getValueAtPercentile(percent), minNs, maxNs);
        }
        long[] sorted = Arrays.copyOf(few, (int) count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * count);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    /** How many lengths lie in each power of two. */
    List<Bucket> buckets() {
        unpack();
        long[] counts = new long[Long.SIZE];
        if (many != null) {
            for (HistogramIterationValue value : many.recordedValues()) {
                counts[exponent(value.getValueIteratedTo())] += value.getCountAddedInThisIterationStep();
            }
        } else {
            for (int i = 0; i < count; i++) {
                counts[exponent(few[i])]++;
            }
        }
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                buckets.add(new Bucket(i == 0 ? 0 : 1L << (i - 1), counts[i]));
            }
        }
        return List.copyOf(buckets);
    }

    /** 0 for 0, else one more than the power of two: 1 for 1, 2 for 2 and 3, 3 for 4 to 7. */
    private static int exponent(long ns) {
        return Long.SIZE - Long.numberOfLeadingZeros(ns);
    }
}
